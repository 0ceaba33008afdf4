"""Tables and the picture of the annotation experiment, from the cells under work/annotate.

Change of SemER relative to the recogniser of the 50 annotated utterances alone: errors summed over the draws of a
functionality, then the mean over functionalities; random choice averaged over its orders.  Intervals: 95 %, bootstrap
samples of draws and of utterances together, every method on the same draw.  p: two-sided sign-flip permutation test of
the differences to random choice of the same size in the same pool, paired over cells.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from curve import permutation_p

from datasel.evaluation.bootstrap import interval
from datasel.evaluation.table import table
from datasel.records.seeding import generator
from datasel.records.signature import signature

METHODS = {
    "random": "random",
    "dedup, random": "dedup, then random",
    "top": "top relevance",
    "ngram none": "ngram-diverse",
    "ngram words": "ngram-diverse --cost words",
    "ngram characters": "ngram-diverse --cost characters",
}
REPLICATES = 2000
Key = tuple[str, str, float, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("work/data"))
    parser.add_argument("--cells", type=Path, default=Path("work/annotate"))
    parser.add_argument("--part", default="held out", choices=["held out", "test", "dev"])
    parser.add_argument("--out", type=Path, help="write OUT.txt and OUT.png too")
    where = parser.parse_args()
    errors, sizes = gathered(where)
    shown, drawn = [], {}
    for pool in ("unique", "redundant"):
        for equal in ("utterances", "words"):
            keys = sorted({key for cells in errors.values() for cell in cells for key in cell})
            shares = sorted({share for at, _, share, same in keys if (at, same) == (pool, equal)})
            if shares:
                drawn[pool, equal] = rows = measured(errors, sizes, pool, equal, shares)
                shown.append(told(pool, equal, shares, rows, where.part))
    settings = {"part": where.part, "replicates": REPLICATES, "cells": sum(map(len, errors.values())), "seed": 1}
    text = "\n".join(shown) + "signature " + signature("examples/nlu/annotate", settings) + "\n"
    print(text, end="")
    if where.out:
        where.out.with_suffix(".txt").write_text(text)
        plot(drawn, where.out.with_suffix(".png"), where.part)


def gathered(where) -> tuple[dict[str, list[dict[Key, np.ndarray]]], dict[str, np.ndarray]]:
    """For each functionality its cells, each the errors of every utterance by system; and the utterances' slots and
    intents, which SemER divides by."""
    errors, sizes = defaultdict(list), {}
    for path in sorted(where.cells.glob("*.jsonl")):
        intent = path.stem.rpartition("-")[0]
        found = defaultdict(list)
        for line in path.read_text().splitlines():
            one = json.loads(line)
            method = one["method"].rstrip("0123456789 ") if "random" in one["method"] else one["method"]
            digits = np.frombuffer(one["errors"][where.part].encode(), np.uint8) - ord("0")
            found[one["pool"], method, one["share"], one["equal"]].append(digits)
        errors[intent].append({key: np.mean(each, axis=0) for key, each in found.items()})
        name = f"{intent}.jsonl" if where.part == "held out" else f"{intent}.{where.part}.jsonl"
        lines = (where.data / name).read_text(encoding="utf-8").splitlines()[: len(digits)]
        sizes[intent] = np.array([len(json.loads(line)["slots"]) + 1 for line in lines])
    return errors, sizes


def measured(errors, sizes, pool: str, equal: str, shares: list[float]) -> dict:
    """For each method and share: the change, its interval, and p against random choice; of cells that have both."""
    found = {}
    for method in METHODS:
        for share in shares:
            key, random = (pool, method, share, equal), (pool, "random", share, "utterances")
            changes, samples, differences, draw = [], [], [], generator(1, "annotate")
            for intent, cells in sorted(errors.items()):
                cells = [cell for cell in cells if key in cell and random in cell]
                if not cells:
                    break
                old, new, other = (
                    np.array([cell[name] for cell in cells]) for name in (("", "none", 0, ""), key, random)
                )
                changes.append(new.sum() / old.sum() - 1)
                base = old.sum(axis=1).mean()
                differences += ((other - new).sum(axis=1) / base).tolist()
                cell_times = draw.multinomial(len(cells), np.full(len(cells), 1 / len(cells)), REPLICATES)
                many = len(sizes[intent])
                times = draw.multinomial(many, np.full(many, 1 / many), REPLICATES)
                summed = [np.einsum("rc,ru,cu->r", cell_times, times, each, optimize=True) for each in (new, old)]
                samples.append(summed[0] / np.maximum(summed[1], 1e-9) - 1)
            else:
                p = None if method == "random" else permutation_p(np.array(differences))
                found[method, share] = (
                    float(np.mean(changes)),
                    *interval(np.mean(samples, axis=0)),
                    p,
                    len(differences),
                )
    return found


def told(pool: str, equal: str, shares: list[float], found: dict, part: str) -> str:
    lines = []
    for method, name in METHODS.items():
        each = [found.get((method, share)) for share in shares]
        if any(each):
            lines.append([name, *(f"{one[0]:+.1%}" if one else "" for one in each)])
            lines.append(["  95 % interval", *(f"{one[1]:+.1%}..{one[2]:+.1%}" if one else "" for one in each)])
            if method != "random":
                lines.append(["  p against random", *(f"{one[3]:.4f}" if one else "" for one in each)])
    cells = " to ".join(map(str, sorted({min(each := [one[4] for one in found.values()]), max(each)})))
    title = f"SemER on {part}, change by annotating k of the {pool} pool, equal {equal} ({cells} cells)\n"
    return title + table(["annotated besides 50", *(f"{share:g}%" for share in shares)], lines)


def plot(drawn: dict, path: Path, part: str) -> None:
    """A small picture for each method and pool, random choice in grey behind it."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = [name for name in METHODS if name != "random"]
    figure, axes = plt.subplots(2, len(names), figsize=(2.5 * len(names), 5), sharex=True, sharey=True, squeeze=False)
    for line, pool in zip(axes, ("unique", "redundant")):
        rows = drawn.get((pool, "utterances"), {})
        for axis, method in zip(line, names):
            for each, colour in (("random", "#9a9a9a"), (method, "#30638e")):
                at = sorted(share for name, share in rows if name == each)
                values = np.array([rows[each, share][:3] for share in at]).reshape(-1, 3) * 100
                axis.fill_between(at, values[:, 1], values[:, 2], color=colour, alpha=0.2, linewidth=0)
                axis.plot(at, values[:, 0], color=colour, marker="o", markersize=3)
            axis.set_title(f"{METHODS[method]}\n{pool} pool", fontsize=8)
            axis.grid(alpha=0.3)
    figure.supxlabel("annotated, % of the pool (grey: random choice; bands: 95 %)", fontsize=9)
    figure.supylabel(f"change of SemER ({part}), %", fontsize=9)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
