"""LibreOffice's help in English and Hindi: libreoffice.py FOLDER > pairs.tsv

Reads Debian's packages of both in FOLDER. Both make a page of the same source, so paragraphs and headings go together
by their order where a page has the same in both languages, and by their names elsewhere; titles of the table of
contents by their addresses.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import parallel

_FILE = re.compile(r"help/(en-US|hi)/(contents\.js|text/.*\.html)$")
_PART = re.compile(r'<(p|h[1-6])\b(?: id="([^"]*)")?[^>]*>(.*?)</\1>', re.DOTALL)
_TITLE = re.compile(r'<a target="_top" href="(?:en-US|hi)/([^"]*)">(.*?)</a>')


def main() -> None:
    pages: dict[str, dict[str, str]] = {"en-US": {}, "hi": {}}
    for package in sorted(Path(sys.argv[1]).glob("*.deb")):
        for name, content in parallel.members(package, _FILE):
            code, path = _FILE.search(name).groups()
            pages[code][path] = content.decode("utf-8")
    found = [pair for path in sorted(pages["hi"]) for pair in pairs(pages["en-US"].get(path, ""), pages["hi"][path])]
    parallel.write("debian_l10n/libreoffice-help-hi", "MPL-2.0", found)


def pairs(english: str, hindi: str) -> Iterator[tuple[str, str]]:
    if titles := dict(_TITLE.findall(english)) if "<body" not in hindi else None:
        texts = [(titles.get(address, ""), title) for address, title in _TITLE.findall(hindi)]
    else:
        left, right = (_PART.findall(page.partition('id="DisplayArea"')[2].partition("<footer>")[0])
                       for page in (english, hindi))  # fmt: skip
        if [part[:2] for part in left] == [part[:2] for part in right]:
            texts = [(a[2], b[2]) for a, b in zip(left, right)]
        else:
            named = {name: text for _, name, text in left if name}
            texts = [(named.get(name, ""), text) for _, name, text in right]
    yield from ((parallel.bare(a), parallel.bare(b)) for a, b in texts)


if __name__ == "__main__":
    main()
