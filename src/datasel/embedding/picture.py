"""A picture of two groups of points: density below, points above, a legend."""

from __future__ import annotations

import base64
import io
import logging
import os
import tempfile
import warnings
from collections.abc import Sequence
from html import escape

import numpy as np

_COLOURS = ("#d1495b", "#30638e")  # held, added: told apart by the colour-blind as well
_SIZE = (8.0, 6.0)  # inches
_DPI = 120
_GRID = 120


def draw(
    held: np.ndarray, added: np.ndarray, names: tuple[str, str], title: str, form: str, texts: Sequence[str]
) -> bytes:
    """The picture of held (m x 2) and added (n x 2) points; ``texts`` of both are shown in HTML under the pointer."""
    figure = _figure()
    axes = figure.subplots()
    both = np.concatenate([held, added])
    low, high = both.min(axis=0), both.max(axis=0)
    margin = np.maximum((high - low) * 0.06, 1e-6)  # all points may be one
    axes.set(xlim=(low[0] - margin[0], high[0] + margin[0]), ylim=(low[1] - margin[1], high[1] + margin[1]))
    _density(axes, added)
    for points, name, colour, size, mark in (
        (added, names[1], _COLOURS[1], 9, "o"),
        (held, names[0], _COLOURS[0], 34, "X"),
    ):
        label = f"{name} ({len(points):,})"
        axes.scatter(
            *points.T, s=size, c=colour, marker=mark, label=label, linewidths=0.4, edgecolors="white", alpha=0.85
        )
    axes.legend(loc="best", frameon=True, markerscale=1.3)
    axes.set_title(title, parse_math=False)
    axes.set(xticks=[], yticks=[])
    out = io.BytesIO()
    kind = "png" if form == "html" else form
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of characters that the font does not have
        figure.tight_layout()
        figure.savefig(out, format=kind, metadata={"Date": None} if kind == "svg" else {"Software": None})
    places = axes.transData.transform(both) / (np.array(_SIZE) * _DPI)
    return _page(out.getvalue(), places, title, texts) if form == "html" else out.getvalue()


def _figure():
    """An empty one, by matplotlib as it comes: no file of the user's decides how it looks, and none is written."""
    with tempfile.TemporaryDirectory() as folder:  # for its settings and its list of fonts, only while it is imported
        os.environ.update(MPLCONFIGDIR=folder, MPL_IGNORE_SYSTEM_FONTS="1")
        logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
        import matplotlib
        from matplotlib.figure import Figure
    matplotlib.rcdefaults()
    matplotlib.rcParams["svg.hashsalt"] = "datasel"
    return Figure(figsize=_SIZE, dpi=_DPI)


def _density(axes, points: np.ndarray) -> None:
    from scipy.stats import gaussian_kde

    if len(points) < 10:
        return
    try:
        density = gaussian_kde(points.T, bw_method=0.15)
    except np.linalg.LinAlgError:  # all on a line, or nearly
        return
    xs, ys = (np.linspace(*limits, _GRID) for limits in (axes.get_xlim(), axes.get_ylim()))
    grid = np.stack(np.meshgrid(xs, ys)).reshape(2, -1)
    height = density(grid).reshape(_GRID, _GRID)
    levels = np.linspace(0, height.max(), 7)[1:]
    if (np.diff(levels) > 0).all():  # where all points are nearly one, no place of the grid may be near them
        axes.contourf(xs, ys, height, levels=levels, cmap="Blues", alpha=0.45)


def _page(picture: bytes, places: np.ndarray, title: str, texts: Sequence[str]) -> bytes:
    """One file: the picture, and over it a transparent spot with its text for each point."""
    width, height = (int(side * _DPI) for side in _SIZE)
    spots = "\n".join(
        f'<circle cx="{x * width:.1f}" cy="{(1 - y) * height:.1f}" r="5"><title>{escape(text)}</title></circle>'
        for (x, y), text in zip(places, texts)
    )
    image = base64.b64encode(picture).decode()
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{image}"/>\n'
        f'<g fill="transparent">\n{spots}\n</g></svg>\n</body></html>\n'
    ).encode()
