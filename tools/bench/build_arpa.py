"""build-arpa against KenLM's lmplz: modified Kneser-Ney of order 4 on a million sentences.

Aims: at most lmplz's memory at 1.2 times its speed.  lmplz takes most of the machine's memory unless told otherwise;
both are shown.
"""

from measure import HERE, SCRATCH, input_file, machine, versus

lmplz = HERE.parent.parent / "build" / "kenlm" / "bin" / "lmplz"
text = input_file("corpus", 1_000_000)

print(machine())
versus("4-gram model of 1,000,000 sentences, 8.5 million words", {
    "lmplz": f"{lmplz} -o 4 -T {SCRATCH}/ 2>/dev/null <{text}",
    "lmplz -S 1G": f"{lmplz} -o 4 -S 1G -T {SCRATCH}/ 2>/dev/null <{text}",
    "build-arpa": f"build-arpa --text {text}",
    "build-arpa --memory 50M": f"build-arpa --text --memory 50M {text}",
    "build-arpa --smoothing katz": f"build-arpa --text --smoothing katz {text}",
    "build-arpa --smoothing witten-bell": f"build-arpa --text --smoothing witten-bell {text}",
}, "lmplz -S 1G", runs=3)  # fmt: skip
