"""paraphrase-diverse: a pool of 200,000, and against its own definition, quadratic, where both can run.

Aims: 20 times faster than the definition; 10,000 of 200,000 in 6 seconds, of a million in ten minutes. The detector has
the usual size but next to no training: speed does not depend on what it learned.
"""

from measure import HERE, SCRATCH, input_file, machine, once, sized, versus

pool, small, held = input_file("jsonl", 200_000), input_file("jsonl", 10_000), SCRATCH / "held.jsonl"
model, samples = SCRATCH / "paraphrase.onnx", HERE.parent.parent / "examples" / "samples"
if not model.exists():
    pairs = f"paraphrase-pairs -n 2000 {samples}/annotated.jsonl"
    once(f"{pairs} | paraphrase-fit --epochs 1 --dev <({pairs} --seed 2) -o {model}")
once(f"head -n 2000 {small} | tail -n 1000 > {held}")

few = sized(1000)
print(machine())
ours = f"paraphrase-diverse --model {model} --held {held}"
versus("paraphrase-diverse -k 1000 of 10,000, 1,000 held (the same records come out)", {
    "by definition": f"python {HERE}/naive_diverse.py {model} {held} {small} {few} > {SCRATCH}/naive.jsonl",
    "paraphrase-diverse": f"{ours} -k {few} {small} > {SCRATCH}/ours.jsonl",
}, "by definition", runs=1)  # fmt: skip
once(f"cmp {SCRATCH}/naive.jsonl {SCRATCH}/ours.jsonl")
versus("paraphrase-diverse -k 10000 of 200,000, 1,000 held, in rounds of 500", {
    "one process": f"{ours} -k 10000 {pool}",
    "--jobs 2": f"{ours} -k 10000 --jobs 2 {pool}",
}, "one process", runs=3)  # fmt: skip
versus("paraphrase-diverse -k 10000 of 1,000,000, 1,000 held", {
    "one process": f"{ours} -k 10000 {input_file('jsonl', 1_000_000)}",
}, "one process", runs=1, warm=False)  # fmt: skip
