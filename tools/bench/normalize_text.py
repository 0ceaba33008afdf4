"""normalize-text against sacremoses and the Indic NLP Library, 100,000 lines, and against sed as the floor.

sacremoses and the library read a line and write it, and leave out what normalize-text does besides: controls and
invisible characters, and going through a line until nothing changes. Aim: 20,000 lines a second, and no
slower than these.
"""

from measure import HERE, input_file, machine, versus

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
versus(f"Hindi, {count:,} lines", {
    "Indic NLP Library": f"{bare} indic {hindi}",
    "normalize-text --lang hi": f"{ours} --lang hi {hindi}",
    "normalize-text --lang hi --tokenize": f"{ours} --lang hi --tokenize {hindi}",
}, "Indic NLP Library", runs=3, records=count)  # fmt: skip
