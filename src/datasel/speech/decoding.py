"""Emissions to words: beam search over a lexicon with a back-off language model, by Flashlight Text and KenLM."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import log
from typing import Any, NamedTuple

import numpy as np

from datasel.errors import DataError
from datasel.lm.query import Scorer
from datasel.speech.emissions import Emissions
from datasel.speech.lexicon import Entry, strange

_LN10 = log(10)  # KenLM speaks in log10


class Settings(NamedTuple):
    """Of the search.  Scores are natural logarithms."""

    lm_weight: float = 0.8  # what the language model's ln p is multiplied by
    word_score: float = 0.0  # added for every word
    silence_score: float = 0.0  # added for every frame of silence
    beam: int = 100  # hypotheses kept after each frame
    beam_tokens: int = 15  # tokens that a hypothesis goes on with, the most probable of the frame
    beam_threshold: float = 25.0  # hypotheses further below the best are dropped


class Heard(NamedTuple):
    """A hypothesis: ``am_score`` and ``lm_score`` are ln p of the emissions along its best path, and of its text."""

    text: str
    am_score: float
    lm_score: float


class Decoder:
    """Search with one language model, for emissions of one token inventory.

    A word can be heard if it has a pronunciation and the model knows it; of words that sound the same, six at most,
    those that the model finds the most probable alone (``unheard`` entries are beyond that).  Its last token lasts one
    frame, or more if blank or silence follows; silence may stand between words.
    """

    def __init__(self, entries: Sequence[Entry], model: str, settings: Settings, source: Decoder | None = None):
        """``source``: a decoder with the same lexicon and model, whose memory it shares."""
        self.entries, self.model, self._source = entries, model, source
        self.settings = settings
        self.inventory: tuple[tuple[str, ...], int, int] | None = None
        self._search: Any = None
        self.unheard = 0

    @cached_property
    def known(self) -> list[Entry]:
        """The entries whose words the language model knows; DataError if there are none."""
        if self._source:
            return self._source.known
        knows = Scorer(self.model).knows
        found = [entry for entry in self.entries if knows(entry[0])]
        if not found:
            raise DataError("no word of the lexicon is known to this model", self.model)
        return found

    def heard(self, emissions: Emissions, most: int) -> list[Heard]:
        """At most so many different texts, the best first, of equal ones in code-point order; one at least.

        ValueError for emissions of another inventory than the first ones, or than the lexicon's.
        """
        inventory = emissions.tokens, emissions.blank, emissions.silence
        if self._search is None:
            self.open(inventory)
        if inventory != self.inventory:
            raise ValueError("emissions of other tokens than those before")
        frames = np.ascontiguousarray(emissions.log_probs, np.float32)
        if not len(frames):
            return [Heard("", 0.0, 0.0)]
        found: dict[str, Heard] = {}
        ranks: dict[str, int] = {}  # equal for equal scores: those the search orders by where they lie in memory
        rank, last = 0, np.inf
        for result in self._search.decode(frames.ctypes.data, *frames.shape):
            if result.score < last - _EQUAL:
                if len(found) >= most:
                    break
                rank += 1
            last = result.score
            text = " ".join([self._words.get_entry(word) for word in result.words if word >= 0])
            if text not in found:
                found[text] = Heard(text, round(result.emittingModelScore, 4), round(result.lmScore * _LN10, 4))
                ranks[text] = rank
        return [found[text] for text in sorted(found, key=lambda text: (ranks[text], text))[:most]]

    def open(self, inventory: tuple[tuple[str, ...], int, int]) -> None:
        """Make ready for emissions of these tokens, blank and silence; ValueError if the lexicon has others."""
        from flashlight.lib.text.decoder import CriterionType, LexiconDecoder, LexiconDecoderOptions

        self.inventory = inventory
        tokens, blank, silence = inventory
        self._words, self._lm, trie = self._shared(tokens, blank, silence)
        s = self.settings
        options = LexiconDecoderOptions(
            beam_size=s.beam, beam_size_token=min(s.beam_tokens, len(tokens)), beam_threshold=s.beam_threshold,
            lm_weight=s.lm_weight * _LN10, word_score=s.word_score, unk_score=-np.inf, sil_score=s.silence_score,
            log_add=False, criterion_type=CriterionType.CTC,
        )  # fmt: skip
        between = silence if silence >= 0 else blank
        self._trie = trie  # the search does not keep it alive
        unknown = self._words.get_index(_UNKNOWN)
        self._search = LexiconDecoder(options, trie, self._lm, between, blank, unknown, [], False)

    def _shared(self, tokens: Sequence[str], blank: int, silence: int) -> tuple[Any, Any, Any]:
        """Words, language model and prefix tree of the pronunciations, each with its best score ahead."""
        if self._source:
            if self._source.inventory is None:
                self._source.open((tuple(tokens), blank, silence))
            return self._source._words, self._source._lm, self._source._trie
        from flashlight.lib.text.decoder import SmearingMode, Trie
        from flashlight.lib.text.decoder.kenlm import KenLM
        from flashlight.lib.text.dictionary import Dictionary

        if other := strange(self.known, tokens):
            raise ValueError("the lexicon has the token '{1}' (in '{0}'), the emissions do not".format(*other))
        words = Dictionary(list(dict.fromkeys(word for word, _ in self.known if word != _UNKNOWN)))
        words.add_entry(_UNKNOWN)
        with _quiet():
            lm = KenLM(self.model, words)
        number = {token: index for index, token in enumerate(tokens)}
        trie = Trie(len(tokens), silence if silence >= 0 else blank)
        start = lm.start(False)
        for score, word, said in self._audible(lambda word: lm.score(start, words.get_index(word))[1]):
            path = [number[token] for token in said]
            # the search ends a word with its last token's first frame: what follows must belong to the word as well
            # for that token to last
            for after in ([], [blank], [silence] if silence >= 0 else []):
                trie.insert(path + after, words.get_index(word), score)
        trie.smear(SmearingMode.MAX)
        return words, lm, trie


    def _audible(self, score: Callable[[str], float]) -> list[tuple[float, str, tuple[str, ...]]]:
        """The entries with their scores: of those that sound the same the best six, all that the tree holds."""
        alike: dict[tuple[str, ...], list[tuple[float, str]]] = {}
        for word, said in self.known:
            alike.setdefault(said, []).append((-score(word), word))
        made = []
        for said, some in alike.items():
            # of equally probable ones the first: the search would choose by where they lie in memory
            best = {score: word for score, word in sorted(some, reverse=True)}
            made += [(-score, best[score], said) for score in sorted(best)[:_ALIKE]]
        self.unheard = len(self.known) - len(made)
        return made


_UNKNOWN = "<unk>"
_ALIKE = 6  # Flashlight's limit
_EQUAL = 1e-4  # scores nearer than that are the same


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """KenLM in Flashlight writes its progress on the file descriptor of standard error."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
