"""The site: a page for each document and command, with links that stay within it or lead to the repository."""

import re
import sys
from pathlib import Path

import pytest

from datasel.registry import COMMANDS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def sitepages(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import sitepages

    monkeypatch.setattr(sitepages, "OUT", tmp_path)
    yield sitepages
    sys.modules.pop("sitepages", None)


def test_every_page_is_there_and_every_link_leads_to_one(sitepages, tmp_path):
    sitepages.main()
    pages = sorted(tmp_path.rglob("*.md"))
    assert {f"{entry.name}.md" for entry in COMMANDS} <= {page.name for page in pages}
    for page in pages:
        text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
        for target in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", text):
            if not target.startswith(("https://", "#")):
                assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"


def test_a_page_has_every_option(sitepages):
    for entry in COMMANDS:
        made = sitepages.page(entry)
        for param in entry.load().params:
            assert all(name in made for name in param.opts if name.startswith("-")), entry.name
