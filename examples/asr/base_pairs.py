"""General pairs without most of the software strings, which are half of them: base_pairs.py PAIRS.jsonl

Of strings of software (corpora debian_l10n and android) those stay that have three words or more, no digit, and English
that no pair before them has. All other pairs stay.
"""

from __future__ import annotations

import json
import sys

SOFTWARE = ("debian", "android")
LEAST_WORDS = 3


def main() -> None:
    seen: set[str] = set()
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            if not pair["corpus"].startswith(SOFTWARE) or says_much(pair["source"], seen):
                sys.stdout.write(line)
            seen.add(pair["source"])


def says_much(text: str, seen: set[str]) -> bool:
    return len(text.split()) >= LEAST_WORDS and text not in seen and not any(map(str.isdigit, text))


if __name__ == "__main__":
    main()
