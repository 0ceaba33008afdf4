#!/usr/bin/env python3
"""Local catalogues for entity-restore: Hindi values by the slot names of the English requests.

Takes IndicVoices' *.variables.tsv (placeholder, English, Hindi values with a [Latin] gloss after each; CC BY 4.0) from
DATA, those placeholders that are a slot of ours, and hindi-entities.tsv beside this script (slot name, value), written
for this example. Writes JSON Lines of {"name", "value"}, each pair once, the values as all Hindi text of the example:
NFC, lower case, no punctuation, numbers in words.

    catalogues.py DATA > catalogue.jsonl
"""

import json
import re
import sys
from pathlib import Path

from datasel.text.languages import language
from datasel.text.normalisation import Normaliser

SLOTS = {
    "BENEFICIARY_NAME": "person", "FN": "person", "CNTC": "relation", "STATE": "place_name", "DISTRICT": "place_name",
    "BNK": "business_name", "AIRLINES": "business_name", "SHARE_COMPANIES": "business_name",
    "HOSPITAL": "business_name", "FINC": "business_name", "APPS": "app_name", "PYAP": "app_name",
}  # fmt: skip
LONGEST = 4  # words: nobody says more


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    normal = Normaliser(language("hi"), lower=True, strip_punctuation=True, numbers=True)
    written = {}
    for name, value in (*gathered(Path(sys.argv[1])), *listed(Path(__file__).with_name("hindi-entities.tsv"))):
        value = normal(value).strip()
        if re.fullmatch("[\u0900-\u097f ]+", value) and len(value.split()) <= LONGEST:
            written.setdefault((name, value))
    for name, value in sorted(written, key=lambda pair: pair[0]):
        print(json.dumps({"name": name, "value": value}, ensure_ascii=False))


def gathered(folder):
    for path in sorted(folder.glob("*.variables.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            tag, _, values = line.split("\t")
            if name := SLOTS.get(tag.strip("<>")):
                # "पंजाब नेशनल बैंक [Punjab National Bank],पी एन बी [Punjab National Bank]"
                for value in re.split(r"\[[^]]*\],?", values):
                    yield name, value.strip(" ,")


def listed(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        name, value = line.split("\t")
        yield name, value


if __name__ == "__main__":
    main()
