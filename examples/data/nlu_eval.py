"""Annotated utterances of a home assistant, and the texts of the ten folds: NLU-Evaluation-Data and SLURP.

nlu_eval.py NLU-EVAL SLURP OUT: OUT/slurp-nlu-eval/annotated.jsonl has the test utterances of all folds in the order of
intent, answerid and annotation, then those of SLURP's devel and test; of utterances that differ in case and punctuation
alone the first. OUT/pool/nlu-eval.txt has the texts of the folds, sorted.
"""

import csv
import json
import re
import sys
from pathlib import Path

_SLOT = re.compile(r"\[\s*([^:\]]+?)\s*:\s*([^\]]*?)\s*\]")


def main() -> None:
    nlu_eval, slurp, out = map(Path, sys.argv[1:])
    rows = []
    for path in nlu_eval.glob("**/testset/csv/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file, delimiter=";")
    rows.sort(key=lambda row: (f"{row['scenario']}_{row['intent']}", row["answerid"], row["answer_annotation"]))
    found = [
        (row["answer_annotation"], row["scenario"], f"{row['scenario']}_{row['intent']}", "nlu-eval") for row in rows
    ]
    for part in ("devel", "test"):
        for line in (slurp / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            found.append((item["sentence_annotation"], item["scenario"], item["intent"], f"slurp-{part}"))
    seen, lines = set(), []
    for annotation, domain, intent, corpus in found:
        text, slots = parsed(annotation)
        if (key := " ".join(re.sub(r"[^a-z0-9 ]", "", text.lower()).split())) in seen:
            continue
        seen.add(key)
        record = {"id": f"{corpus}-{len(lines)}", "text": text, "domain": domain, "intent": intent, "slots": slots,
                  "corpus": corpus}  # fmt: skip
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    for name, content in (
        ("slurp-nlu-eval/annotated.jsonl", "".join(lines)),
        ("pool/nlu-eval.txt", "".join(f"{t}\n" for t in sorted({parsed(row["answer_annotation"])[0] for row in rows}))),
    ):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(content, encoding="utf-8")


def parsed(annotation: str) -> tuple[str, list[dict]]:
    """'wake me at [time : six]' as text and slots."""
    text, slots, done = "", [], 0
    for found in _SLOT.finditer(annotation):
        text += annotation[done : found.start()]
        slots.append({"name": found[1], "value": found[2], "start": len(text), "end": len(text) + len(found[2])})
        text, done = text + found[2], found.end()
    return text + annotation[done:], slots


if __name__ == "__main__":
    main()
