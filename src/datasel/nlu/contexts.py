"""What an encoder says of words in their contexts, made small: principal components, and clusters of several sizes.

Both are learned from the texts a recogniser is trained for, annotated or not.  Vectors, axes and centres are rounded so
that every product of them is exact: what is said of a text depends on nothing but the text.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from datasel.embedding.encoder import Encoder
from datasel.records.seeding import generator
from datasel.text.words import tokens

DIMENSIONS = 48
CUTS = (32, 128, 512)  # numbers of clusters, one numbering for each
_MOST = 20_000  # words that axes and centres are learned from
_TOLD = 2048  # texts between two words of progress
_ROUNDS = 10  # of k-means
_ROWS = 4096  # words compared with all centres at a time
_FINE = 1024.0  # steps a unit: vectors and axes are rounded to them
_LARGEST = 32.0  # and cut off here


class Context(NamedTuple):
    """The words of one text."""

    dense: np.ndarray  # words x DIMENSIONS, float64, about 1 in size
    clusters: np.ndarray  # words x len(CUTS)
    text: np.ndarray  # DIMENSIONS, of the text as a whole


class Axes(NamedTuple):
    """A projection: less the mean (dim), times the axes (dim x DIMENSIONS)."""

    mean: np.ndarray
    axes: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray) -> Axes:
        """The principal components of rows, DIMENSIONS at most, scaled so that the first has a variance of 1."""
        mean = _rounded(vectors.mean(axis=0))
        centred = vectors.astype(float) - mean
        strength, axes = np.linalg.eigh(centred.T @ centred / max(1, len(centred) - 1))
        axes = axes[:, ::-1][:, :DIMENSIONS]
        axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        return cls(mean, _rounded(axes / np.sqrt(max(strength[-1], 1e-9))))

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """float64 (rows x DIMENSIONS), exact."""
        return _rounded((_rounded(vectors) - self.mean) @ self.axes)


class Contexts:
    """``words`` and ``texts``: the axes of both kinds; ``centres``: an array (clusters x DIMENSIONS) a cut."""

    def __init__(self, words: Axes, texts: Axes, centres: Sequence[np.ndarray], encoder: Encoder | None = None):
        self.words, self.texts, self.centres, self.encoder = words, texts, list(centres), encoder
        self._lengths = [np.einsum("ij,ij->i", each, each) / 2 for each in self.centres]

    @classmethod
    def learn(
        cls, encoder: Encoder, texts: Sequence[str], tell: Callable[[str], None] = lambda _message: None
    ) -> Contexts | None:
        """From texts, each counted once; None if they have fewer than two words.  Deterministic.

        ``tell`` hears how far the encoder is.

        Of little text there are fewer clusters, one to four words at most.  Memory: 4 bytes by the encoder's dimensions
        for each word of the texts.
        """
        from scipy.cluster.vq import kmeans2

        texts = list(dict.fromkeys(texts))
        found, start = [], monotonic()
        for done in range(0, len(texts), _TOLD):
            some = texts[done : done + _TOLD]
            found += encoder.words(some, [tokens(text) for text in some])
            left = (monotonic() - start) / len(found) * (len(texts) - len(found))
            tell(f"{len(found):,} of {len(texts):,} texts encoded, {left:.0f} s left")
        if not found:
            return None
        tell(f"clustering the words of {len(texts):,} texts")
        ends = np.cumsum([len(each) - 1 for each in found])
        if ends[-1] < 2:
            return None
        draw = generator(1, "contexts")
        places = np.sort(draw.choice(ends[-1], _MOST, replace=False)) if ends[-1] > _MOST else np.arange(ends[-1])
        owners = np.searchsorted(ends, places, "right")
        vectors = np.stack([found[owner][place - ends[owner]] for owner, place in zip(owners, places)])
        words, whole = Axes.of(vectors), Axes.of(np.stack([each[0] for each in found]))
        points = words.project(vectors)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of clusters that are empty
            sizes = [min(cut, -(-len(points) // 4)) for cut in CUTS]
            centres = [kmeans2(points, size, _ROUNDS, minit="points", rng=draw)[0] for size in sizes]
        return cls(words, whole, [_rounded(each) for each in centres], encoder)

    def of(self, found: Sequence[np.ndarray]) -> list[Context]:
        """Of each text, from what the encoder makes of it and its words (:meth:`Encoder.words`)."""
        if not found:
            return []
        dense = self.words.project(np.concatenate([each[1:] for each in found]))
        clusters = np.empty((len(dense), len(self.centres)), np.int64)
        for start in range(0, len(dense), _ROWS):
            part = slice(start, start + _ROWS)
            for cut, (each, half) in enumerate(zip(self.centres, self._lengths)):
                clusters[part, cut] = (half - dense[part] @ each.T).argmin(axis=1)
        whole = self.texts.project(np.stack([each[0] for each in found]))
        ends = np.cumsum([len(each) - 1 for each in found])
        return [
            Context(dense[end - len(each) + 1 : end], clusters[end - len(each) + 1 : end], row)
            for each, end, row in zip(found, ends, whole)
        ]

    def arrays(self) -> dict[str, np.ndarray]:
        """What a model file holds of it."""
        named = {"word_mean": self.words.mean, "word_axes": self.words.axes}
        named |= {"text_mean": self.texts.mean, "text_axes": self.texts.axes}
        return {**named, **{f"centres{number}": each for number, each in enumerate(self.centres)}}

    @classmethod
    def build(cls, arrays: dict[str, Any]) -> Contexts:
        """From :meth:`arrays`; the encoder is to be given.  KeyError or ValueError for what does not fit."""
        words = Axes(arrays["word_mean"], arrays["word_axes"])
        texts = Axes(arrays["text_mean"], arrays["text_axes"])
        centres = [arrays[f"centres{number}"] for number in range(len(CUTS))]
        if not all(each.dtype == np.float64 for each in (*words, *texts, *centres)):
            raise ValueError
        for mean, axes in (words, texts):
            if axes.shape != (*mean.shape, words.axes.shape[1]):
                raise ValueError
        if any(each.ndim != 2 or each.shape[1] != words.axes.shape[1] for each in centres):
            raise ValueError
        return cls(words, texts, centres)


def _rounded(values: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(values, -_LARGEST, _LARGEST).astype(float) * _FINE) / _FINE
