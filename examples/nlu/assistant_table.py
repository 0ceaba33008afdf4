"""The tables and the picture of the assistants, from what assistant.py counted.

Change of SemER on the new functionality's utterances, in an assistant of many intents: counts summed over draws for
each functionality, then the mean over functionalities. Intervals: 95 %, 10,000 bootstrap samples of draws and test
utterances together, every row on the same samples.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from beds import FUNCTIONALITIES

from datasel import __version__
from datasel.evaluation.bootstrap import interval
from datasel.evaluation.table import table
from datasel.nlu.semantic_error import COUNTS, semer
from datasel.records.seeding import generator
from datasel.records.signature import signature

ROWS = {
    "annotated-encoder": "annotated only, encoder",
    "annotated-guide": "annotated only, encoder, guide",
    "classes": "annotated only, word classes",
    "first-round": "system, first round",
    "system": "system, plain student",
    "system-encoder": "system, student with encoder",
    "random": "control: random of the pool",
    "true-labels": "true labels, same selection",
    "true-selection": "true selection, teacher's labels",
}
REPLICATES = 10_000
TEST, TRAFFIC, OFFICIAL = range(3)  # kinds of utterances
_PLACE = {name: number for number, name in enumerate(COUNTS)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, help="folder of a folder for each bed")
    parser.add_argument("--out", type=Path, help="write OUT.txt, OUT.json and OUT.png too")
    where = parser.parse_args()
    made, text, cells = {}, "", 0
    for bed, functionalities in FUNCTIONALITIES.items():
        for annotated in (50, 100, 200):
            found = {f: gathered(where.runs / bed, f, annotated) for f in functionalities}
            found = {f: runs for f, runs in found.items() if runs}
            if found:
                cells += sum(map(len, found.values()))
                made[f"{bed}-{annotated}"] = one = figures(found)
                text += shown(bed, annotated, one) + "\n"
    if not made:
        sys.exit(f"assistant_table.py: no cells in '{where.runs}'")
    text += (
        "signature " + signature("examples/nlu/assistant", {"replicates": REPLICATES, "cells": cells, "seed": 1}) + "\n"
    )
    print(text, end="")
    if where.out:
        where.out.parent.mkdir(parents=True, exist_ok=True)
        where.out.with_suffix(".txt").write_text(text)
        where.out.with_suffix(".json").write_text(json.dumps({"version": __version__, "beds": made}, indent=1) + "\n")
        plot(made, where.out.with_suffix(".png"))


def gathered(folder: Path, functionality: str, annotated: int) -> list[dict]:
    """What was counted of each draw."""
    return [dict(np.load(path)) for path in sorted(folder.glob(f"{functionality}-{annotated}-*.npz"))]


def figures(found: dict[str, list[dict]]) -> dict:
    """All that the tables show, by row."""
    names = ["annotated", *(row for row in ROWS if row in next(iter(found.values()))[0])]
    official = {f: [run for run in runs if (run["kinds"] == OFFICIAL).any()] for f, runs in found.items()}
    tests = {"test": lambda run, row: run[row][run["kinds"] == TEST]}
    if all(official.values()):
        tests["official"] = lambda run, row: run[row][run["kinds"] == OFFICIAL]
        tests["official, one intent"] = lambda run, row: run[row + ":alone"][-(run["kinds"] == OFFICIAL).sum() :]
    made = {"draws": min(map(len, found.values())), "rows": {}, "facts": facts(found)}
    for row in names:
        one = made["rows"][row] = {"all": overall(found, row)}
        for test, of in tests.items():
            counted = {
                f: {name: np.array([of(run, name) for run in runs]) for name in names} for f, runs in found.items()
            }
            one[test] = compared(counted, "annotated", row)
            if row == "system-encoder":
                one[test + ", against annotated with encoder"] = compared(counted, "annotated-encoder", row)
    return made


def compared(counted: dict[str, dict[str, np.ndarray]], old: str, new: str) -> dict[str, list[float]]:
    """For each functionality and for their mean: SemER, change, low, high.  Counts: draws x utterances x COUNTS."""
    draw, made, samples = generator(1, "experiment"), {}, []
    for functionality, rows in counted.items():
        draws, utterances, _ = rows[old].shape
        times_draw = draw.multinomial(draws, np.full(draws, 1 / draws), REPLICATES)
        times_utterance = draw.multinomial(utterances, np.full(utterances, 1 / utterances), REPLICATES)
        before, after = (
            semer(np.einsum("rs,ru,suc->rc", times_draw, times_utterance, rows[name].astype(float), optimize=True))
            for name in (old, new)
        )
        whole = [float(semer(rows[name].sum((0, 1), dtype=int))) for name in (old, new)]
        samples.append(after / np.maximum(before, 1e-9) - 1)
        made[functionality] = [whole[1], whole[1] / whole[0] - 1, *interval(samples[-1])]
    mean = [float(np.mean([each[place] for each in made.values()])) for place in (0, 1)]
    return {**made, "mean": [*mean, *interval(np.mean(samples, axis=0))]}


def overall(found: dict[str, list[dict]], row: str) -> dict[str, float]:
    """Means over functionalities: slot F1 on the functionality's utterances; of all traffic the share of wrong intents,
    of missed and of falsely accepted ones; wrong intents of the others' utterances."""
    each = []
    for runs in found.values():
        total = np.sum([run[row][run["kinds"] == TEST].sum(0, dtype=int) for run in runs], axis=0)
        others = np.sum([run[row][run["kinds"] == TRAFFIC].sum(0, dtype=int) for run in runs], axis=0)
        n = {name: total[place] for name, place in _PLACE.items()}
        wrong = _PLACE["intent_wrong"]
        accepted = sum(run[row + ":accepted"].sum() for run in runs)
        each.append({
            "slot F1": 2 * n["spans_right"] / (n["spans_reference"] + n["spans_hypothesis"]),
            "ICER": (total[wrong] + others[wrong]) / (n["utterances"] + others[_PLACE["utterances"]]),
            "missed": total[wrong] / n["utterances"],
            "false accepts": accepted / others[_PLACE["utterances"]],
            "ICER of the others": others[wrong] / others[_PLACE["utterances"]],
        })  # fmt: skip
    return {name: float(np.mean([one[name] for one in each])) for name in each[0]}


def facts(found: dict[str, list[dict]]) -> dict[str, dict[str, float]]:
    """What was selected, by functionality; seconds of a cell with all its rows."""
    made = {}
    for functionality, runs in found.items():
        told = [json.loads(str(run["facts"])) for run in runs]
        made[functionality] = {name: float(np.mean([one[name] for one in told])) for name in told[0]}
    return made


def shown(bed: str, annotated: int, made: dict) -> str:
    """Tables for people."""
    functionalities, rows = [*made["facts"]], made["rows"]
    columns = [*functionalities, "mean"]
    text = ""
    for test, name in (
        ("test", "test"),
        ("official", "SNIPS' own test set"),
        ("official, one intent", "SNIPS' own test set, a recogniser of the functionality alone"),
    ):
        if test not in rows["annotated"]:
            continue
        lines = [["SemER, annotated only, plain", *(f"{rows['annotated'][test][key][0]:.3f}" for key in columns)]]
        for row, told in ROWS.items():
            if row in rows:
                lines += changes(told, rows[row][test], columns)
        against = rows["system-encoder"][test + ", against annotated with encoder"]
        lines += changes("both with encoder: system, annotated", against, columns)
        text += f"{bed}: change of SemER on {name} ({made['draws']} draws; less is better)\n"
        text += table([f"{annotated} annotated", *columns], lines) + "\n"
    names = list(rows["annotated"]["all"])
    told = {"annotated": "annotated only, plain", **ROWS}
    lines = [[told[row], *(f"{one['all'][name]:.3f}" for name in names)] for row, one in rows.items()]
    text += f"{bed}: mixed traffic, means\n" + table([f"{annotated} annotated", *names], lines)
    names = [name for name in made["facts"][functionalities[0]] if name != "seconds"]
    lines = [[name, *(quantity(made["facts"][key][name]) for key in functionalities)] for name in names]
    return text + f"\n{bed}: what was selected\n" + table([f"{annotated} annotated", *functionalities], lines)


def quantity(value: float) -> str:
    """A share, or a number of utterances."""
    return f"{value:,.0f}" if value > 1 else f"{value:.3f}"


def changes(name: str, found: dict[str, list[float]], columns: list[str]) -> list[list[str]]:
    return [
        [name, *(f"{found[key][1]:+.1%}" for key in columns)],
        ["  95 % interval", *(f"{found[key][2]:+.0%}..{found[key][3]:+.0%}" for key in columns)],
    ]


def plot(made: dict, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    lines = (len(made) + 1) // 2
    height = 3.8 * lines + 0.8  # inches, the legend's included
    figure, axes = plt.subplots(lines, 2, figsize=(10.4, height), sharey=True, squeeze=False)
    for axis in axes.flat[len(made) :]:
        axis.set_axis_off()
    shown = ("annotated-encoder", "first-round", "system", "system-encoder", "random")
    for axis, (bed, one) in zip(axes.flat, made.items()):
        columns = [*one["facts"], "mean"]
        for shift, (row, colour) in enumerate(zip(shown, ("C2", "C1", "C0", "C4", "C7"))):
            values = np.array([one["rows"][row]["test"][key][1:] for key in columns]) * 100
            places = np.arange(len(columns)) + (shift - 2) * 0.17
            error = [values[:, 0] - values[:, 1], values[:, 2] - values[:, 0]]
            axis.bar(
                places, values[:, 0], 0.16, yerr=error, capsize=1.5, color=colour, label=ROWS[row], error_kw={"lw": 0.8}
            )
        axis.axhline(0, color="black", linewidth=0.8)
        axis.set_xticks(range(len(columns)), columns, rotation=30, ha="right")
        axis.set_title(bed.replace("-", ", ") + " annotated utterances")
        axis.grid(axis="y", alpha=0.3)
    for line in axes:
        line[0].set_ylabel("change of SemER on test, %")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=3, frameon=False)
    figure.tight_layout(rect=(0, 0.5 / height, 1, 1))
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
