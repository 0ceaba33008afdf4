"""What the README says of the commands is what the registry says."""

from pathlib import Path

from datasel.registry import COMMANDS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_command_table_is_the_registry():
    rows = [line for line in README.splitlines()
            if line.startswith("| `") and line.endswith(("| streams |", "| buffers |"))]  # fmt: skip
    assert rows == [f"| `{entry.name}` | {entry.summary} | {entry.memory} |" for entry in COMMANDS]


def test_the_results_are_those_of_the_last_run():
    """In full in docs/experiments.md, one figure of each in the README."""
    root = Path(__file__).parents[1]
    said = (root / "docs/experiments.md").read_text(encoding="utf-8")
    for name, row in (("relevance", "relevance, top-k, self-training"), ("assistants", "system, plain student")):
        results = (root / f"examples/nlu/results/{name}.txt").read_text(encoding="utf-8")
        assert results.split("\n\n")[0] in said
        figures = next(line for line in results.splitlines() if line.startswith(row)).split()
        assert f" {figures[-1].rstrip('%')} % " in README
