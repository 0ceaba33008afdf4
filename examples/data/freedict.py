"""FreeDict's English-Hindi dictionary, as Debian packages it: freedict.py PACKAGE.deb > pairs.tsv

Source, licence, English, Hindi: a row for each translation of each sense, in the dictionary's order.
"""

import gzip
import io
import re
import subprocess
import sys
import tarfile

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_DEVANAGARI = re.compile("[\u0900-\u097f]")


def main() -> None:
    unpacked = subprocess.run(["dpkg-deb", "--fsys-tarfile", sys.argv[1]], stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
        read = {entry.name.rsplit(".", 1)[-1]: archive.extractfile(entry).read()
                for entry in archive if "/dictd/" in entry.name and entry.isfile()}  # fmt: skip
    entries = gzip.decompress(read["dz"])
    seen = set()
    for line in read["index"].decode().splitlines():
        word, start, length = line.split("\t")
        if word.startswith("00database"):
            continue
        place = number(start)
        entry = entries[place : place + number(length)].decode()
        word = re.split(r" [/<]|\n", entry)[0].strip()  # the index has it without its hyphens
        for sense in senses(entry):
            if word and _DEVANAGARI.search(sense) and (pair := (word, sense)) not in seen:
                seen.add(pair)
                print("freedict_eng_hin", "GPL-2+", *pair, sep="\t")


def senses(entry: str) -> list[str]:
    """'1. a, b~c{note}' is two translations; examples, indented, are none."""
    listed = [line.partition(". ")[2] for line in entry.splitlines() if re.match(r"\d+\. ", line)]
    parts = [part for line in listed for part in re.sub(r"\{[^}]*\}", " ", line).replace("~", " ").split(",")]
    return [" ".join(part.split()).lstrip("-") for part in parts if part.strip()]


def number(digits: str) -> int:
    """dictd's base 64, the largest digit first."""
    value = 0
    for digit in digits:
        value = value * 64 + _DIGITS.index(digit)
    return value


if __name__ == "__main__":
    main()
