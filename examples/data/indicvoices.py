"""Prompts of IndicVoices' workbooks: indicvoices.py prompts|variables WORKBOOK.xlsx... > NAME.tsv

prompts: English and Hindi of all sheets but Template and Variables, without what stands in brackets in the Hindi
(glosses in Latin letters, hints), each pair once. variables: the sheet Variables as it is: tag, English, Hindi.
"""

import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def main() -> None:
    what, *books = sys.argv[1:]
    sys.stdout.reconfigure(encoding="utf-8")
    made = {"prompts": prompts, "variables": variables}[what]([table for book in books for table in sheets(book)])
    for row in made:
        print(*row, sep="\t")


def prompts(tables: list[tuple[str, list]]) -> Iterable[tuple[str, str]]:
    found = (pair for name, rows in tables if name not in ("Template", "Variables") for pair in pairs(rows))
    return dict.fromkeys(pair for pair in found if all(pair))


def variables(tables: list[tuple[str, list]]) -> Iterable[tuple[str, ...]]:
    yield "Tags", "Variable_name_english", "Variable_name_translated"
    for name, rows in tables:
        if name == "Variables":
            yield from (tuple(map(clean, row[:3])) for row in rows[1:])


def pairs(rows: list[list[str]]) -> Iterator[tuple[str, str]]:
    """The column NAME_english and the one after it."""
    english = next(place for place, name in enumerate(rows[0]) if name.endswith("_english"))
    for row in rows[1:]:
        source, target = (*row, "", "", "")[english : english + 2]
        yield clean(source).strip('" '), clean(re.sub(r"\[[^\]]*\]", " ", target)).strip('" ')


def clean(text: str) -> str:
    return " ".join(text.split())


def sheets(path: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The sheets of a workbook by name, their cells as text."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(text.text or "" for text in item.iter(f"{_NS}t")) for item in root.iter(f"{_NS}si")]
        listed = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_NS}sheet")
        for number, name in enumerate((sheet.get("name") for sheet in listed), 1):
            root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            yield name, [[text_of(cell, shared) for cell in row.iter(f"{_NS}c")] for row in root.iter(f"{_NS}row")]


def text_of(cell: ElementTree.Element, shared: list[str]) -> str:
    value = cell.find(f"{_NS}v")
    if cell.get("t") == "s":
        return shared[int(value.text)]
    inline = "".join(part.text or "" for part in cell.iter(f"{_NS}t"))
    return inline or (value.text if value is not None else "")


if __name__ == "__main__":
    main()
