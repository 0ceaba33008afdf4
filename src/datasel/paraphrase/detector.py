"""The paraphrase detector at work: utterances to vectors, similarities of vectors to probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from datasel.errors import ModelError
from datasel.paraphrase.units import PIECES, Vocabulary
from datasel.records import onnxfile
from datasel.selection.vectors import UNIT

KIND = "paraphrase-detector"
_BATCH = 256  # texts encoded at a time
_ROWS = 16  # a batch has a multiple of so many: a text's vector must not depend on how many it is encoded with
_WORDS = 1 << 17  # known at a time


class Detector:
    """``probability`` of a cosine is 1 / (1 + exp(-(scale * cosine + shift))), scale above 0."""

    def __init__(self, session, buckets: int, scale: float, shift: float, path: str = "model"):
        self._session, self._vocabulary, self._path = session, Vocabulary(buckets), path
        self.scale, self.shift = scale, shift
        self.dimensions: int = session.get_outputs()[0].shape[1]

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """int16 (texts x dimensions), each row of length UNIT but for rounding; it depends on its text alone.

        ModelError where the network gives something else.
        """
        if len(self._vocabulary) > _WORDS:
            self._vocabulary = Vocabulary(self._vocabulary.buckets)
        rows = self._vocabulary.numbers(texts)
        lengths = np.array([len(row) for row in rows])
        made = np.empty((len(rows), self.dimensions), np.int16)
        for length in np.unique(lengths).tolist():
            same = np.flatnonzero(lengths == length)
            for place in range(0, len(same), _BATCH):
                chosen = same[place : place + _BATCH]
                words = np.array([rows[index] for index in chosen.tolist()])
                made[chosen] = self._encode(words)
        return made

    def _encode(self, words: np.ndarray) -> np.ndarray:
        padded = np.resize(words, (-(-len(words) // _ROWS) * _ROWS, words.shape[1]))
        used, place = np.unique(padded, return_inverse=True)
        pieces = self._vocabulary.pieces[used]
        feed = {"pieces": pieces, "words": place.reshape(padded.shape).astype(np.int32)}
        found = self._session.run(["vectors"], feed)[0][: len(words)]
        if not np.abs(found).max(initial=0) < 2:  # NaN is not
            raise ModelError(f"{self._path}: the network gives no vectors of length 1; make it again")
        return np.rint(found * UNIT).astype(np.int16)

    def probability(self, product: np.ndarray) -> np.ndarray:
        """Of products of two vectors (exact whole numbers): float64, 0 to 1, rising with the product."""
        with np.errstate(over="ignore"):  # beyond all floats: 0
            return 1 / (1 + np.exp(-(self.scale * (product / UNIT**2) + self.shift)))

    def twin(self) -> Detector:
        """One that another thread may use at the same time: the same network, words of its own."""
        return Detector(self._session, self._vocabulary.buckets, self.scale, self.shift, self._path)

    @classmethod
    def load(cls, path: str) -> Detector:
        """Raises ModelError unless ``path`` is a sound model that paraphrase-fit made."""
        settings, session = onnxfile.load(path, KIND)
        try:
            if settings["pieces"] != PIECES or settings["buckets"] < 2 or not settings["scale"] > 0:
                raise ValueError
            made = cls(session, int(settings["buckets"]), float(settings["scale"]), float(settings["shift"]), path)
            made._try()
        except Exception:  # onnxruntime's own errors share no other base class
            raise ModelError(f"{path}: parts of the model are missing or do not fit; make it again") from None
        return made

    def _try(self) -> None:
        """Raises an error unless the network takes a word with the last of the buckets and gives a vector."""
        last = np.full((1, PIECES), self._vocabulary.buckets - 1, np.int32)
        feed = {"pieces": last, "words": np.zeros((1, 1), np.int32)}
        if self._session.run(["vectors"], feed)[0].shape != (1, self.dimensions):
            raise ValueError
