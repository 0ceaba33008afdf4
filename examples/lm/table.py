"""Perplexities of the experiment's models as tables and a picture, from the figures.jsonl of every size.

Perplexity leaves unknown words out; all models of one size know the same words, so theirs can be compared.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from datasel import __version__
from datasel.evaluation.table import table
from datasel.records.signature import signature

SMOOTHINGS = {"kneser-ney": "Kneser-Ney", "katz": "Katz", "witten-bell": "Witten-Bell"}
FILTERS = {"random": "at random", "lm-filter": "lm-prune", "moore-lewis": "lm-prune --minus"}
PARTS = ("dev", "test")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", type=Path, nargs="+", help="work/runs/SIZE/figures.jsonl")
    parser.add_argument("--data", type=Path, default=Path("work/data"))
    parser.add_argument("--out", type=Path, required=True, help="write OUT.txt, OUT.json and OUT.png")
    where = parser.parse_args()
    records = [json.loads(line) for path in where.figures for line in path.read_text(encoding="utf-8").splitlines()]
    sizes = sorted({record["size"] for record in records})
    unknown = {path.parent.name: oov(path.parent, where.data) for path in where.figures}
    text = shown(records, sizes, unknown) + "signature " + signature("examples/lm", {"sizes": sizes}) + "\n"
    print(text, end="")
    where.out.with_suffix(".txt").write_text(text)
    made = {"version": __version__, "oov_of_domain_words": unknown, "figures": records}
    where.out.with_suffix(".json").write_text(json.dumps(made, indent=1) + "\n")
    plot(records, sizes, where.out.with_suffix(".png"))


def oov(run: Path, data: Path) -> dict[str, float]:
    """The share of the words of dev and test that are not among the in-domain text's."""
    known = set((run / "train.txt").read_text(encoding="utf-8").split())
    found = {}
    for part in PARTS:
        words = (data / f"{part}.txt").read_text(encoding="utf-8").split()
        found[part] = round(sum(word not in known for word in words) / len(words), 4)
    return found


class Figures:
    """Look-ups in the records."""

    def __init__(self, records: list[dict], sizes: list[int]):
        self.sizes = sizes
        self._found = {
            (r["size"], r["part"], r["what"], r["smoothing"], r["order"], r["share"], r["floor"]): r for r in records
        }

    def one(self, size: int, part: str, what: str, smoothing="kneser-ney", order=4, share=None, floor=None) -> dict:
        return self._found[size, part, what, smoothing, order, share, floor]

    def row(self, *what, **more) -> list[str]:
        """Perplexities on dev and test for every size."""
        each = [self.one(size, part, *what, **more) for size in self.sizes for part in PARTS]
        return [f"{record['perplexity_without_oov']:.1f}" for record in each]


def shown(records: list[dict], sizes: list[int], unknown: dict[str, dict[str, float]]) -> str:
    """Four tables for people."""
    figures = Figures(records, sizes)
    head = ["", *(f"{size} {part}" for size in sizes for part in PARTS)]
    rates = [["of the in-domain text", *(f"{unknown[str(size)][part]:.1%}" for size in sizes for part in PARTS)]]
    both = [figures.one(size, part, "domain") for size in sizes for part in PARTS]
    rates.append(["of that and the general", *(f"{record['oov_rate']:.1%}" for record in both)])
    orders = [
        [f"{name}, order {order}", *figures.row("domain", smoothing, order)]
        for smoothing, name in SMOOTHINGS.items()
        for order in (2, 3, 4, 5)
    ]
    mixed = []
    for smoothing, name in SMOOTHINGS.items():
        mixed.append([f"{name}: in-domain", *figures.row("domain", smoothing)])
        mixed.append(["  general", *figures.row("general", smoothing, share=100)])
        mixed.append(["  mixture", *figures.row("mixture", smoothing, share=100)])
        mixed.append(["  weight of general", *weights(figures, "mixture", smoothing)])
    floors = [
        [f"at least {floor}", *figures.row("floor", share=100, floor=floor)] for floor in (0.1, 0.15, 0.25, 0.3, 0.4)
    ]
    filters = []
    for share in (5, 10, 25, 50, 75):
        filters += [[f"{share}% {name}", *figures.row(what, share=share)] for what, name in FILTERS.items()]
    filters.append(["100%", *figures.row("mixture", share=100)])
    return (
        f"unknown words, by lines of in-domain text\n{table(head, rates)}\n"
        f"perplexity of the in-domain text's model\n{table(head, orders)}\n"
        f"in-domain, general and both, order 4\n{table(head, mixed)}\n"
        f"Kneser-Ney mixture with a floor under the weight of general\n{table(head, floors)}\n"
        f"Kneser-Ney mixture with a part of the general text\n{table(head, filters)}"
    )


def weights(figures: Figures, what: str, smoothing: str) -> list[str]:
    each = [figures.one(size, "dev", what, smoothing, share=100)["weight"] for size in figures.sizes]
    return [cell for weight in each for cell in (f"{weight:.2f}", "")]


def plot(records: list[dict], sizes: list[int], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figures = Figures(records, sizes)
    drawn, (axes,) = plt.subplots(1, len(sizes), figsize=(3.1 * len(sizes), 3.8), squeeze=False)
    shares = (5, 10, 25, 50, 75)
    for axis, size in zip(axes, sizes):
        for (what, name), colour in zip(FILTERS.items(), ("#7f7f7f", "#30638e", "#d1495b")):
            each = [figures.one(size, "test", what, share=share) for share in shares]
            each.append(figures.one(size, "test", "mixture", share=100))
            axis.plot([*shares, 100], [one["perplexity_without_oov"] for one in each], color=colour, label=name,
                      marker="o", markersize=3.5, linestyle="--" if what == "random" else "-")  # fmt: skip
        alone = figures.one(size, "test", "domain")["perplexity_without_oov"]
        axis.set_title(f"{size:,} in-domain lines\n({alone:.0f} without general text)", fontsize=9)
        axis.set_xlabel("general text kept, %", fontsize=9)
        axis.set_xticks([5, 25, 50, 75, 100])
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("perplexity of the mixture on test")
    axes[0].legend(frameon=False, fontsize=8)
    drawn.tight_layout()
    drawn.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
