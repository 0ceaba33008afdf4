"""Strings of an Android app and their Hindi translations: android.py SOURCE LICENCE FOLDER > pairs.tsv

Reads every values-hi/NAME.xml in FOLDER and the values/NAME.xml beside it: strings, plural forms and items of arrays,
by their names. Without mark-up, escapes and quotes; of cities' names without the letter and time zone around them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import parallel

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_CITY = re.compile(r"^[^=|]*=([^|]*)\|.*$")


def main() -> None:
    source, licence, folder = sys.argv[1:]
    files = sorted(Path(folder).rglob("values-hi/*.xml"))
    parallel.write(source, licence, (pair for path in files for pair in pairs(path)))


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    english = texts(path.parent.with_name("values") / path.name)
    for name, hindi in texts(path).items():
        yield english.get(name, ""), hindi


def texts(path: Path) -> dict[tuple[str | None, ...], str]:
    """By name, product, and the quantity or number of an item."""
    found = {}
    for entry in ElementTree.parse(path).getroot():
        if entry.get("translatable") != "false" and entry.get("name"):
            key = entry.get("name"), entry.get("product")
            for number, item in enumerate(entry if entry.tag in ("plurals", "string-array", "array") else [entry]):
                found[(*key, item.get("quantity", str(number)))] = plain("".join(item.itertext()))
    return found


def plain(text: str) -> str:
    text = _ESCAPE.sub(unescaped, re.sub(r'(?<!\\)"', "", text))
    return _CITY.sub(r"\1", parallel.bare(text))


def unescaped(escape: re.Match[str]) -> str:
    code, character = escape.groups()
    return chr(int(code, 16)) if code else " " if character in "nt\n" else character


if __name__ == "__main__":
    main()
