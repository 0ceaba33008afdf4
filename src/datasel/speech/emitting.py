"""Records with audio (or with another model's emissions) in, records with emissions out."""

from __future__ import annotations

import os
import re
from typing import Any, NamedTuple

from datasel.records.jsonl import Records, encode, optional, parse
from datasel.records.paths import folder_of, relative
from datasel.records.streams import Block
from datasel.speech import audio, emissions

_SAFE = re.compile(r"\w[\w.-]*")  # an id that may name a file
_LONGEST = 200  # bytes


class Sound(NamedTuple):
    """What is done to a waveform before a model gets it."""

    level: float | None = None  # root mean square, dB of full scale
    noise_snr: float | None = None  # dB
    seed: int = 1
    longest: float = 60.0  # seconds


class Emitter:
    """A model at work.  ``folder`` is where .npz files go; without one emissions stand in the field ``into`` itself.
    ``place``: the folder that their names in records are relative to."""

    def __init__(self, model, sound: Sound, folder: str | None = None, into: str = "emissions", place: str = ""):
        self._model, self._sound, self._folder, self._into, self._place = model, sound, folder, into, place

    def __call__(self, block: Block) -> bytes:
        """The block's records with emissions.  Its files are given to the block, for the pipe to write."""
        records = parse(block, {self._model.reads: str, "id": optional(Any)})
        fields: list[bytes] = []
        wanted = []
        for index, value in enumerate(records.column(self._model.reads)):
            try:
                made = self._model.of(self._given(value, block.name))
                if not emissions.normal(made.log_probs):
                    raise ValueError("the model gives a frame whose probabilities do not sum to 1")
            except ValueError as error:
                records.refuse(index, str(error))
                fields.append(b"")
                continue
            wanted.append(index)
            fields.append(encode(self._placed(emissions.pack(made), records, index)))
        return records.with_fields({self._into: fields}, wanted)

    def _given(self, value: str, name: str):
        """What the model reads, of a field's value in the file of this name."""
        if self._model.reads == "emissions":
            return emissions.load(value, name)
        sound = self._sound
        path = os.path.join(folder_of(name), value)
        waveform = audio.read(path, self._model.rate, sound.longest)
        if sound.noise_snr is not None:
            waveform = audio.with_noise(waveform, sound.noise_snr, sound.seed, value)
        return waveform if sound.level is None else audio.at_level(waveform, sound.level)

    def _placed(self, made: bytes, records: Records, index: int) -> str:
        """The field's text for these bytes."""
        if self._folder is None:
            return emissions.inline(made)
        name, number = records.column("id")[index], records.numbers[index]
        if not isinstance(name, str) or not _SAFE.fullmatch(name) or len(name.encode()) > _LONGEST:
            name = f"{records.block.before + number:06}"
        path = os.path.join(self._folder, f"{name}.npz")
        records.block.files.append((number, path, made))
        return relative(path, "", self._place)
