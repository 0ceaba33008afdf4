"""Messages of Debian packages and their Hindi translations: debian.py FOLDER > pairs.tsv

Reads every compiled catalogue of gettext (hi, hi_IN) in FOLDER/*.deb, packages by name. Source, licence, English,
Hindi: without mark-up and marks of keyboard access, plural forms apart, each pair once, where the translation has
Devanagari.
"""

import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import parallel

_HINDI = re.compile(r"/hi(_IN)?/.*\.mo$|/hi(_IN)?\.mo$")


def main() -> None:
    packages = sorted(Path(sys.argv[1]).glob("*.deb"))
    seen: set[tuple[str, str]] = set()
    for done, path in enumerate(packages, 1):
        name = path.name.partition("_")[0]
        before = len(seen)
        for english, hindi in pairs(path):
            if english and parallel.DEVANAGARI.search(hindi) and (english, hindi) not in seen:
                seen.add((english, hindi))
                print(f"debian_l10n/{name}", "GPL/LGPL/MPL", english, hindi, sep="\t")
        print(f"debian.py: {done}/{len(packages)} {name}: {len(seen) - before}", file=sys.stderr)


def pairs(package: Path) -> Iterator[tuple[str, str]]:
    """The messages of a package's catalogues, cleaned."""
    for _, content in parallel.members(package, _HINDI):
        for message, translation in catalogue(content):
            yield parallel.cleaned(message), parallel.cleaned(translation)


def catalogue(mo: bytes) -> Iterator[tuple[str, str]]:
    """Messages and translations of a .mo file; a plural form goes with the second translation."""
    order = "<" if mo[:4] == b"\xde\x12\x04\x95" else ">"
    count, originals, translations = struct.unpack_from(f"{order}3I", mo, 8)
    for number in range(count):
        sides = []
        for table in (originals, translations):
            length, start = struct.unpack_from(f"{order}2I", mo, table + 8 * number)
            sides.append(mo[start : start + length].decode(errors="replace").split("\0"))
        sides[0][0] = sides[0][0].rpartition("\x04")[2]  # without the context
        if sides[0][0]:  # not the header
            yield from zip(*sides)


if __name__ == "__main__":
    main()
