"""The table and the plot of the experiment, from the hypotheses under work/runs/PART.

Relative reduction of SemER against the recogniser trained on annotated data alone: counts summed over seeds for
each functionality, then the mean over functionalities.  Intervals: 95 %, 10,000 bootstrap samples of seeds
and test utterances together, every system and seed on the same draw.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from datasel import __version__
from datasel.evaluation.bootstrap import interval
from datasel.evaluation.table import table
from datasel.nlu.pairing import load, pair
from datasel.nlu.semantic_error import counts, semer
from datasel.records.seeding import generator
from datasel.records.signature import signature

SYSTEMS = {
    "system": "relevance, top-k, self-training",
    "random-filtered": "control: random-k of the filtered pool",
    "random-pool": "control: random-k of the whole pool",
    "no-classes": "system without word classes",
    "teacher": "word classes only, no self-labelled data",
}
REPLICATES = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("work/data"))
    parser.add_argument("--runs", type=Path, required=True, help="folder of INTENT-ANNOTATED-SEED folders")
    parser.add_argument("--part", default="test", help="what was measured on: dev or test")
    parser.add_argument("--out", type=Path, help="write OUT.txt, OUT.json and OUT.png too")
    where = parser.parse_args()
    cells = sorted(path.parent.name.rsplit("-", 2) for path in where.runs.glob("*/done"))
    made = {}
    for annotated in sorted({int(cell[1]) for cell in cells}):
        intents = sorted({cell[0] for cell in cells if int(cell[1]) == annotated})
        rows = {intent: gather(where, intent, annotated) for intent in intents}
        made[annotated] = {system: reductions(rows, system) for system in SYSTEMS}
        made[annotated]["baseline"] = {
            intent: float(semer(row["baseline"].sum((0, 1)))) for intent, row in rows.items()
        }
        made[annotated]["seeds"] = min(len(row["baseline"]) for row in rows.values())
        made[annotated]["precision"] = {intent: precision(where, intent, annotated) for intent in intents}
    text = "\n".join(shown(annotated, found, where.part) for annotated, found in made.items())
    settings = {"part": where.part, "replicates": REPLICATES, "cells": len(cells), "seed": 1}
    text += "signature " + signature("examples/nlu", settings) + "\n"
    print(text, end="")
    if where.out:
        where.out.parent.mkdir(parents=True, exist_ok=True)
        where.out.with_suffix(".txt").write_text(text)
        where.out.with_suffix(".json").write_text(
            json.dumps({"version": __version__, "annotated": made}, indent=1) + "\n"
        )
        plot(made, where.out.with_suffix(".png"), where.part)


def folders(where, intent: str, annotated: int) -> Iterator[Path]:
    return iter(sorted(path.parent for path in where.runs.glob(f"{intent}-{annotated}-*/done")))


def gather(where, intent: str, annotated: int) -> dict[str, np.ndarray]:
    """Counts of each system: seeds x utterances x COUNTS."""
    references = load([str(where.data / f"{intent}.{where.part}.jsonl")])
    found: dict[str, list] = {}
    for folder in folders(where, intent, annotated):
        for system in ("baseline", *SYSTEMS):
            hypotheses = pair(references, load([str(folder / f"{system}.hyp.jsonl")]))
            found.setdefault(system, []).append([counts(r.frame, h) for r, h in zip(references, hypotheses)])
    return {system: np.array(each) for system, each in found.items()}


def precision(where, intent: str, annotated: int) -> float | None:
    """The share of selected utterances that are of the intent in truth; None where nobody knows."""
    shares = []
    for folder in folders(where, intent, annotated):
        if not (folder / "precision.txt").exists():
            return None
        total = sum(1 for _ in open(folder / "chosen.jsonl"))
        shares.append(int((folder / "precision.txt").read_text()) / total)
    return float(np.mean(shares))


def reductions(rows: dict[str, dict[str, np.ndarray]], system: str) -> dict[str, list[float]]:
    """For each functionality and for their mean: [relative reduction, low, high, probability of improvement]."""
    point, samples = sampled(rows, system)
    return {
        name: [float(point[name]), *interval(values), float(np.mean((values > 0) + 0.5 * (values == 0)))]
        for name, values in samples.items()
    }


def sampled(rows: dict[str, dict[str, np.ndarray]], system: str) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """The relative reduction of each functionality and of their mean, and its bootstrap samples: the same draws for
    every system."""
    draw = generator(1, "experiment")
    point, samples = {}, {}
    for intent, row in rows.items():
        seeds, utterances, _ = row["baseline"].shape
        times_seed = draw.multinomial(seeds, np.full(seeds, 1 / seeds), REPLICATES)
        times_utterance = draw.multinomial(utterances, np.full(utterances, 1 / utterances), REPLICATES)
        old, new = (
            semer(np.einsum("rs,ru,suc->rc", times_seed, times_utterance, row[name], optimize=True))
            for name in ("baseline", system)
        )
        whole = [float(semer(row[name].sum((0, 1)))) for name in ("baseline", system)]
        point[intent], samples[intent] = 1 - whole[1] / whole[0], 1 - new / np.maximum(old, 1e-9)
    point["mean"], samples["mean"] = (np.mean(list(each.values()), axis=0) for each in (point, samples))
    return point, samples


def shown(annotated: int, found: dict, part: str) -> str:
    """One table for people."""
    intents = list(found["baseline"])
    head = [f"{annotated} annotated", *intents, "mean"]
    lines = [
        ["SemER, annotated only", *(f"{found['baseline'][intent]:.3f}" for intent in intents), ""],
        ["precision of selection", *(share(found["precision"][intent]) for intent in intents), ""],
    ]
    for system, name in SYSTEMS.items():
        lines.append([name, *(f"{-found[system][key][0]:+.1%}" for key in (*intents, "mean"))])
        lines.append(["  95 % interval", *(spread(found[system][key]) for key in (*intents, "mean"))])
    title = f"SemER on {part}, change relative to annotated data only ({found['seeds']} seeds; less is better)\n"
    return title + table(head, lines)


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def spread(figures: list[float]) -> str:
    return f"{-figures[2]:+.0%}..{-figures[1]:+.0%}"


def plot(made: dict, path: Path, part: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(made), figsize=(4.6 * len(made), 4.2), sharey=True, squeeze=False)
    for axis, (annotated, found) in zip(axes[0], made.items()):
        names = [*found["baseline"], "mean"]
        for shift, (system, colour) in enumerate(zip(("system", "random-filtered", "random-pool"), ("C0", "C1", "C7"))):
            values = np.array([found[system][name][:3] for name in names]) * -100
            places = np.arange(len(names)) + (shift - 1) * 0.27
            error = [values[:, 0] - values[:, 2], values[:, 1] - values[:, 0]]
            axis.bar(places, values[:, 0], 0.25, yerr=error, capsize=2, color=colour, label=SYSTEMS[system])
        axis.axhline(0, color="black", linewidth=0.8)
        axis.axhline(-15, color="C3", linewidth=0.8, linestyle="--", label="the paper's figure (other data), -15 %")
        axis.set_xticks(range(len(names)), names, rotation=30, ha="right")
        axis.set_title(f"{annotated} annotated utterances")
        axis.grid(axis="y", alpha=0.3)
        axis.set_yscale("symlog", linthresh=40, linscale=2)  # RateBook's few errors make intervals of 200 %
        axis.set_yticks(ticks := [-40, -20, 0, 20, 40, 100, 200], ticks)
        axis.set_yticks([], minor=True)
    axes[0][0].set_ylabel(f"change of SemER on {part}, %\n(logarithmic beyond 40)")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=2, frameon=False)
    figure.tight_layout(rect=(0, 0.12, 1, 1))
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
