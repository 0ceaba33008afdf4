"""The experiment as one page: tables, pictures, typical errors.

    report.py RESULTS ERRORS.txt PART PAGE.html

Reads the tables that wer.py wrote (RESULTS/NAME-PART.txt) and decode-wer's alignments (ERRORS.txt), draws volume.png,
techniques.png and perplexity.png in RESULTS, and puts all into a page that needs no other file.
"""

from __future__ import annotations

import base64
import html
import re
import sys
from pathlib import Path
from typing import NamedTuple

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

# WERR, per cent, of Punjabi et al. (ASRU 2019): by their number of transcripts, and by technique
PAPER_VOLUME = {10_000: 15.65, 20_000: 13.18, 50_000: 9.42, 200_000: 7.86}
ONE = r"\w+(?:-\d{3,})?"  # a translator: mean, bt-5000
PAPER = (
    ("raw translations", rf"{ONE}\.raw", -1.81), ("+ entity copy-over", rf"{ONE}\.raw\.copied", 2.36),
    ("+ entity resampling", rf"{ONE}\.raw\.resampled", 4.62), ("+ code-mixing", rf"{ONE}\.raw\.resampled\.mixed", 5.83),
    ("selection: mean", r"mean\.raw\.resampled\.mixed", 6.94), ("selection: SIF", r"sif\.raw\.resampled\.mixed", 7.23),
    ("selection: encoder", r"external\.raw\.resampled\.mixed", 7.14),
    ("rescoring, 5 best", rf"{ONE}\.rescored\.resampled\.mixed", 6.28),
    ("rescoring, 20 best", rf"{ONE}\.rescored20\.resampled\.mixed", 5.88),
    ("fine-tuning, 3 epochs", rf"{ONE}-3\.raw\.resampled\.mixed", 6.84),
    ("fine-tuning, 10 epochs", rf"{ONE}-10\.raw\.resampled\.mixed", 5.23),
    *((f"translator's score, {p} %", rf"{ONE}\.raw\.resampled\.mixed\.mt{p}", x)
      for p, x in ((85, 4.82), (75, 3.37), (65, 2.16))),
    *((f"LM filter, {p} %", rf"{ONE}\.raw\.resampled\.mixed\.lm{p}", x)
      for p, x in ((85, 6.33), (75, 6.82), (65, 5.94))),
    ("all but fine-tuning", rf"{ONE}\.rescored\.resampled\.mixed\.lm75", 7.62),
    ("all", rf"{ONE}-3\.rescored\.resampled\.mixed\.lm75", 7.86),
)  # fmt: skip
NOTE = (
    "The speech is synthetic: four voices of a text-to-speech model at four speeds. WERR is the relative reduction of "
    "the baseline's WER, with its 95 % interval; P is the probability of improvement. Settings were chosen on dev."
)


class Row(NamedTuple):
    name: str
    wer: float
    werr: float | None  # per cent, with its interval
    low: float
    high: float
    perplexity: float


def main() -> None:
    results, errors, part = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    texts = {path.stem.removesuffix(f"-{part}"): path.read_text() for path in sorted(results.glob(f"*-{part}.txt"))}
    tables = {name: rows(text) for name, text in texts.items()}
    volume(volumes(texts["volume"]), results / "volume.png")
    found = {row.name: row for name in ("postediting", "adaptation") for row in tables.get(name, ())}
    techniques(found, results / "techniques.png")
    perplexity([row for name in ("postediting", "adaptation", "controls") for row in tables.get(name, ())],
               results / "perplexity.png")  # fmt: skip
    parts = [f"<h1>A language model for a new language: WER</h1><p>{html.escape(NOTE)}</p>"]
    for name in ("volume", "techniques", "perplexity"):
        picture = base64.b64encode((results / f"{name}.png").read_bytes()).decode()
        parts.append(f'<img alt="{name}" src="data:image/png;base64,{picture}">')
    for name, text in texts.items():
        parts.append(f"<h2>{name}</h2><pre>{html.escape(text)}</pre>")
    shown = "\n\n".join(errors.read_text(encoding="utf-8").split("\n\n")[1:41])
    parts.append(f"<h2>Errors of the whole system, utterance by utterance</h2><pre>{html.escape(shown)}</pre>")
    style = "body{font-family:sans-serif;max-width:75em;margin:auto}pre{overflow-x:auto}img{max-width:100%}"
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>WER</title><style>{style}</style>{''.join(parts)}"
    Path(sys.argv[4]).write_text(page, encoding="utf-8")


def rows(text: str) -> list[Row]:
    """The rows of a table of models; other lines are passed over."""
    found = []
    for line in text.splitlines():
        cells = re.split(r"\s{2,}|\s(?=[-+])", line.strip())
        if len(cells) >= 7 and re.fullmatch(r"\d\.\d+", cells[1]):
            compared = cells[3].endswith("%")
            numbers = [float(cell.rstrip("%")) for cell in cells[3:6]] if compared else [None, 0.0, 0.0]
            found.append(Row(cells[0], float(cells[1]), *numbers, float(cells[-2])))
    return found


def volumes(text: str) -> dict[int, list[Row]]:
    return {int(part.split()[0]): rows(part) for part in re.split(r"(?m)^(?=\d+ transcripts)", text) if part.strip()}


def volume(found: dict[int, list[Row]], path: Path) -> None:
    figure, (axes, theirs) = plt.subplots(1, 2, figsize=(9, 4.2), sharey=True, width_ratios=(3, 2),
                                          layout="constrained")  # fmt: skip
    # the translator's name says how many transcripts it has seen
    found = {n: [row._replace(name=re.sub(r"^bt-\d+\.", "", row.name)) for row in each] for n, each in found.items()}
    names = [row.name for row in next(iter(found.values())) if row.werr is not None]
    labels = dict(zip(names, ("all techniques", "and general text, Kneser-Ney", "human translations in their place")))
    for name in names:
        points = [(n, row) for n, each in found.items() for row in each if row.name == name]
        x, y = [n for n, _ in points], [row.werr for _, row in points]
        reach = [[row.werr - row.low for _, row in points], [row.high - row.werr for _, row in points]]
        axes.errorbar(x, y, reach, marker="o", capsize=3, label=labels.get(name, name))
    theirs.plot(list(PAPER_VOLUME), list(PAPER_VOLUME.values()), "k--s", label="all techniques")
    axes.set(ylabel="reduction of WER (WERR), %", title="here: 250 to 5,000 transcripts")
    theirs.set(title="Punjabi et al.: 10 to 200 thousand")
    for each, ticks in ((axes, list(found)), (theirs, list(PAPER_VOLUME))):
        each.set(xscale="log", xlabel="transcripts of the domain")
        each.set_xticks(ticks, [f"{n:,}" for n in ticks])
        each.minorticks_off()
        each.axhline(0, color="grey", linewidth=0.8)
        each.grid(axis="y", alpha=0.3)
        each.legend()
    figure.savefig(path, dpi=110)


def techniques(found: dict[str, Row], path: Path) -> None:
    shown = [(label, rows[0], paper) for label, pattern, paper in PAPER  # others are of translators on selected pairs
             if (rows := [row for name, row in found.items() if re.fullmatch(pattern, name)])]  # fmt: skip
    figure, axes = plt.subplots(figsize=(8, 6.5), layout="constrained")
    places = range(len(shown))
    reach = [[row.werr - row.low for _, row, _ in shown], [row.high - row.werr for _, row, _ in shown]]
    axes.barh(
        [p - 0.2 for p in places], [row.werr for _, row, _ in shown], 0.4, xerr=reach, label="here", color="tab:blue"
    )
    axes.barh([p + 0.2 for p in places], [paper for *_, paper in shown], 0.4, label="Punjabi et al.", color="lightgrey")
    axes.set_yticks(places, [label for label, *_ in shown])
    axes.invert_yaxis()
    axes.axvline(0, color="grey", linewidth=0.8)
    axes.set(xlabel="WERR, %", title="Each technique, 5,000 transcripts (theirs: 200,000)")
    figure.legend(loc="outside lower center", ncols=2)
    figure.savefig(path, dpi=110)


def perplexity(found: list[Row], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    axes.scatter([row.perplexity for row in found], [100 * row.wer for row in found])
    for name in ("cleo", "human", "general", "selected", "everything"):
        for row in [row for row in found if row.name == name][:1]:
            axes.annotate(name, (row.perplexity, 100 * row.wer), xytext=(4, 4), textcoords="offset points")
    axes.margins(x=0.12)
    axes.set(xlabel="perplexity, unknown words included", ylabel="WER, %", title="Perplexity and WER")
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
