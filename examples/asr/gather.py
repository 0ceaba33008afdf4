"""One result of several systems, from what was heard with each: gather.py SPOKEN BASELINE HEARD ... [NEW,OLD ...]

Each row is compared with the baseline, and each NEW with its OLD, utterance by utterance, by decode-wer. Names are
those of the language models; the result is what decode-wer --json writes of several --lm.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def main() -> None:
    spoken, *arguments = sys.argv[1:]
    heard = {name(path): path for path in arguments if "," not in path}
    baseline = next(iter(heard.values()))
    systems = {
        row: measured(spoken, path, () if path == baseline else ("--baseline", baseline)) for row, path in heard.items()
    }
    pairs = []
    for argument in arguments:
        if "," not in argument:
            continue
        new, old = (f"{row}.arpa" for row in argument.split(","))
        found = measured(spoken, heard[new], ("--baseline", heard[old]))
        pairs.append({"new": new, "baseline": old, **{key: found[key] for key in ("comparison", "matched_pairs")}})
    print(json.dumps({"systems": systems, "pairs": pairs}))


def name(path: str) -> str:
    """NAME.arpa, of work/.../NAME.heard-PART.jsonl."""
    return Path(path).name.split(".heard-")[0] + ".arpa"


def measured(spoken: str, heard: str, options: tuple[str, ...]) -> dict:
    call = ["decode-wer", "-q", "--json", "--by", "scenario", "--reference", spoken, "--reference-field", "text"]
    found = json.loads(subprocess.run([*call, *options, heard], check=True, capture_output=True).stdout)
    return {"comparison": None, "matched_pairs": None, **found}


if __name__ == "__main__":
    main()
