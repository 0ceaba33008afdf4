"""normalize-text against sacremoses and the Indic NLP Library, 100,000 lines, and against sed as the floor.

sacremoses and the library read a line and write it, and leave out what normalize-text does besides: controls and
invisible characters, and going through a line until nothing changes. Aim: 20,000 lines a second, and no
slower than these.
"""

from importlib.util import find_spec

from measure import HERE, input_file, machine, note, versus

count = 100_000
english, hindi = input_file("written", count), input_file("devanagari", count)
bare, ours = f"python {HERE}/bare_normalisers.py", "normalize-text --text --print text"

print(machine())
versus(f"English, {count:,} lines", {
    "sed: lower case, single spaces": f"sed -e 's/.*/\\L&/' -e 's/  */ /g' {english}",
    "sacremoses, punctuation": f"{bare} punctuation {english}",
    "normalize-text": f"{ours} {english}",
    "normalize-text, words alone": f"{ours} --lower --strip-punctuation {english}",
}, "sacremoses, punctuation", runs=3, records=count)  # fmt: skip
versus(f"English into tokens, {count:,} lines", {
    "sacremoses, tokens": f"{bare} tokens {english}",
    "normalize-text --tokenize": f"{ours} --tokenize {english}",
}, "sacremoses, tokens", runs=3, records=count)  # fmt: skip
library = {"Indic NLP Library": f"{bare} indic {hindi}"} if find_spec("indicnlp") else {}
if not library:
    note("without the peer Indic NLP Library (pip install indic-nlp-library): sed is the floor")
versus(f"Hindi, {count:,} lines", {
    **(library or {"sed: single spaces": f"sed -e 's/  */ /g' {hindi}"}),
    "normalize-text --lang hi": f"{ours} --lang hi {hindi}",
    "normalize-text --lang hi --tokenize": f"{ours} --lang hi --tokenize {hindi}",
}, next(iter(library), "sed: single spaces"), runs=3, records=count)  # fmt: skip
