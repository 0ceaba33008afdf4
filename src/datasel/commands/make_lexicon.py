"""Write how words are pronounced, as a lexicon for decoding speech.

The words are those of the text, and those of the ARPA files --arpa; they stand between ASCII white space and are taken
as they are. espeak-ng's voice --language says how each is pronounced alone (the command calls its library; Debian and
Ubuntu have it as espeak-ng). Words of ASCII letters are said by the voice --latin-language, if one is given: English
words in a Hindi text. Decoding finds no other words than these.

The lexicon has lines 'WORD<TAB>TOKEN TOKEN ...', sorted by code points, each once; a word of several pronunciations has
several lines. Without --token-map a token is a phone as espeak-ng writes it, in the IPA and without stress.

Tokens:
    --token-map makes them those of an acoustic model: a file of lines 'IPA<TAB>CLASS', class '-' for nothing; ctc-emit
    takes the same file. A phone that is not in the map is cut into the longest symbols that are, from its start; a word
    with a symbol that is not has no pronunciation.

Letters:
    --letters FILE writes a word as it sounds in another script, in place of tokens: a file of lines
    'PHONES<TAB>LETTERS', the longest that fit going first, '#' an edge of the word. Vowels stand in the table as
    independent letters. Behind a consonant they become vowel signs by themselves (scripts of Brahmi's kind, such as
    Devanagari), and the virama between consonants that begin or end a word is added too; inside a word the table says
    which consonants are joined. entity-restore takes the result as --spellings, behind entries that you trust more (of
    two entries the first holds).

Other pronunciations:
    --extra adds lines of a lexicon that exists. A word that is in one has the
    pronunciations of these files alone.

Words without a pronunciation:
    Punctuation, what the map has no class for, and letters of another script that the voice reads with the name of
    that script ("Hindi na"). They are left out, and standard error says how many there are;
    --report has a record for each: word, reason, and file and line where it first stands (line 0 of an ARPA file).

Memory:
    Holds the words and their pronunciations.

Examples:
    $ make-lexicon --language hi --text requests.hi.txt -o hi.lexicon
    $ make-lexicon --language hi --latin-language en-us hindi.jsonl -o hi.lexicon
    # English names for Hindi text
    $ make-lexicon --language en-gb-scotland --letters letters-hi.tsv --text wanted.txt | head -n 3
    # the words of a language model alone
    $ make-lexicon --language en-us --arpa voice.arpa /dev/null -o voice.lexicon
"""

from __future__ import annotations

import click

from datasel.cli import DATA, MODEL, filter_command


@filter_command(text=True, tsv=True, writes="report", field="text")
@click.option("--language", required=True, metavar="VOICE", help="The voice of espeak-ng, such as hi.")
@click.option("--latin-language", metavar="VOICE", help="That of words in ASCII letters.  [default: --language]")
@click.option("--arpa", multiple=True, type=MODEL, help="Also the words of this ARPA file. May be repeated.")
@click.option("--token-map", type=MODEL, help="Classes of phones, tab-separated.")
@click.option("--letters", type=MODEL, help="Letters of phones, tab-separated: words as another script writes them.")
@click.option("--extra", multiple=True, type=DATA, help="A lexicon of words that are known. May be repeated.")
@click.option("--report", type=DATA, help="Write a record for each word without a pronunciation to FILE.")
def command(pipe, language, latin_language, arpa, token_map, letters, extra, field):
    from datasel.errors import DataError, UsageError
    from datasel.speech import inventory, lexicon, wording
    from datasel.speech.letters import read_letters
    from datasel.speech.pronunciation import Classes

    if token_map and letters:
        raise UsageError("--token-map and --letters exclude each other")
    classes = Classes(inventory.read_map(token_map).classes) if token_map else None
    speaker = wording.Speaker(language, latin_language, read_letters(letters) if letters else classes)
    words = wording.Words()
    for path in arpa:
        words.add_arpa(path)
    for records in pipe.records({field: str}):
        words.add(records, field)
    known = lexicon.joined(map(lexicon.read, extra))
    if not words.first and not known:
        raise DataError("no words to pronounce")
    said, reasons = speaker.pronounced([word for word in words.first if word not in known])
    for word, reason in reasons.items():
        file, line = words.first[word]
        pipe.tell({"word": word, "reason": reason, "file": file, "line": line})
    if reasons:
        first = next(iter(reasons))
        pipe.warn(f"{len(reasons):,} of {len(words.first):,} words have no pronunciation, {first!r} the first")
    pipe.say(f"{len(said):,} words pronounced, {len(known):,} known")
    pipe.write_whole(lexicon.written({**said, **known}))
