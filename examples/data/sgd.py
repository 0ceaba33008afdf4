"""User turns of Schema-Guided Dialogue: sgd.py SGD > user_turns.tsv

One row a turn of dev, test and train, in the order of files: split, services, active_intents (of the turn's frames, a
comma between them; intents each once, sorted), utterance, slots (JSON: service, slot and value of each span).
"""

import json
import sys
from pathlib import Path


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print("split", "services", "active_intents", "utterance", "slots", sep="\t")
    for split in ("dev", "test", "train"):
        for path in sorted((Path(sys.argv[1]) / split).glob("dialogues_*.json")):
            for dialogue in json.loads(path.read_text(encoding="utf-8")):
                for turn in dialogue["turns"]:
                    if turn["speaker"] == "USER":
                        print(split, *row(turn), sep="\t")


def row(turn: dict) -> tuple[str, str, str, str]:
    text, frames = turn["utterance"], turn["frames"]
    intents = {frame["state"]["active_intent"] for frame in frames}
    spans = [
        [frame["service"], span["slot"], text[span["start"] : span["exclusive_end"]]]
        for frame in frames
        for span in frame["slots"]
    ]
    services = ",".join(frame["service"] for frame in frames)
    return services, ",".join(sorted(intents)), text.replace("\n", " "), json.dumps(spans, ensure_ascii=False)


if __name__ == "__main__":
    main()
