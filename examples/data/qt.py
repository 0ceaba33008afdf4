"""Messages of programs of Qt in Debian packages, and their Hindi translations: qt.py FOLDER > pairs.tsv

Reads every compiled catalogue of Qt (hi.qm, hi_IN.qm) in FOLDER/*.deb. A translation that has forms for numbers is
left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import parallel

_FILE = re.compile(r"/hi(_IN)?\.qm$")
_LICENCES = {"goldendict": "GPL-3.0-or-later", "stellarium-data": "GPL-2.0-or-later"}
_MESSAGES = 0x69  # the section that has them
_END, _TRANSLATION, _SOURCE = 1, 3, 6
_KEY = re.compile(r"&(?=[\w&])(?!\w+;)")


def main() -> None:
    for package in sorted(Path(sys.argv[1]).glob("*.deb")):
        name = package.name.partition("_")[0]
        found = (pair for _, content in parallel.members(package, _FILE) for pair in catalogue(content))
        cleaned = (tuple(parallel.bare(_KEY.sub("", text)) for text in pair) for pair in found)
        parallel.write(f"debian_l10n/{name}", _LICENCES[name], cleaned)


def catalogue(qm: bytes) -> Iterator[tuple[str, str]]:
    """Sections after the magic number and fields of messages: a tag of one byte, a length of four, the content."""
    for tag, section in fields(qm, 16):
        if tag == _MESSAGES:
            source, translations = "", []
            for field, content in fields(section, 0):
                if field == _TRANSLATION:
                    translations.append(content.decode("utf-16-be"))
                elif field == _SOURCE:
                    source = content.decode("utf-8", "replace")
                elif field == _END:
                    if len(translations) == 1:
                        yield source, translations[0]
                    source, translations = "", []


def fields(data: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place < len(data):
        tag, start = data[place], place + 5
        length = int.from_bytes(data[place + 1 : start], "big")
        if tag == _END:
            start, length = place + 1, 0
        elif length == 0xFFFFFFFF:  # no translation
            length = 0
        yield tag, data[start : start + length]
        place = start + length


if __name__ == "__main__":
    main()
