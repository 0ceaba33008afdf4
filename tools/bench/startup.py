"""How long NAME --help takes, as a ratio to the bare interpreter. Aim: at most 4."""

from measure import BIN, machine, versus

from datasel.registry import COMMANDS

print(machine())
python = f"{BIN}/python"
repeat = "for i in 1 2 3 4 5 6 7 8 9 10; do {}; done"
versus("ten starts; here less is better: read 0.25 as four times the bare interpreter", {
    "python -c pass": repeat.format(f"{python} -c pass"),
    "import click": repeat.format(f"{python} -c 'import click'"),
    **{f"{entry.name} --help": repeat.format(f"{entry.name} --help") for entry in COMMANDS},
}, "python -c pass")  # fmt: skip
