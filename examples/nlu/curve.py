"""SemER against the share of the relevant utterances that is kept, from the hypotheses under work/diversity/PART.

Change of SemER relative to the recogniser trained on annotated data alone: mean over functionalities, counts summed
over seeds, random choice averaged over its draws.  Intervals as in table.py.  p: two-sided sign-flip permutation
test on the differences to random choice of the same size, paired over functionalities and seeds.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from table import REPLICATES, sampled

from datasel import __version__
from datasel.evaluation.bootstrap import interval
from datasel.evaluation.table import table
from datasel.nlu.pairing import load, pair
from datasel.nlu.semantic_error import counts, semer
from datasel.records.seeding import generator
from datasel.records.signature import signature

METHODS = {
    "random": "random",
    "top": "top relevance",
    "paraphrase": "paraphrase-diverse",
    "paraphrase-relevance": "paraphrase-diverse, relevance preferred",
    "ngram": "ngram-diverse",
    "ngram-relevance": "ngram-diverse, relevance preferred",
}
WHOLE = "top-100"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("work/data"))
    parser.add_argument("--cells", type=Path, required=True, help="folder of the relevance experiment's cells")
    parser.add_argument("--runs", type=Path, required=True, help="folder of INTENT-ANNOTATED-SEED folders")
    parser.add_argument("--part", default="test", help="what was measured on: dev or test")
    parser.add_argument("--out", type=Path, help="write OUT.txt, OUT.json and OUT.png too")
    where = parser.parse_args()
    names = sorted(path.parent.name for path in where.runs.glob("*/done"))
    rows: dict[str, dict[str, np.ndarray]] = {}
    for intent in sorted({name.split("-")[0] for name in names}):
        rows[intent] = gather(where, intent, [name for name in names if name.split("-")[0] == intent])
    systems = next(iter(rows.values())).keys() - {"baseline"}
    shares = sorted({int(system.rpartition("-")[2]) for system in systems} - {100})
    points, samples = {}, {}
    for system in systems:
        point, sample = sampled(rows, system)
        points[system], samples[system] = point["mean"], sample["mean"]
    found = {}
    for method in METHODS:
        for share in shares:
            system, random = f"{method}-{share}", f"random-{share}"
            found[system] = {
                "reduction": [float(points[system]), *interval(samples[system])],
                "less_than_whole": [points[WHOLE] - points[system], *interval(samples[WHOLE] - samples[system])],
                "p_against_random": None if method == "random" else permutation_p(differences(rows, system, random)),
            }
    found[WHOLE] = {"reduction": [float(points[WHOLE]), *interval(samples[WHOLE])]}
    whole = found[WHOLE]["precision"] = precision(where, names, "top", 100)
    for method in METHODS:
        for share in shares:  # a random part is as precise as the whole, but for chance
            kept = whole if method == "random" else precision(where, names, method, share)
            found[f"{method}-{share}"]["precision"] = kept
    text = shown(found, shares, where.part, len(names))
    settings = {"part": where.part, "replicates": REPLICATES, "cells": len(names), "seed": 1}
    text += "signature " + signature("examples/nlu/diversity", settings) + "\n"
    print(text, end="")
    if where.out:
        where.out.with_suffix(".txt").write_text(text)
        where.out.with_suffix(".json").write_text(json.dumps({"version": __version__, "found": found}, indent=1) + "\n")
        plot(found, shares, where.out.with_suffix(".png"), where.part)


def gather(where, intent: str, names: list[str]) -> dict[str, np.ndarray]:
    """Counts of each system: seeds x utterances x COUNTS; random choice: the mean over its draws."""
    references = load([str(where.data / f"{intent}.{where.part}.jsonl")])

    def counted(path: Path) -> np.ndarray:
        hypotheses = pair(references, load([str(path)]))
        return np.array([counts(reference.frame, h) for reference, h in zip(references, hypotheses)])

    found: dict[str, list] = {}
    for name in names:
        found.setdefault("baseline", []).append(counted(where.cells / name / "baseline.hyp.jsonl"))
        drawn: dict[str, list] = {}
        for path in sorted((where.runs / name).glob("*.hyp.jsonl")):
            method, _, share = path.name.removesuffix(".hyp.jsonl").rpartition("-")
            method = "random" if method.startswith("random-") else method
            drawn.setdefault(f"{method}-{share}", []).append(counted(path))
        for system, each in drawn.items():
            found.setdefault(system, []).append(np.mean(each, axis=0))
    return {system: np.array(each) for system, each in found.items()}


def precision(where, names: list[str], method: str, share: int) -> float:
    """The share of what is kept that is of the functionality in truth, mean over cells."""
    shares = []
    for name in names:
        lines = (where.runs / name / f"{method}.jsonl").read_text(encoding="utf-8").splitlines()
        total = len((where.runs / name / "pool.jsonl").read_text(encoding="utf-8").splitlines())
        kept = lines[: total * share // 100]
        truly = f"snips-{name.split('-')[0]}-"
        shares.append(np.mean([json.loads(line)["id"].startswith(truly) for line in kept]))
    return float(np.mean(shares))


def differences(rows: dict[str, dict[str, np.ndarray]], system: str, other: str) -> np.ndarray:
    """For each functionality and seed: SemER of ``other`` less ``system``'s, over the functionality's baseline."""
    found = []
    for row in rows.values():
        new, old = (semer(row[name].sum(1)) for name in (system, other))
        found.append((old - new) / float(semer(row["baseline"].sum((0, 1)))))
    return np.concatenate(found)


def permutation_p(values: np.ndarray) -> float:
    """Two-sided: how often signs thrown at random give a mean as far from 0."""
    signs = generator(1, "signs").choice([-1.0, 1.0], size=(REPLICATES, len(values)))
    far = np.abs(signs @ values) >= abs(values.sum()) - 1e-12
    return float((far.sum() + 1) / (REPLICATES + 1))


def shown(found: dict, shares: list[int], part: str, cells: int) -> str:
    """Three tables for people."""
    head = ["kept of the relevant utterances", *(f"{share}%" for share in shares), "100%"]
    change, against, precise = [], [], []
    for method, name in METHODS.items():
        each = [found[f"{method}-{share}"] for share in shares]
        change.append([name, *(f"{-one['reduction'][0]:+.1%}" for one in each), ""])
        change.append(["  95 % interval", *(spread(one["reduction"]) for one in each), ""])
        precise.append([name, *(f"{one['precision']:.3f}" for one in each), ""])
        against.append([name, *(f"{one['less_than_whole'][0]:+.1%}" for one in each)])
        against.append(["  95 % interval", *(spread(one["less_than_whole"], -1) for one in each)])
        if method != "random":
            against.append(["  p against random", *(f"{one['p_against_random']:.4f}" for one in each)])
    change[0][-1] = f"{-found[WHOLE]['reduction'][0]:+.1%}"
    change[1][-1] = spread(found[WHOLE]["reduction"])
    precise[0][-1] = f"{found[WHOLE]['precision']:.3f}"
    return (
        f"SemER on {part}, change relative to annotated data only, mean of five functionalities ({cells} cells)\n"
        f"{table(head, change)}\nthe same less that of 100%: points of relative SemER lost by keeping less\n"
        f"{table(head[:-1], against)}\n"
        f"of what is kept, the share that is of the functionality in truth\n{table(head, precise)}"
    )


def spread(figures: list[float], sign: int = 1) -> str:
    low, high = sorted((-sign * figures[1], -sign * figures[2]))
    return f"{low:+.1%}..{high:+.1%}"


def plot(found: dict, shares: list[int], path: Path, part: str) -> None:
    """A small picture for each method, random choice in grey behind it."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    methods = [method for method in METHODS if method != "random"]
    figure, axes = plt.subplots(1, len(methods), figsize=(2.1 * len(methods), 3.6), sharex=True, sharey=True)
    for axis, method in zip(axes, methods):
        axis.axhline(-100 * found[WHOLE]["reduction"][0], color="black", linewidth=0.8, linestyle=":")
        for each, colour in (("random", "#7f7f7f"), (method, "#30638e")):
            systems = [*(f"{each}-{share}" for share in shares), WHOLE]
            values = np.array([found[system]["reduction"] for system in systems]) * -100
            axis.fill_between([*shares, 100], values[:, 1], values[:, 2], color=colour, alpha=0.18, linewidth=0)
            axis.plot([*shares, 100], values[:, 0], color=colour, marker="o", markersize=3.5, linewidth=1.3)
        axis.set_title(METHODS[method].replace(", ", ",\n"), fontsize=9)
        axis.set_xticks([*shares, 100])
        axis.tick_params(labelsize=8)
        axis.grid(axis="y", alpha=0.3)
    axes[0].set_ylabel(f"change of SemER on {part}, %", fontsize=9)
    figure.supxlabel("kept of the 2,000 most relevant utterances, % (grey: random choice; dotted: all; bands: 95 %)",
                     fontsize=9)  # fmt: skip
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
