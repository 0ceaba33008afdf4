"""Rows of general pairs: source, licence, English, Hindi; and what archives hold that they are made from.

`write` keeps the pairs with Latin letters in the English, Devanagari in the Hindi and the same places to fill in on
both sides, each once.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

_LATIN, DEVANAGARI = re.compile("[A-Za-z]{2}"), re.compile("[\u0900-\u097f]")
_PLACE = re.compile(r"%\d*\$?[a-zA-Z]|%\d+|\$\d+|\^\d+|\{[^{}]*\}|&\w+;")
_BLOCK = re.compile(r"</?(?:br|p|li|ul|ol|div|h\d|t[rdh])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_BLANKS = re.compile("[\\s\u200b\u200e\u200f\u2060\ufeff]+")


def write(source: str, licence: str, pairs: Iterable[tuple[str, str]]) -> None:
    kept = [pair for pair in dict.fromkeys(pairs) if fits(*pair)]
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.writelines("\t".join((source, licence, *pair)) + "\n" for pair in kept)
    print(f"{source}: {len(kept)}", file=sys.stderr)


def fits(english: str, hindi: str) -> bool:
    places = ({"".join(place.split()) for place in _PLACE.findall(text)} for text in (english, hindi))
    return bool(_LATIN.search(english) and DEVANAGARI.search(hindi)) and next(places) == next(places)


def cleaned(text: str) -> str:
    """Without tags and marks of keyboard access."""
    return " ".join(re.sub(r"[_&~](?=\w)", "", re.sub(r"<[^<>]*>", " ", text)).split())


def bare(text: str) -> str:
    """Without tags, and with the characters that entities stand for."""
    return _BLANKS.sub(" ", html.unescape(_TAG.sub("", _BLOCK.sub(" ", text)))).strip(" \u200c\u200d")


def members(archive: Path, wanted: re.Pattern[str]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files of a .deb or .tgz."""
    packed = ["dpkg-deb", "--fsys-tarfile", archive] if archive.suffix == ".deb" else ["gzip", "-dc", archive]
    unpacking = subprocess.Popen(packed, stdout=subprocess.PIPE)
    with unpacking, tarfile.open(fileobj=unpacking.stdout, mode="r|") as files:
        for entry in files:
            if entry.isfile() and wanted.search(entry.name):
                yield entry.name, files.extractfile(entry).read()
        unpacking.stdout.read()
    if unpacking.returncode:
        sys.exit(f"{Path(sys.argv[0]).name}: {archive}: cannot be unpacked")
