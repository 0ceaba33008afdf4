"""Make a pronunciation lexicon of the words of a text.

Takes every word of the texts (what stands between white space, as it is) and writes the lexicon that decode-wer and
ctc-fit read: lines 'word <tab> tokens', a line a pronunciation, in code-point order, each once. --arpa adds the
vocabulary of a language model.

Pronunciations are those of eSpeak NG (Debian: espeak-ng) with the voice --language; words in Latin letters alone, such
as English ones in Hindi text, have the voice --latin. Either may be given several times, and a word then has the
pronunciations of all. eSpeak applies rules to what its dictionary lacks, so every word that can be read has one. Stress
is left out.

Tokens are the symbols of the IPA as eSpeak writes them, or with --token-map (lines 'symbol <tab> class', as ctc-emit
has) their classes; class '-' is no sound. A symbol with several letters that the map lacks is taken apart, the longest
first.

--extra is a lexicon whose words have its pronunciations and no others. Words for which there are no tokens (an emoji),
or a symbol without a class, are left out and counted on standard error; --report says of each why.

Memory:
    Holds the words and their pronunciations.

Examples:
    $ make-lexicon --text --language hi hindi.txt > hindi.lexicon
    $ make-lexicon --language en-us --arpa target.arpa -o english.lexicon seed.jsonl
    $ echo hello | make-lexicon --text --latin en-gb --latin en-us
"""

from __future__ import annotations

import click

from datasel.cli import DATA, MODEL, filter_command


@filter_command(text=True, writes="report", field="text")
@click.option("--arpa", multiple=True, type=DATA, help="Also the words of this ARPA file. May be repeated.")
@click.option("--language", multiple=True, default=["hi"], show_default="hi", metavar="VOICE",
              help="A voice of eSpeak NG. May be repeated.")  # fmt: skip
@click.option("--latin", multiple=True, default=["en-us"], show_default="en-us", metavar="VOICE",
              help="A voice for words in Latin letters. May be repeated.")  # fmt: skip
@click.option("--token-map", type=MODEL, help="Classes of IPA symbols, tab-separated.")
@click.option("--extra", multiple=True, type=DATA, help="A lexicon that holds before all. May be repeated.")
@click.option("--report", type=DATA, help="Write a record for each word left out to FILE.")
def command(pipe, arpa, language, latin, token_map, extra, field):
    from datasel.lm.arpa_reader import read
    from datasel.lm.counting import RESERVED
    from datasel.speech import lexicon

    found = {word for records in pipe.records({field: str}) for text in records.column(field) for word in text.split()}
    found.update(word.decode() for path in arpa for word in read(path).words if word not in RESERVED)
    known = [entry for path in extra for entry in lexicon.load(path)]
    classes = lexicon.classes(token_map) if token_map else None
    entries, silent = lexicon.made(found, language, latin, classes, known)
    for word, reason in silent.items():
        pipe.tell({"word": word, "reason": reason})
    if silent:
        word, reason = next(iter(silent.items()))
        pipe.warn(f"left out {len(silent):,} of {len(found):,} words, the first '{word}': {reason}")
    pipe.write_whole(lexicon.to_text(entries))
