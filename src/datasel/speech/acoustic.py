"""Acoustic models with a CTC output: of the package hama, any ONNX file over waveforms, and those of ctc-fit.

Each has ``reads``, the field it works from: ``audio`` (then ``rate``, Hz, is that of the waveform it takes) or
``emissions`` (of another model).  ``of`` gives the emissions of one utterance; nothing beside it plays a part.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
import numpy as np

from datasel.errors import DataError, ModelError
from datasel.extras import missing
from datasel.records import onnxfile
from datasel.records.streams import content
from datasel.speech import features
from datasel.speech.emissions import Emissions
from datasel.speech.inventory import TokenMap, inventory, read_list, read_map

KIND = "acoustic"
_OUTPUT = "log_probs"  # of a network of ctc-fit


class Hama:
    """The universal phone model in the package hama: 16 kHz, 50 frames a second, IPA tokens; one thread."""

    reads, rate, _frame_rate = "audio", 16000, 50.0

    def __init__(self, classes: str | None = None):
        """Raises DataError where the package is not installed."""
        try:
            from hama import ASRModel

            model = ASRModel()
        except (ImportError, RuntimeError):
            raise missing("this model", "hama", "speech") from None
        self._session = model.session
        self._inventory = inventory(model.decoder_tokens, "<blank>", "<wb>", _map(classes), "hama")

    def of(self, waveform: np.ndarray) -> Emissions:
        feed = {"waveform": waveform[None], "waveform_lengths": np.array([len(waveform)])}
        log_probs, lengths = self._session.run(["log_probs", "out_lengths"], feed)
        return self._inventory.merged(log_probs[0, : int(lengths[0])], self._frame_rate)


class Merging:
    """No model of its own: emissions that are there already, their tokens merged by the map in ``classes``."""

    reads = "emissions"

    def __init__(self, classes: str):
        """Raises DataError for a file that is no map."""
        self._classes, self._found = read_map(classes), {}

    def of(self, given: Emissions) -> Emissions:
        """ValueError for a token that is not in the map."""
        if given[1:4] not in self._found:
            silence = given.tokens[given.silence] if given.silence >= 0 else None
            try:
                made = inventory(given.tokens, given.tokens[given.blank], silence, self._classes)
            except DataError as error:
                raise ValueError(str(error)) from None
            self._found = {given[1:4]: made}
        return self._found[given[1:4]].merged(given.log_probs, given.frame_rate)


class Foreign:
    """An ONNX network that takes a waveform (float32, 1 x samples), and its length where it has a second input, and
    gives logits or log-probabilities (1 x frames x tokens)."""

    reads = "audio"

    def __init__(self, path: str, tokens: str, blank: str, silence: str | None, rate: int, classes: str | None = None):
        """Raises ModelError for a file that is no such network."""
        self._path, self.rate = path, rate
        self._session = onnxfile.session(path, content(path))
        self._names = [each.name for each in self._session.get_inputs()]
        if len(self._names) > 2:
            raise ModelError(f"{path}: its inputs are {', '.join(self._names)}, not a waveform and its length")
        names = read_list(tokens)
        self._inventory = inventory(names, blank, silence, _map(classes), tokens)
        short, long = (self._run(np.zeros(seconds * rate, np.float32)) for seconds in (1, 3))
        if long.shape[1] != len(names):
            raise ModelError(f"{path}: gives {long.shape[1]} numbers a frame, for {len(names)} tokens in {tokens}")
        if len(long) <= len(short):
            raise ModelError(f"{path}: gives no frame for each stretch of time")
        self._frame_rate = (len(long) - len(short)) / 2

    def of(self, waveform: np.ndarray) -> Emissions:
        """ValueError for a waveform that the network fails on, such as one shorter than it sees at once."""
        try:
            return self._inventory.merged(_log_softmax(self._run(waveform)), self._frame_rate)
        except ModelError as error:
            raise ValueError(str(error)) from None

    def _run(self, waveform: np.ndarray) -> np.ndarray:
        feed = dict(zip(self._names, (waveform[None], np.array([len(waveform)]))))
        out = _ran(self._path, self._session, feed)
        if out.ndim != 3 or len(out) != 1 or out.dtype.kind != "f":
            raise ModelError(f"{self._path}: gives no numbers for each frame")
        return out[0]


class Description(NamedTuple):
    """What a model of ctc-fit says of itself."""

    reads: Literal["audio", "emissions"]
    inputs: list[str]  # the tokens of the emissions that it reads
    sample_rate: int
    frame_rate: float
    tokens: list[str]
    blank: str
    silence: str


class Fitted:
    """A model of ctc-fit.  Its description says what it reads, its tokens, blank, silence and frame rate."""

    def __init__(self, path: str, classes: str | None = None):
        """Raises ModelError unless it is one."""
        settings, self._session = onnxfile.load(path, KIND)
        self._path = path
        try:
            said = msgspec.convert([settings[name] for name in Description._fields], Description)
            size = features.mel_size() if said.reads == "audio" else len(said.inputs)
            out = _ran(path, self._session, {"frames": np.zeros((1, 3, size), np.float32)}, _OUTPUT)
            if out.shape != (1, 3, len(said.tokens)) or not np.abs(np.exp(out).sum(axis=2) - 1).max() <= 0.01:
                raise ValueError
            if not (said.sample_rate >= 1000 and 0 < said.frame_rate < np.inf):
                raise ValueError
        except (KeyError, TypeError, ValueError):  # of msgspec as well
            raise ModelError(f"{path}: parts of the model are missing or do not fit; make it again") from None
        self.reads, self.rate, self._said = said.reads, said.sample_rate, said
        self._inventory = inventory(said.tokens, said.blank, said.silence, _map(classes), path)

    def of(self, given: np.ndarray | Emissions) -> Emissions:
        """ValueError for emissions of other tokens or another frame rate than those it was trained on."""
        rate = self._said.frame_rate
        if self.reads == "audio":
            frames = features.log_mel(given, self.rate)
        else:
            if list(given.tokens) != self._said.inputs or given.frame_rate != rate:
                raise ValueError("emissions of other tokens, or of another frame rate, than the model was trained on")
            frames = features.of_emissions(given)
        if not len(frames):
            raise ValueError("no frame of sound")
        out = _ran(self._path, self._session, {"frames": frames[None]}, _OUTPUT)
        return self._inventory.merged(out[0], rate)


def _map(path: str | None) -> TokenMap | None:
    return None if path is None else read_map(path)


def _ran(path: str, session, feed, output: str | None = None) -> np.ndarray:
    """The output of this name, or the first."""
    try:
        return session.run([output] if output else None, feed)[0]
    except Exception as error:  # onnxruntime's own errors share no base class but Exception
        raise ModelError(f"{path}: the network does not run ({str(error).splitlines()[0]})") from None


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    scores = scores.astype(float)
    scores = scores - scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
