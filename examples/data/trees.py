"""Texts that stand at the same place of English and Hindi JSON: trees.py cldr|scratch|osm|mediawiki FOLDER > pairs.tsv

Reads the packages in FOLDER, of npm (.tgz) or Debian (.deb). English and Hindi are files en.json and hi.json of a
folder, or files of one name in folders en and hi. Of CLDR's annotations the names alone, not the words to search by,
and no abbreviated forms of anything.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import parallel

_ROWS = {
    "cldr": ("cldr-", "Unicode-3.0"),
    "scratch": ("scratch-l10n", "AGPL-3.0-only"),
    "osm": ("osm-id-tagging-schema", "ISC"),
    "mediawiki": ("debian_l10n/mediawiki", "GPL-2.0-or-later"),
}
_FILE = re.compile(r"/(en|hi)(?=\.json$|/[^/]*\.json$)")
_SHORT = re.compile(r"\b(?:default|short|narrow)\b")
_WIKI = (
    (re.compile(r"\{\{(?:PLURAL|GENDER|GRAMMAR):[^{}]*?([^{}|:]*)\}\}", re.IGNORECASE), r"\1"),  # its last form
    (re.compile(r"\[\[(?:[^][|]*\|)?([^][|]*)\]\]"), r"\1"),
    (re.compile(r"\[(?:\S*//\S+|\$\d+) ([^][]*)\]"), r"\1"),
    (re.compile("'{2,}"), ""),
)


def main() -> None:
    kind, folder = sys.argv[1:]
    made = defaultdict(list)
    for archive in sorted(path for path in Path(folder).iterdir() if path.suffix in (".tgz", ".deb")):
        part = archive.name.split("-")[1] if kind == "cldr" else ""
        made[part] += pairs(archive, kind)
    for part, found in made.items():
        source, licence = _ROWS[kind]
        parallel.write(source + part, licence, found)


def pairs(archive: Path, kind: str) -> Iterator[tuple[str, str]]:
    texts = {"en": {}, "hi": {}}
    for name, content in parallel.members(archive, _FILE):
        code, place = _FILE.search(name)[1], _FILE.sub("", name)
        texts[code].update(leaves(json.loads(content), (place,)))
    for place, hindi in sorted(texts["hi"].items()):
        english = texts["en"].get(place, "")
        if kind == "mediawiki":
            yield wiki(english), wiki(hindi)
        elif kind != "cldr" or not _SHORT.search(" ".join(place)) and english.count(",") == hindi.count(","):
            yield parallel.bare(english), parallel.bare(hindi)


def leaves(tree: object, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(tree, str):
        yield place, tree
    for key, below in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        if key != "@metadata":  # who translated
            yield from leaves(below, (*place, "" if key in ("en", "hi") else str(key)))


def wiki(text: str) -> str:
    """Without wiki mark-up; empty where some is left that stands for a text."""
    for pattern, replacement in _WIKI:
        text = pattern.sub(replacement, text)
    return "" if "{{" in text or "[[" in text or "<pre" in text or "//" in text else parallel.bare(text)


if __name__ == "__main__":
    main()
