"""Write what lists all commands by hand-written text: README's table, and the console scripts of pyproject.toml."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from datasel.registry import COMMANDS

ROOT = Path(__file__).resolve().parent.parent

_ROWS = "".join(f"| `{entry.name}` | {entry.summary} | {entry.memory} |\n" for entry in COMMANDS)
_SCRIPTS = "".join(f'{entry.name} = "{entry.module}:command"\n' for entry in COMMANDS)

# Each file with the lines before the list, and the list.
LISTS = {
    "README.md": ("| command | what it does | memory |\n|---|---|---|\n", r"(?:\| .*\n)*", _ROWS),
    "pyproject.toml": ('[project.scripts]\ndatasel = "datasel.cli:main"\n', r"(?:[\w-]+ = .*\n)*", _SCRIPTS),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a list is out of date")
    check = parser.parse_args().check
    status = 0
    for name, (head, old, new) in LISTS.items():
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        made, found = re.subn(re.escape(head) + old, lambda _, made=head + new: made, text)
        if found != 1:
            raise SystemExit(f"{name}: the list has no head, or several")
        if check and made != text:
            print(f"{name}: the list of commands is out of date; run: python {sys.argv[0]}", file=sys.stderr)
            status = 1
        elif not check:
            path.write_text(made, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
