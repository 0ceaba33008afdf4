"""Messages of Firefox and their Hindi translations: firefox.py FOLDER > pairs.tsv

Reads Debian's packages of Firefox and of its Hindi in FOLDER: .ftl and .properties in omni.ja and in the language pack.
A message goes with the one of its name in the file of the same place; of forms to choose from only the last resort.
Names of products stand where a message refers to them.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import parallel

_ARCHIVE = re.compile(r"(omni\.ja|\.xpi)$")
_FILE = re.compile(r"(?:localization|locale)/(?:(?:en-US|hi-IN)/)?(.*\.(ftl|properties))$")
_MESSAGE = {
    "ftl": re.compile(r"^(?:(-?[A-Za-z][\w-]*)| +(\.[\w-]+)) *= *(.*(?:\n(?: +[^ .\n].*)?)*)", re.MULTILINE),
    "properties": re.compile(r"^([^#!\s=:]+)()\s*[=:]\s*((?:.*\\\n)*.*)", re.MULTILINE),
}
_CHOICE = re.compile(r"\{[^{}]*->\s[^*]*\*\[[^]]*\]\s*((?:[^{}]|\{[^{}]*\})*?)(?:\n\s*\[(?:[^{}]|\{[^{}]*\})*)?\s*\}")
_TERM = re.compile(r"\{\s*(-[\w-]+)(?:\([^()]*\))?\s*\}")
_LITERAL = re.compile(r'\{\s*"([^"]*)"\s*\}')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


def main() -> None:
    english, hindi = {}, {}
    for package in sorted(Path(sys.argv[1]).glob("*.deb")):
        for _, content in parallel.members(package, _ARCHIVE):
            (hindi if "l10n" in package.name else english).update(messages(content))
    pairs = ((plain(english[place], english), plain(text, hindi)) for place, text in hindi.items() if place in english)
    parallel.write("debian_l10n/firefox-esr-l10n-hi-in", "MPL-2.0", pairs)


def messages(archive: bytes) -> Iterator[tuple[tuple[str, ...], str]]:
    """Texts by file, name and attribute; names of products by themselves, whatever file they are in."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for path in files.namelist():
            if found := _FILE.search(path):
                name = ""
                for message in _MESSAGE[found[2]].finditer(files.read(path).decode("utf-8", "replace")):
                    name = message[1] or name
                    yield (name,) if name.startswith("-") else (found[1], name, message[2] or ""), message[3]


def plain(text: str, texts: dict[tuple[str, ...], str]) -> str:
    """Empty where forms to choose from are left."""
    text = _CHOICE.sub(r"\1", text)
    for _ in range(2):  # a name may refer to another
        text = _TERM.sub(lambda term: texts.get((term[1],), term[0]), text)
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", _LITERAL.sub(r"\1", text))
    return "" if "->" in text else parallel.bare(text)


if __name__ == "__main__":
    main()
