"""Tables and the picture of the annotation experiment, from the cells under work/annotate.

Change of SemER relative to the recogniser of the 50 annotated utterances alone: errors summed over the draws of a
functionality, then the mean over functionalities; random choice averaged over its orders.  Intervals: 95 %, bootstrap
samples of draws and of utterances together, every method on the same samples.  p: two-sided sign-flip permutation test
of the differences to random choice of the same size in the same pool, paired over functionalities and draws.
A draw counts where all functionalities have it.

With --beside what an earlier run found and the cells do not have stays as it was; what both have has to be the same, to
the last digit, for the seeds are: else nothing is written.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from annotate import LABELS, POOLS, System
from curve import permutation_p

from datasel import __version__
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
    "facility": "ngram-diverse, facility",
    "paraphrase encoder": "paraphrase-diverse, encoder",
    "paraphrase detector": "paraphrase-diverse, detector",
}
NOTHING, WHOLE = System("true", "", "none", 0, "utterances"), "whole"
GIVEN = {"true": "true labels", "teacher": "labels of the teacher"}
PARTS = {"held out": "500 held out", "test": "SNIPS' test set", "dev": "dev"}
REPLICATES = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("work/data"))
    parser.add_argument("--cells", type=Path, default=Path("work/annotate"))
    parser.add_argument("--parts", nargs="+", default=["held out", "test"], choices=list(PARTS))
    parser.add_argument("--beside", type=Path, help="an earlier OUT.json")
    parser.add_argument("--out", type=Path, help="write OUT.txt, OUT.json and OUT.png too")
    where = parser.parse_args()
    shown, made, before = [], {}, Earlier(where.beside)
    baselines = {}
    for part in where.parts:
        bed = Bed(where.cells, part)
        baselines[part] = before.baseline(part, bed.baseline(where.data))
        shown.append(table([PARTS[part], *bed.intents], [[what, *each] for what, each in baselines[part].items()]))
        for equal in ("utterances", "words"):
            for labels in LABELS:
                for pool in POOLS:
                    rows = before.rows(bed.rows(labels, pool, equal), part=part, equal=equal, labels=labels, pool=pool)
                    if rows:
                        holm(rows)
                        shown.append(told(labels, pool, equal, part, rows))
                        made[part, equal, labels, pool] = rows
    text = "\n".join(shown) + "signature " + signature("examples/nlu/annotate", {
        "parts": "+".join(where.parts), "replicates": REPLICATES, "cells": bed.cells, "seed": 1}) + "\n"  # fmt: skip
    print(text, end="")
    if where.out:
        where.out.with_suffix(".txt").write_text(text)
        found = [dict(zip(("part", "equal", "labels", "pool"), key)) | {"rows": rows} for key, rows in made.items()]
        whole = {"version": __version__, "baselines": baselines, "found": found}
        where.out.with_suffix(".json").write_text(json.dumps(whole, indent=1) + "\n")
        plot(made, where.out.with_suffix(".png"), where.parts[0])


class Earlier:
    """What another run of the same cells found, in its JSON; nothing without a file."""

    def __init__(self, path: Path | None):
        found = json.loads(path.read_text()) if path else {"baselines": {}, "found": []}
        self._baselines, self._found = found["baselines"], found["found"]

    def baseline(self, part: str, lines: dict[str, list[str]]) -> dict[str, list[str]]:
        """The figures of each line, of that run where the cells have none."""
        known = self._baselines.get(part, {})
        made = {}
        for what, figures in lines.items():
            old = known.get(what, figures)
            made[what] = [same(a, b, f"{part}, {what}") if a and b else a or b for a, b in zip(figures, old)]
        return made

    def rows(self, rows: dict, **table: str) -> dict:
        """The rows of a table in the order of METHODS, with those that the cells have not."""
        found = next((each["rows"] for each in self._found if table.items() <= each.items()), {})
        merged: dict[str, dict[float, dict]] = {}
        for method in METHODS:
            new = rows.get(method, {})
            old = {float(share): one for share, one in found.get(method, {}).items()}
            for share in sorted({*new, *old}):
                one = old.get(share, {}) | new.get(share, {})
                for name in {*old.get(share, ())} & {*new.get(share, ())}:
                    same(old[share][name], new[share][name], f"{table}, {method}, {share:g} %: {name}")
                merged.setdefault(method, {})[share] = one
        return merged


def same(old, new, where: str):
    if json.loads(json.dumps(old)) != json.loads(json.dumps(new)):
        raise SystemExit(f"annotate_table.py: {where} was {old} and is {new}: not the same run")
    return new


class Bed:
    """For each functionality and draw the errors of every utterance of a part, by system."""

    def __init__(self, cells: Path, part: str):
        self.part, self._errors = part, defaultdict(dict)
        for path in sorted(cells.glob("*.jsonl")):
            intent, _, draw = path.stem.rpartition("-")
            found = defaultdict(list)
            for line in path.read_text().splitlines():
                one = json.loads(line)
                one["method"] = one["method"].rstrip("0123456789 ")
                digits = np.frombuffer(one["errors"][part].encode(), np.uint8) - ord("0")
                found[System(*map(one.get, System._fields))].append(digits)
            self._errors[intent][int(draw)] = {system: np.mean(each, axis=0) for system, each in found.items()}
        self.intents = list(self._errors)
        self.cells = sum(map(len, self._errors.values()))
        self.systems = {system for draws in self._errors.values() for cell in draws.values() for system in cell}

    def baseline(self, data: Path) -> dict[str, list[str]]:
        """SemER of the 50 alone, of the teachers and of all that there is, by functionality."""
        lines = defaultdict(list)
        for intent, draws in self._errors.items():
            name = f"{intent}.jsonl" if self.part == "held out" else f"{intent}.{self.part}.jsonl"
            many = len(next(iter(draws.values()))[NOTHING])
            records = map(json.loads, (data / name).read_text(encoding="utf-8").splitlines()[:many])
            size = sum(len(record["slots"]) + 1 for record in records)
            for what, system in {
                "SemER, 50 annotated": NOTHING,
                **{f"teacher, {p} pool": System("teacher", p, "teacher", 0, "utterances") for p in POOLS},
                **{f"all of the {p} pool, {GIVEN[each]}": System(each, p, WHOLE, 100, "utterances")
                   for each in LABELS for p in POOLS},
            }.items():  # fmt: skip
                made = [cell[system].sum() for cell in draws.values() if system in cell]
                lines[what].append(f"{np.mean(made) / size:.3f}" if made else "")
        return dict(lines)

    def rows(self, labels: str, pool: str, equal: str) -> dict[str, dict[float, dict]]:
        """For each method and share: the change, and what is less than of random choice and of the whole."""
        mine = {each for each in self.systems if (each.labels, each.pool, each.equal) == (labels, pool, equal)}
        found = {}
        for method in METHODS:
            for share in sorted({each.share for each in mine if each.method == method} - {0.0, 100.0}):
                other = {"random": System(labels, pool, "random", share, "utterances")}
                if pool == "redundant":
                    other["dedup, random"] = other["random"]._replace(method="dedup, random")
                one = self._compared(System(labels, pool, method, share, equal), other)
                if one:
                    found.setdefault(method, {})[share] = one
        return found

    def _compared(self, system: System, others: dict[str, System]) -> dict | None:
        needed = {NOTHING, system, *others.values()}
        draws = set.intersection(*(
            {draw for draw, cell in draws.items() if needed <= cell.keys()} for draws in self._errors.values()
        ))  # fmt: skip
        if not draws:
            return None
        whole = System(system.labels, system.pool, WHOLE, 100, "utterances")
        if all(whole in known[draw] for known in self._errors.values() for draw in draws):
            others, needed = {**others, WHOLE: whole}, {*needed, whole}
        points, samples, cells = defaultdict(list), defaultdict(list), []
        for intent, known in self._errors.items():
            of = {each: np.array([known[draw][each] for draw in sorted(draws)]) for each in needed}
            draw = generator(1, f"annotate {intent}")
            times = [draw.multinomial(n, np.full(n, 1 / n), REPLICATES) for n in of[NOTHING].shape]
            total, sampled = {}, {}
            for each, errors in of.items():
                total[each], sampled[each] = errors.sum(), ((times[1] @ errors.T) * times[0]).sum(axis=1)
            for name, other in {"change": NOTHING, **others}.items():
                points[name].append((total[system] - total[other]) / total[NOTHING])
                samples[name].append((sampled[system] - sampled[other]) / np.maximum(sampled[NOTHING], 1e-9))
            if system.method != "random":
                less = (of[system] - of[others["random"]]).sum(axis=1)
                cells += (less / (total[NOTHING] / len(draws))).tolist()
        return {
            "draws": len(draws),
            **{name: [float(np.mean(points[name])), *interval(np.mean(samples[name], axis=0))] for name in points},
            "p": permutation_p(np.array(cells)) if cells else None,
        }


def holm(found: dict[str, dict[float, dict]]) -> None:
    """Add p as it is after Holm's correction for all comparisons of a table."""
    compared = sorted((one for each in found.values() for one in each.values() if one["p"]), key=lambda one: one["p"])
    highest = 0.0
    for number, one in enumerate(compared):
        highest = one["holm"] = min(1.0, max(highest, one["p"] * (len(compared) - number)))


def told(labels: str, pool: str, equal: str, part: str, rows: dict) -> str:
    shares = sorted({share for each in rows.values() for share in each})
    draws = {one["draws"] for each in rows.values() for one in each.values()}
    lines, compared = [], 0
    for method, name in METHODS.items():
        if method not in rows:
            continue
        each = [rows[method].get(share) for share in shares]
        own = {one["draws"] for one in each if one}
        name += f" ({min(own)} draws)" if min(own) < max(draws) else ""
        lines.append([name, *(one and f"{one['change'][0]:+.1%} {_spread(one['change'])}  " for one in each)])
        for other, said in {"random": "minus random", "dedup, random": "minus dedup, random"}.items():
            if method not in (other, "random") and all(one is None or other in one for one in each):
                lines.append(["  " + said, *(one and _points(one, other) for one in each)])
        compared += sum(one is not None and one["p"] is not None for one in each)
    title = (
        f"SemER on {PARTS[part]}, {GIVEN[labels]}, {pool} pool, as many {equal} as random choice ({max(draws)} draws)\n"
    )
    foot = f"*: p < 0.05 against random choice; **: the same after Holm's correction for {compared} comparisons\n"
    return (
        title
        + table(["k", *(f"{share:g}%  " for share in shares)], [[cell or "" for cell in line] for line in lines])
        + foot
    )


def _spread(figures: list[float]) -> str:
    return f"({figures[1] * 100:+.0f}..{figures[2] * 100:+.0f})"


def _points(one: dict, other: str) -> str:
    mark = "" if other != "random" else "**" if one["holm"] < 0.05 else "* " if one["p"] < 0.05 else ""
    value, low, high = (100 * each for each in one[other])
    return f"{value:+.1f} ({low:+.1f}..{high:+.1f}){mark:2}"


def plot(made: dict, path: Path, part: str) -> None:
    """A small picture for each method and kind of data: points of difference to random choice."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    kinds = [(labels, pool) for labels in LABELS for pool in POOLS if (part, "utterances", labels, pool) in made]
    measured = {name for kind in kinds for name in made[(part, "utterances", *kind)]}
    names = [name for name in METHODS if name != "random" and name in measured]
    figure, axes = plt.subplots(len(kinds), len(names), figsize=(1.75 * len(names), 2.1 * len(kinds) + 0.6),
                                sharex=True, sharey=True, squeeze=False)  # fmt: skip
    for line, (labels, pool) in zip(axes, kinds):
        rows = made[part, "utterances", labels, pool]
        shares = sorted(rows["random"])
        for axis, method in zip(line, names):
            axis.axhline(0, color="#7f7f7f", linewidth=1)
            axis.grid(axis="y", alpha=0.3)
            if method in rows:
                at = [place for place, share in enumerate(shares) if share in rows[method]]
                each = [rows[method][shares[place]] for place in at]
                values = np.array([one["random"] for one in each]) * 100
                axis.fill_between(at, values[:, 1], values[:, 2], color="#30638e", alpha=0.2, linewidth=0)
                axis.plot(at, values[:, 0], color="#30638e", linewidth=1.3)
                fill = ["#30638e" if one["p"] < 0.05 else "white" for one in each]
                axis.scatter(at, values[:, 0], c=fill, edgecolors="#30638e", s=22, zorder=3)
            else:
                axis.text(0.5, 0.5, "no repeats", transform=axis.transAxes, ha="center", va="bottom", fontsize=7)
        line[0].set_ylabel(f"{GIVEN[labels]},\n{pool} pool", fontsize=8)
    for axis, method in zip(axes[0], names):
        axis.set_title(METHODS[method].replace("-diverse", "-diverse\n", 1).replace("\n,", ",\n"), fontsize=8)
    for axis in axes[-1]:
        axis.set_xticks(range(len(shares)), [f"{share:g}" for share in shares], fontsize=7)
    figure.supxlabel("k, % of the pool's utterances (filled: p < 0.05 against random choice; bands: 95 %)", fontsize=9)
    said = f"SemER ({PARTS[part]}), points, less those of random choice (below 0: better)"
    figure.supylabel(said, fontsize=9, x=0.012)
    figure.tight_layout(rect=(0.025, 0, 1, 1))
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
