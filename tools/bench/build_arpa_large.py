"""build-arpa and lmplz with a GB each: modified Kneser-Ney of order 4 on twenty million sentences, one run each.

Aim: end to end in at most 1.5 GB.
"""

from measure import HERE, SCRATCH, input_file, machine, versus

lmplz = HERE.parent.parent / "build" / "kenlm" / "bin" / "lmplz"
text = input_file("corpus", 20_000_000)

print(machine())
versus("4-gram model of 20,000,000 sentences, 170 million words", {
    "lmplz -S 1G": f"{lmplz} -o 4 -S 1G -T {SCRATCH}/ 2>/dev/null <{text}",
    "build-arpa --memory 1G": f"TMPDIR={SCRATCH} build-arpa -q --text --memory 1G {text}",
}, "lmplz -S 1G", runs=1, warm=False)  # fmt: skip
