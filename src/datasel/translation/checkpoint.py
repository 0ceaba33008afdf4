"""The state of a training run on disk, so that a killed one goes on."""

from __future__ import annotations

import hashlib
import os
import zipfile

import msgspec
import numpy as np

from datasel.errors import DataError
from datasel.records.sink import Sink
from datasel.translation.model import arrays, stored
from datasel.translation.pairs import Pairs
from datasel.translation.training import Trainer


class Checkpoint:
    """One file in a folder of its own; ``run`` names the run: its settings and the sum of its data."""

    def __init__(self, folder: str, run: str):
        os.makedirs(folder, exist_ok=True)
        self._path, self._run = os.path.join(folder, "state.npz"), run

    def save(self, trainer: Trainer) -> None:
        figures, content = trainer.state()
        told = msgspec.json.encode({"run": self._run, **figures})
        sink = Sink(self._path)
        sink.write(stored({"figures": np.frombuffer(told, np.uint8), **content}))
        sink.close()

    def resume(self, trainer: Trainer) -> bool:
        """Whether there was a state to go on from; DataError for one of another run, or damaged."""
        try:
            with open(self._path, "rb") as file:
                content = arrays(file.read())
            figures = msgspec.json.decode(content["figures"].tobytes())
            if figures["run"] != self._run:
                raise DataError("a checkpoint of other data or options; remove it, or name another folder", self._path)
            trainer.resume(figures, content)
        except FileNotFoundError:
            return False
        except (ValueError, KeyError, TypeError, RuntimeError, zipfile.BadZipFile, EOFError):
            raise DataError("a damaged checkpoint; remove it", self._path) from None
        return True


def sum_of(pairs: Pairs) -> str:
    """What tells one set of pairs from another."""
    total = hashlib.sha256()
    for column in (pairs.sources, pairs.targets, pairs.links or ()):
        for row in column:
            total.update(row.tobytes() + b"|")
    return total.hexdigest()[:16]
