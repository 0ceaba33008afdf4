"""A picture of what decode-wer --json wrote of several language models: bars.py RESULTS.json TITLE PICTURE.png"""

from __future__ import annotations

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from wer import systems  # noqa: E402


def main() -> None:
    results, title, picture = sys.argv[1:]
    found = systems(results)
    names = [name.removesuffix(".arpa") for name in found]
    rates = [100 * row["all"]["WER"] for row in found.values()]
    limits = [[100 * limit for limit in row["all"]["WER_interval"]] for row in found.values()]
    below = [rate - low for rate, (low, _) in zip(rates, limits)]
    above = [high - rate for rate, (_, high) in zip(rates, limits)]
    figure, axes = plt.subplots(figsize=(8, 0.6 * len(names) + 1.4), layout="constrained")
    axes.barh(names, rates, 0.6, xerr=[below, above], capsize=3, color=["grey", *["tab:blue"] * (len(names) - 1)])
    for place, (row, (_, high)) in enumerate(zip(found.values(), limits)):
        if compared := row["comparison"]:
            told = f"{-compared['relative_reduction']:+.0%}".replace("-", "\u2212")
            axes.annotate(told, (high, place), xytext=(6, 0), textcoords="offset points", va="center")
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.12 * max(high for _, high in limits)), xlabel="WER, %, with its 95 % interval", title=title)
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main()
