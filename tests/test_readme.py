"""What the README says of the commands is what the registry says."""

from pathlib import Path

from datasel.registry import COMMANDS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_command_table_is_the_registry():
    rows = [line for line in README.splitlines()
            if line.startswith("| `") and line.endswith(("| streams |", "| buffers |"))]  # fmt: skip
    assert rows == [f"| `{entry.name}` | {entry.summary} | {entry.memory} |" for entry in COMMANDS]


def test_the_results_are_those_of_the_last_run():
    results = (Path(__file__).parents[1] / "examples/nlu/results/relevance.txt").read_text(encoding="utf-8")
    assert results.split("\n\n")[0] in README
