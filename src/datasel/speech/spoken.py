"""Utterances to learn from: frames of what was recorded, beside the text that was said."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from datasel.errors import DataError
from datasel.records.jsonl import Records
from datasel.records.paths import folder_of
from datasel.speech import audio, emissions, features
from datasel.speech.fitting import Examples
from datasel.speech.targets import Targets, needed

SAMPLE_RATE = 16000


class Utterance(NamedTuple):
    """One, and where it stands."""

    frames: np.ndarray
    text: str
    records: Records
    index: int


class Reader:
    """Utterances of records with the field ``reads``: audio, or emissions, which must all be of the same tokens."""

    def __init__(self, reads: str, field: str, longest: float):
        self.reads, self._field, self._longest = reads, field, longest
        self.inputs: tuple[str, ...] = ()  # the tokens of the emissions
        self.frame_rate = 0.0

    @property
    def schema(self) -> dict[str, Any]:
        return {self.reads: str, self._field: str}

    def utterances(self, blocks: Iterable[Records]) -> list[Utterance]:
        """DataError, with file and line, for what cannot be read."""
        return list(self._each(blocks))

    def _each(self, blocks: Iterable[Records]) -> Iterator[Utterance]:
        for records in blocks:
            for index, (value, text) in enumerate(zip(records.column(self.reads), records.column(self._field))):
                try:
                    yield Utterance(self._frames(value, records.block.name), text, records, index)
                except ValueError as error:
                    raise records.error(index, str(error)) from None

    def _frames(self, value: str, name: str) -> np.ndarray:
        if self.reads == "audio":
            path = os.path.join(folder_of(name), value)
            self.frame_rate = features.MEL_RATE
            return features.log_mel(audio.read(path, SAMPLE_RATE, self._longest), SAMPLE_RATE)
        found = emissions.load(value, name)
        if self.inputs and (found.tokens, found.frame_rate) != (self.inputs, self.frame_rate):
            raise ValueError("emissions of other tokens, or of another frame rate, than those before")
        self.inputs, self.frame_rate = found.tokens, found.frame_rate
        return features.of_emissions(found)


def examples(utterances: Iterable[Utterance], targets: Targets) -> Examples:
    """What a trainer takes.  DataError, with file and line, for a text that has more tokens than there are frames."""
    frames, said = [], []
    for each in utterances:
        try:
            tokens = targets.of(each.text)
            if needed(tokens) > len(each.frames):
                raise ValueError(f"what is said needs {needed(tokens)} frames, and there are {len(each.frames)}")
        except ValueError as error:
            raise each.records.error(each.index, str(error)) from None
        frames.append(each.frames)
        said.append(tokens)
    if not said:
        raise DataError("no utterances")
    return Examples(frames, said)
