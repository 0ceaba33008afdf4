"""paraphrase-score: 50,000 pairs through a detector of the usual size; jq, which only parses, as the floor.

The peer is what is done without a detector: cosines of hashed n-grams of characters (scikit-learn), also text by text
in blocks. The detector has next to no training: speed does not depend on what it learned.
"""

from measure import HERE, SCRATCH, input_file, machine, once, versus

count = 50_000
pairs, model, samples = (
    input_file("two", count),
    SCRATCH / "paraphrase.onnx",
    HERE.parent.parent / "examples" / "samples",
)
if not model.exists():
    made = f"paraphrase-pairs -n 2000 {samples}/annotated.jsonl"
    once(f"{made} | paraphrase-fit --epochs 1 --dev <({made} --seed 2) -o {model}")

print(machine())
versus(f"paraphrase-score, {count:,} pairs", {
    "jq: parse and write": f"jq -c . {pairs}",
    "scikit-learn, hashed n-grams": f"python {HERE}/hashed_cosine.py {pairs}",
    "paraphrase-score": f"paraphrase-score --model {model} {pairs}",
    "paraphrase-score --jobs 2": f"paraphrase-score --model {model} --jobs 2 {pairs}",
}, "scikit-learn, hashed n-grams", runs=3, records=count)  # fmt: skip
