"""Prompts of IndicVoices' workbooks: indicvoices.py WORKBOOK.xlsx > prompts.tsv

English, Hindi of the sheet Sentences, without the glosses in Latin letters and in brackets, each pair once.
"""

import re
import sys
import zipfile
from xml.etree import ElementTree

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def main() -> None:
    seen = set()
    for row in list(sheet(sys.argv[1]))[1:]:
        english, hindi = (" ".join(cell.split()) for cell in (*row, "", "")[:2])
        hindi = " ".join(re.sub(r"\[[^\]\u0900-\u097f]*\]", " ", hindi).split())
        if english and hindi and (english, hindi) not in seen:
            seen.add((english, hindi))
            print(english, hindi, sep="\t")


def sheet(path: str) -> list[list[str]]:
    """The cells of the first sheet of a workbook, as text."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(text.text or "" for text in item.iter(f"{_NS}t")) for item in root.iter(f"{_NS}si")]
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in root.iter(f"{_NS}row"):
        cells = []
        for cell in row.iter(f"{_NS}c"):
            value = cell.find(f"{_NS}v")
            if cell.get("t") == "s":
                cells.append(shared[int(value.text)])
            else:
                inline = "".join(part.text or "" for part in cell.iter(f"{_NS}t"))
                cells.append(inline or (value.text if value is not None else ""))
        rows.append(cells)
    return rows


if __name__ == "__main__":
    main()
