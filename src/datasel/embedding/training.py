"""fastText vectors learned from text (Bojanowski et al., TACL 2017), the same bytes every time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from typing import NamedTuple

from datasel.embedding.subwords import without_long
from datasel.errors import DataError
from datasel.records.parallel import run_apart

_NO_LABEL = "\x01"  # words that begin with fastText's mark of a label would be none; no word of ours begins with this


class Settings(NamedTuple):
    """How to train; names and meanings are fastText's."""

    method: str  # skipgram or cbow
    dim: int
    epochs: int
    rate: float
    window: int
    negatives: int
    min_count: int
    min_n: int
    max_n: int
    buckets: int
    seed: int


def train(contents: Iterable[bytes], settings: Settings) -> bytes:
    """A .bin model of texts as text.words.normalised gives them, an LF after each.

    Raises DataError where there is no word to learn from, or where training fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, made = os.path.join(folder, "text"), os.path.join(folder, "model")
        words = 0
        with open(source, "wb") as file:
            for content in map(without_long, contents):
                words += len(content.split())
                file.write(content)
        if not words:
            raise DataError("no words to learn from")
        # apart: fastText does not hear Ctrl-C, and does not say when writing its model failed
        failure = f"fastText could not train (does no word come {settings.min_count} times? is TMPDIR full?)"
        run_apart(lambda: _run(source, made, settings), failure)
        with open(made, "rb") as file:
            return file.read()


def _run(source: str, made: str, settings: Settings) -> None:
    import fasttext_pybind

    args = fasttext_pybind.args()
    args.model = getattr(fasttext_pybind.model_name, "skipgram" if settings.method == "skipgram" else "cbow")
    args.loss = fasttext_pybind.loss_name.ns
    args.input, args.label, args.verbose = source, _NO_LABEL, 0
    # one thread: of more, the order of updates is another every time
    args.thread, args.seed = 1, settings.seed % 2**31
    args.dim, args.epoch, args.lr = settings.dim, settings.epochs, settings.rate
    args.ws, args.neg, args.minCount = settings.window, settings.negatives, settings.min_count
    args.minn, args.maxn, args.bucket = settings.min_n, settings.max_n, settings.buckets if settings.max_n else 0
    model = fasttext_pybind.fasttext()
    fasttext_pybind.train(model, args)
    model.saveModel(made)
