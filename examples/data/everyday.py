"""Requests in English and Hindi, and requests in English alone: everyday.py WORKBOOK SLURP NLU OUT

OUT/everyday-tasks.tsv: partition, intent, annotation, English, Hindi of IndicVoices' prompts that were translated from
requests of SLURP: dev and test where the English is of SLURP's devel and test, train where it is in its text for
language models; `unmatched` for what is elsewhere. (MASSIVE, another translation of SLURP, has the same partition.) The
published results are of half of test, whose SHA-256 half.txt lists (8 digits); the other half is `apart`.
OUT/audio/dev.texts.jsonl, test.texts.jsonl: the requests to be spoken, of dev the first 300.
OUT/english-assistant.jsonl: the annotated utterances of NLU, then SLURP's text, each once; none of dev, test or apart.
English texts are equal if they differ in case and punctuation alone.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

from indicvoices import pairs, sheets

HALF = set(Path(__file__).with_name("half.txt").read_text(encoding="ascii").split())


def main() -> None:
    book, slurp, nlu, out = map(Path, sys.argv[1:])
    texts = lines(slurp / "dataset/lm/lm.txt")
    known = {key(text): ("train", "", "") for text in texts}
    for part, name in (("dev", "devel"), ("test", "test")):
        for item in map(json.loads, lines(slurp / f"dataset/slurp/{name}.jsonl")):
            known[key(item["sentence"])] = (part, item["intent"], item["sentence_annotation"])
    held_out, table = set(), []
    found = (pair for _, rows in sheets(str(book)) for pair in pairs(rows))
    for english, hindi in dict.fromkeys(pair for pair in found if all(pair)):
        part, *said = known.get(key(english), ("unmatched", "", ""))
        if part in ("dev", "test"):
            held_out.add(key(english))
        if part == "test" and hashlib.sha256(key(english).encode()).hexdigest()[:8] not in HALF:
            part = "apart"
        table.append((part, *said, english, hindi))
    header = ("partition", "intent", "annotation", "english", "hindi")
    write(out / "everyday-tasks.tsv", ("\t".join(row) for row in (header, *table)))

    for part, most in (("dev", 300), ("test", None)):
        spoken = [(intent, hindi) for of, intent, _, _, hindi in table if of == part][:most]
        records = (
            {"id": f"{part}-{number:04}", "text": text, "scenario": intent.partition("_")[0], "intent": intent}
            for number, (intent, text) in enumerate(spoken)
        )
        write(out / "audio" / f"{part}.texts.jsonl", map(line, records))

    requests: dict[str, dict] = {}
    for record in map(json.loads, lines(nlu / "slurp-nlu-eval/annotated.jsonl")):
        requests.setdefault(key(record["text"]), record)
    for number, text in enumerate(sorted(set(texts))):
        requests.setdefault(key(text), {"id": f"slurp-lm-{number}", "text": text, "corpus": "slurp-lm"})
    kept = (record for name, record in requests.items() if name and name not in held_out)
    write(out / "english-assistant.jsonl", map(line, kept))


def key(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", "", text.lower()).split())


def line(record: dict) -> str:
    return json.dumps(record, ensure_ascii=False)


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def write(path: Path, made) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{each}\n" for each in made), encoding="utf-8")


if __name__ == "__main__":
    main()
