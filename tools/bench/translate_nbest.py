"""translate-nbest against CTranslate2 alone on the same batches, one thread each.

Aim: 0.97 times as fast. Constant memory: no more for four times the input.
"""

import json
import subprocess
import sys

from measure import HERE, SCRATCH, machine, note, once, versus

SCRATCH.mkdir(parents=True, exist_ok=True)
model, pairs = SCRATCH / "translator", SCRATCH / "pairs.jsonl"
if not (model / "datasel.json").exists():
    with pairs.open("w") as file:
        subprocess.run([sys.executable, HERE / "pairs.py", "20000"], stdout=file, check=True)
    (SCRATCH / "pairs-dev.jsonl").write_text("".join(pairs.read_text().splitlines(True)[:20]))
    once(
        f"translate-fit --dev {SCRATCH}/pairs-dev.jsonl --vocabulary 4000 --dimensions 192 --feed-forward 768"
        f" --layers 3,1 --batch 512 --updates 1200 --every 1200 {pairs} -o {model}/"
    )
texts = [json.loads(line)["source"] for line in pairs.open()]
short, longer = SCRATCH / "sources.jsonl", SCRATCH / "sources-longer.jsonl"
for path, times in ((short, 1), (longer, 4)):
    with path.open("w") as file:
        for number, text in enumerate(texts[:2000] * times):
            print(json.dumps({"id": number, "text": f"w{number % 97} {text}"}), file=file)
bare = f"OMP_NUM_THREADS=1 python {HERE}/bare_ctranslate2.py {model}"
print(machine())
for count in (5, 1):
    versus(f"{len(texts[:2000]):,} texts, beam {count}, {count} best", {
        "CTranslate2 alone": f"{bare} {short} {count}",
        "translate-nbest": f"translate-nbest --model {model}/ -n {count} {short}",
        "translate-nbest --jobs 2": f"translate-nbest --model {model}/ -n {count} --jobs 2 {short}",
    }, "CTranslate2 alone", runs=3)  # fmt: skip
note(f"{4 * len(texts[:2000]):,} texts: {once(f'translate-nbest --model {model}/ -n 5 {longer}').peak:.0f} MB")
