"""Write what the site is built from into build/docs: the documents, and a page for each command (as its man page says).

Links between documents are made to fit; links to other files of the repository lead to the repository.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from options import context, options

from datasel import manual
from datasel.registry import COMMANDS, Entry

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "docs"
SOURCE = re.search(r'^Source = "(.*)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)[1]
PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
PAGES |= {f"docs/{path.name}": path.name for path in (ROOT / "docs").glob("*.md")}


def document(name: str) -> str:
    """A document with its links as the site needs them; pictures go along."""

    def link(found: re.Match) -> str:
        mark, text, target = found.groups()
        path, hash_sign, anchor = target.partition("#")
        place = ((ROOT / name).parent / path).resolve().relative_to(ROOT).as_posix()
        if place in PAGES:
            return f"{mark}[{text}]({PAGES[place]}{hash_sign}{anchor})"
        if mark:
            (OUT / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / place, OUT / place)
            return f"![{text}]({place})"
        return f"[{text}]({SOURCE}/blob/main/{place})"

    return re.sub(r"(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)", link, (ROOT / name).read_text(encoding="utf-8"))


def page(entry: Entry) -> str:
    """The manual of a command."""
    command = entry.load()
    _, description, _ = manual.sections(command.docstring)
    usage = " ".join([entry.name, *command.collect_usage_pieces(context(command))])
    parts = [f"# {entry.name}\n", f"{entry.summary[0].upper()}{entry.summary[1:]}.\n", f"```\n{usage}\n```\n",
             _prose(description), "## Options\n", *map(_option, options(command))]  # fmt: skip
    for heading, body in manual.full_sections(command.docstring, command.reads):
        parts += [f"## {heading}\n", f"```\n{body}\n```\n" if manual.is_verbatim(body) else _prose(body)]
    return "\n".join(parts)


def _option(option) -> str:
    value = f" {option.value}" if option.value else ""
    notes = f" [{'; '.join(option.notes)}]" if option.notes else ""
    return f"`{', '.join(option.names)}{value}`\n:   {_prose(' '.join(option.help.split()) + notes)}\n"


def _prose(text: str) -> str:
    """Prose that Markdown shows as it is."""
    return re.sub(r"([\\`*_<>\[\]#|])", r"\\\1", text) + "\n"


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "commands").mkdir(parents=True)
    for name, place in PAGES.items():
        (OUT / place).write_text(document(name), encoding="utf-8")
    for entry in COMMANDS:
        (OUT / "commands" / f"{entry.name}.md").write_text(page(entry), encoding="utf-8")


if __name__ == "__main__":
    main()
