"""nlu-label with an encoder and without, on the sample utterances four times over (2,824).

Aim: 300 utterances a second on one core with all-MiniLM-L6-v2. Needs the packages of `datasel encoder --minilm`.
"""

from measure import HERE, SCRATCH, machine, once, versus

samples = HERE.parent.parent / "examples" / "samples"
encoder, plain, context, texts = (SCRATCH / name for name in ("minilm.onnx", "plain.nlu", "context.nlu", "pool.jsonl"))
once(f"datasel encoder --minilm -o {encoder}")
once(f"nlu-fit {samples}/seed.jsonl -o {plain}")
once(f"nlu-fit {samples}/seed.jsonl --encoder {encoder} --unlabelled {samples}/pool.jsonl -o {context}")
once("cat " + " ".join([f"{samples}/pool.jsonl"] * 4) + f" > {texts}")

print(machine())
versus("nlu-label, 2,824 utterances", {
    "with an encoder": f"nlu-label --model {context} --encoder {encoder} {texts}",
    "plain": f"nlu-label --model {plain} {texts}",
}, "with an encoder", runs=3)  # fmt: skip
