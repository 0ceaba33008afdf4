"""Bring texts into one form: characters, spaces, punctuation.

The text is written anew where it stands (or into --into); a record whose text is in this form already keeps its bytes.
What becomes of a text depends on nothing but the text, --lang and the options, and done twice it changes nothing
more. Always done: Unicode NFC; white space of any kind to single spaces, none at the ends (a line feed in a text
too); control characters, soft hyphens, zero-width spaces and marks of direction go; punctuation as by
sacremoses' normaliser for the language (quotes, dashes, dots, spaces around brackets).

Slots and alignments point into the old text: normalize first, annotate then.

Languages:
    --lang is an ISO 639-1 code (or one such as kok, where there is no shorter one), perhaps with more: hi-IN. It
    decides the rules of punctuation, words of numbers, joiners and tokens, and in tr and az the lower case of I and İ.
    hi-Latn is Hindi in Latin script.

Letters:
    No option parts a combining mark from its letter. --nukta drop takes the dot from below every letter: from those
    of borrowed sounds (za becomes ja), but from Hindi's rra and Bengali's yya as well. ZWJ and ZWNJ next to Indic
    letters: --joiners drop removes them, as without the option in Hindi, where they only choose the form of a
    conjunct; elsewhere they can tell words apart (Marathi, Nepali, Bengali, Sinhala) and are kept. Malayalam's and
    Bengali's letters once written with a joiner get their own code points.

Punctuation:
    --strip-punctuation makes a space of every punctuation mark and symbol, the danda, hyphens and emoji as well, but
    not of an apostrophe inside a word, nor of a sign that bears a combining mark.

Numbers:
    --numbers words knows English (to 999 trillion) and Hindi (to 99 kharab): whole numbers, with commas (100,000 or
    1,00,000) or without, and decimals, in any script's digits. What begins with a zero or is longer is read digit by
    digit. Years are numbers like others. Left alone is what has more to it: signs (-5), per cent, currencies, times,
    dates, ranges, ordinals, fractions, and names with letters and digits; with --strip-punctuation or --tokenize many
    of them are bare numbers, and those become words.

Tokens:
    --tokenize puts a space between words and punctuation, --detokenize takes it away. In a Latin-script language a
    text of Latin letters goes to sacremoses' tokeniser (nothing is escaped). All other text is taken apart by
    a rule for all scripts: words with their marks, joiners, inner hyphens, points and apostrophes; numbers; runs of one
    sign. It leaves a free-standing hyphen, slash or apostrophe as it is when it detokenizes.

Examples:
    $ normalize-text --lang hi --lower --strip-punctuation --numbers words hindi.jsonl > plain.jsonl
    $ echo 'AC  20.7 पर करो।' | normalize-text --lang hi --lower --strip-punctuation --numbers words --text --print text
    ac बीस दशमलव सात पर करो
    $ echo '“Don’t stop,” she said.' | normalize-text --tokenize --text --print text
    " Don 't stop , " she said .
    $ echo 'चलो , चाय ?' | normalize-text --lang hi --detokenize --text --print text
    चलो, चाय?
    # what was changed
    $ normalize-text --lang hi --into normal hindi.jsonl | jq -c 'select(.text != .normal) | [.text, .normal]'
"""

from __future__ import annotations

import click

from datasel.cli import filter_command
from datasel.errors import UsageError


@filter_command(text=True, field="text", into=True, jobs=True)
@click.option("--lang", default="en", show_default=True, metavar="CODE", help="The language of the texts.")
@click.option("--lower", is_flag=True, help="Lower case.")
@click.option("--strip-punctuation", is_flag=True, help="Spaces in place of punctuation and symbols.")
@click.option("--numbers", type=click.Choice(["keep", "words"]), default="keep", show_default=True,
              help="Numbers in digits: as they are, or in words (en, hi).")  # fmt: skip
@click.option("--nukta", type=click.Choice(["keep", "drop"]), default="keep", show_default=True,
              help="The dot below Indic letters.")  # fmt: skip
@click.option("--joiners", type=click.Choice(["keep", "drop"]), show_default="drop in hi, else keep",
              help="ZWJ and ZWNJ next to Indic letters.")  # fmt: skip
@click.option("--tokenize", is_flag=True, help="Words and punctuation apart.")
@click.option("--detokenize", is_flag=True, help="Words and punctuation together.")
def command(pipe, lang, lower, strip_punctuation, numbers, nukta, joiners, tokenize, detokenize, field, into, jobs):
    from datasel.records.jsonl import parse
    from datasel.text.languages import language
    from datasel.text.normalisation import Normaliser

    if tokenize and detokenize:
        raise UsageError("--tokenize and --detokenize exclude each other")
    try:
        normalise = Normaliser(
            language(lang),
            lower=lower,
            strip_punctuation=strip_punctuation,
            numbers=numbers == "words",
            nukta=nukta == "keep",
            joiners=None if joiners is None else joiners == "keep",
            words="split" if tokenize else "join" if detokenize else None,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None

    def rewrite(block):
        records = parse(block, {field: str})
        return records.with_texts(into or field, normalise(records.joined(field)).split("\n")[: len(records)])

    pipe.transform(rewrite, jobs)
