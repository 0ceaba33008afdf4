"""A word aligner: which word of a sentence translates which word of its translation.

Eflomal (Östling and Tiedemann, "Efficient Word Alignment with Markov Chain Monte Carlo", PBML 106, 2016) as the library
Thot has it, in both directions, symmetrised.  Words are what stands between ASCII white space; the model compares a
form of them, by its number, so that the library never sees text.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from datasel.errors import DataError
from datasel.records import modelfile

KIND = "word aligner"
LONGEST = 1000  # words of a side

_SAME = "="  # a form of its own, for words that the model does not know and both sides have; no word has it
_EDGES = re.compile(r"^[^\w\u0900-\u0dff]+|[^\w\u0900-\u0dff]+$")
_SOUND_ALIKE = str.maketrans({"\u093c": None, "\u200c": None, "\u200d": None, "\u0901": "\u0902"})
_EMPTY = (".src", ".trg", ".srctrgc", ".svcb", ".tvcb")  # the training pairs and their words, which it wants to open
_DIRECTIONS = "forward", "backward"
_TEACHING = 20  # pairs
_HELD = 50_000  # words whose forms are remembered
_UNKNOWN, _FIRST = 1, 3  # how the library numbers words: some of its own come first
_DECODING = (1, 20, 4)  # chains of a sampler, rounds, rounds before counting

Pair = tuple[Sequence[str], Sequence[str]]


class Forms:
    """What the model sees of a word: NFC, lower case, no punctuation at the ends, no nukta, joiners or candrabindu, and
    the first ``letters`` code points, unless there is a digit in it."""

    def __init__(self, letters: int):
        self._letters, self._known = letters, {}

    def __call__(self, word: str) -> str:
        if word not in self._known:
            if len(self._known) > _HELD:
                self._known.clear()
            self._known[word] = self._form(word)
        return self._known[word]

    def _form(self, word: str) -> str:
        form = unicodedata.normalize("NFC", word).lower().translate(_SOUND_ALIKE)
        form = _EDGES.sub("", form) or form or word
        whole = not self._letters or any(map(str.isdigit, form))
        return (form if whole else form[: self._letters]) + ("'" if form == _SAME else "")


def fitted(
    pairs: Iterable[Pair], letters: int, rounds: int, samplers: int, seed: int, show: Callable[[str], None]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """``(settings, arrays)`` of an aligner, learned from pairs of word lists, none of them empty.

    ``rounds`` of each of the three stages (IBM 1, HMM, fertility), by ``samplers`` independent chains.  Raises
    DataError where there is no pair.
    """
    from thot.alignment import EflomalAlignmentModel

    form = Forms(letters)
    known: list[dict[str, int]] = [{_SAME: 0}, {_SAME: 0}]
    rows = _TEACHING * [([0], [0])]  # that what is the same translates the same
    for pair in pairs:
        source, target = (
            [numbers.setdefault(form(word), len(numbers)) for word in side] for numbers, side in zip(known, pair)
        )
        rows.append((source, target))
    if len(rows) == _TEACHING:
        raise DataError("no pairs to learn from")
    arrays: dict[str, bytes] = {}
    sizes = list(map(len, known))
    for name in _DIRECTIONS:
        model = EflomalAlignmentModel()
        model.seed, model.num_samplers = seed % 2**32, samplers
        model.set_iterations(rounds, rounds, rounds)
        model.set_decode_params(*_DECODING)
        _train(model, rows, sizes, lambda told, name=name: show(f"{name}, {told}"))
        arrays |= {name + suffix: content for suffix, content in _printed(model).items()}
        rows, sizes = [row[::-1] for row in rows], sizes[::-1]
    arrays |= {name: "\n".join(words).encode() for name, words in zip(("source", "target"), known)}
    settings = {
        "letters": letters, "rounds": rounds, "samplers": samplers, "pairs": len(rows) - _TEACHING,
        "sums": {name: hashlib.sha256(content).hexdigest() for name, content in arrays.items()},
    }  # fmt: skip
    return settings, arrays


def _train(model, rows, sizes, show):
    for add, size in zip((model.add_src_word, model.add_trg_word), sizes):
        if [add(str(number)) for number in range(size)] != list(range(_FIRST, _FIRST + size)):
            raise DataError("this version of the library Thot numbers words in another way")
    for source, target in rows:
        model.add_sentence_pair(list(map(str, source)), list(map(str, target)))
    model.start_training()
    for number in range(model.scheduled_iterations):
        show(f"round {number + 1} of {model.scheduled_iterations}")
        model.train()
    model.end_training()


def _printed(model) -> dict[str, bytes]:
    """What the library writes of a model, without the pairs it was trained on and their words."""
    made = {}
    with tempfile.TemporaryDirectory(prefix="datasel-") as folder:
        if not model.print(os.path.join(folder, "m")):
            raise DataError("the model could not be written", folder)
        for name in sorted(os.listdir(folder)):
            if name.startswith(("m.yml", "m.params", "m.efl_")):
                with open(os.path.join(folder, name), "rb") as file:
                    made[name[1:]] = file.read()
    return made


class Aligner:
    """An aligner that was read, with the heuristic that makes one alignment of those in both directions."""

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray], heuristic: str):
        from thot.alignment import SymmetrizationHeuristic, SymmetrizedAligner

        contents = {name: array.tobytes() for name, array in arrays.items()}
        if {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()} != settings["sums"]:
            raise ValueError("damaged")  # the library would crash on some of that
        if type(settings["letters"]) is not int or settings["letters"] < 0:
            raise ValueError("letters")
        self._forms = Forms(settings["letters"])
        self._known = [
            {word: number + _FIRST for number, word in enumerate(contents.pop(name).decode().split("\n"))}
            for name in ("source", "target")
        ]
        self._models = [_opened(contents, name) for name in _DIRECTIONS]
        self._aligner = SymmetrizedAligner(*self._models)
        self._aligner.heuristic = getattr(SymmetrizationHeuristic, heuristic.upper().replace("-", "_"))

    def __call__(self, pairs: Sequence[Pair]) -> list[list[list[int]]]:
        """The links of each pair, ``[[source word, target word], ...]`` in order; none of a pair with an empty side or
        one of more than 1,000 words.  They depend on the pair alone."""
        there = [n for n, pair in enumerate(pairs) if all(0 < len(side) <= LONGEST for side in pair)]
        numbers = [self._numbers(pairs[n]) for n in there]
        made: list[list[list[int]]] = [[] for _ in pairs]
        found = self._aligner.get_best_alignments([s for s, _ in numbers], [t for _, t in numbers]) if there else ()
        for n, (_, matrix) in zip(there, found):
            made[n] = np.argwhere(matrix.to_numpy()).tolist()
        return made

    def _numbers(self, pair: Pair) -> tuple[list[int], list[int]]:
        """What a model does not know is one unknown word, but for what stands on both sides."""
        forms = [[self._forms(word) for word in side] for side in pair]
        strange = [{form for form in side if form not in known} for side, known in zip(forms, self._known)]
        same = strange[0] & strange[1]
        sides = [
            [known[_SAME] if form in same else known.get(form, _UNKNOWN) for form in side]
            for side, known in zip(forms, self._known)
        ]
        return sides[0], sides[1]


def _opened(contents: Mapping[str, bytes], name: str):
    from thot.alignment import EflomalAlignmentModel

    model = EflomalAlignmentModel()
    files = {key[len(name) :]: content for key, content in contents.items() if key.startswith(name + ".")}
    with tempfile.TemporaryDirectory(prefix="datasel-") as folder:
        for suffix, content in {**dict.fromkeys(_EMPTY, b""), **files}.items():
            with open(os.path.join(folder, "m" + suffix), "wb") as file:
                file.write(content)
        if not model.load(os.path.join(folder, "m")):
            raise ValueError("not what the library reads")
    return model


def read(path: str, heuristic: str) -> Aligner:
    """The aligner in a file; ModelError if it is not whole and sound."""
    return modelfile.load(path, KIND, lambda settings, arrays: Aligner(settings, arrays, heuristic))
