"""embed-filter against fastText's print-sentence-vectors piped into numpy, 200,000 texts, 100 dimensions.

Aims: 2 times faster. Constant memory: little more of it for four times the input.
"""

from measure import HERE, SCRATCH, input_file, machine, once, versus

text, jsonl, longer = input_file("text", 200_000), input_file("jsonl", 200_000), input_file("jsonl", 800_000)
domain, model, saved = SCRATCH / "domain.txt", SCRATCH / "vectors.bin", SCRATCH / "centroids.npz"
fasttext = HERE.parent.parent / "build" / "fasttext" / "fasttext"
once(f"head -n 5000 {text} > {domain}")
once(f"embed-fit --text --epochs 1 {text} -o {model}")
ours = f"embed-filter --model {model}"
once(f"{ours} --in-domain {domain} --save-centroids {saved} --keep 0% {jsonl}")
once(f"{ours} --embedding mean --in-domain {domain} --save-centroids {saved}.mean --keep 0% {jsonl}")

print(machine())
vectors = f"{fasttext} print-sentence-vectors {model}"
peer = f"python {HERE}/fasttext_numpy.py <({vectors} < {domain}) {text}"
versus("embed-filter --keep 25%, 200,000 texts, the input being its own out-domain", {
    "print-sentence-vectors alone": f"{vectors} < {text}",
    "print-sentence-vectors | numpy": f"{vectors} < {text} | {peer}",
    "embed-filter --text, mean": f"{ours} --embedding mean --in-domain {domain} --keep 25% --text --print text {text}",
    "embed-filter, mean, JSON Lines": f"{ours} --embedding mean --in-domain {domain} --keep 25% {jsonl}",
    "embed-filter, sif, JSON Lines": f"{ours} --in-domain {domain} --keep 25% {jsonl}",
    "the same, 800,000 texts": f"{ours} --in-domain {domain} --keep 25% {longer}",
}, "print-sentence-vectors | numpy", runs=3)  # fmt: skip
versus("with both domains known: streaming", {
    "embed-filter, mean, --threshold": f"{ours} --embedding mean --centroids {saved}.mean --threshold 0 {jsonl}",
    "embed-filter, sif, --threshold": f"{ours} --centroids {saved} --threshold 0 {jsonl}",
    "the same, 800,000 texts": f"{ours} --centroids {saved} --threshold 0 {longer}",
}, "embed-filter, sif, --threshold", runs=3)  # fmt: skip
