"""build-arpa against KenLM's lmplz: modified Kneser-Ney of order 4 on 1 and 20 million sentences, these with a GB each.

Aims: at most lmplz's memory at 1.2 times its speed; twenty million sentences in at most 1.5 GB.  lmplz takes most of
the machine's memory unless told otherwise; both are shown.
"""

from measure import HERE, SCRATCH, input_file, machine, versus

lmplz = HERE.parent.parent / "build" / "kenlm" / "bin" / "lmplz"
text, long = input_file("corpus", 1_000_000), input_file("corpus", 20_000_000)

print(machine())
versus("4-gram model of 1,000,000 sentences, 8.5 million words", {
    "lmplz": f"{lmplz} -o 4 -T {SCRATCH}/ 2>/dev/null <{text}",
    "lmplz -S 1G": f"{lmplz} -o 4 -S 1G -T {SCRATCH}/ 2>/dev/null <{text}",
    "build-arpa": f"build-arpa --text {text}",
    "build-arpa --memory 50M": f"build-arpa --text --memory 50M {text}",
    "build-arpa --smoothing katz": f"build-arpa --text --smoothing katz {text}",
    "build-arpa --smoothing witten-bell": f"build-arpa --text --smoothing witten-bell {text}",
}, "lmplz -S 1G", runs=3)  # fmt: skip
versus("4-gram model of 20,000,000 sentences, 170 million words", {
    "lmplz -S 1G": f"{lmplz} -o 4 -S 1G -T {SCRATCH}/ 2>/dev/null <{long}",
    "build-arpa --memory 1G": f"TMPDIR={SCRATCH} build-arpa -q --text --memory 1G {long}",
}, "lmplz -S 1G", runs=1, warm=False)  # fmt: skip
