"""Emissions to words: beam search over a lexicon with a back-off language model, by Flashlight Text and KenLM."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice, product
from math import log
from typing import Any, NamedTuple

import numpy as np

from datasel.errors import DataError, ModelError
from datasel.lm.opening import ORDERS
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
    beam_threshold: float = 14.0  # hypotheses further below the best are dropped


# What each may be.
RANGES = {
    "lm_weight": (0.0, 1e6), "word_score": (-1e6, 1e6), "silence_score": (-1e6, 1e6), "beam": (1, 1_000_000),
    "beam_tokens": (1, 1_000_000), "beam_threshold": (0.0, 1e6),
}  # fmt: skip


class Heard(NamedTuple):
    """A hypothesis: ``am_score`` and ``lm_score`` are ln p of the emissions along its best path, and of its text."""

    text: str
    am_score: float
    lm_score: float


class Decoder:
    """Search with one language model, for emissions of one token inventory.

    A word can be heard if it has a pronunciation and the model knows it.  Of words that sound the same and that the
    model finds equally probable alone, the search has one; its texts are then tried with the others in that one's
    place.  Of those of different probabilities it has six at most (``unheard`` entries are beyond that).  A word's last
    token lasts one frame, or more if blank or silence follows; silence may stand between words.
    """

    def __init__(self, entries: Sequence[Entry], model: str, settings: Settings, source: Decoder | None = None):
        """``source``: a decoder with the same lexicon and model, whose memory it shares."""
        self.entries, self.model, self._source = entries, model, source
        self.settings = settings
        self.inventory: tuple[tuple[str, ...], int, int] | None = None
        self._search: Any = None
        self.unheard = 0
        # by pronunciation and the one that the search has: that one and its equals
        self._equals: dict[tuple[str, ...], dict[str, list[str]]] = {}

    @cached_property
    def known(self) -> list[Entry]:
        """The entries whose words the language model knows; DataError if there are none."""
        if self._source:
            return self._source.known
        scorer = Scorer(self.model)
        if scorer.file is None:
            raise ModelError(f"{self.model}: of a higher order than {ORDERS[-1]}, which recognition does not take")
        self._file = scorer.file
        found = [entry for entry in self.entries if scorer.knows(entry[0])]
        if not found:
            raise DataError("no word of the lexicon is known to this model", self.model)
        return found

    def heard(self, emissions: Emissions, most: int) -> list[Heard]:
        """At most so many different texts, the best first, of equal ones in code-point order; one at least.

        ValueError for emissions of another inventory than the first ones, or than the lexicon's, or of too many frames.
        """
        inventory = emissions.tokens, emissions.blank, emissions.silence
        if self._search is None:
            self.open(inventory)
        if inventory != self.inventory:
            raise ValueError("emissions of other tokens than those before")
        frames = np.maximum(np.ascontiguousarray(emissions.log_probs, np.float32), _NEVER)
        if len(frames) > _LONGEST:
            raise ValueError(f"{len(frames):,} frames, more than {_LONGEST:,}: cut the recording at pauses")
        if not len(frames):
            return [Heard("", 0.0, round(self._ln([]), 4))]
        best: dict[str, tuple[float, Heard]] = {}
        for result in self._search.decode(frames.ctypes.data, *frames.shape):
            for score, words, ln in self._texts(result):
                text = " ".join(words)
                if text not in best or score > best[text][0]:
                    best[text] = score, Heard(text, round(result.emittingModelScore, 4), round(ln, 4))
        found: list[Heard] = []
        equal: list[Heard] = []  # the search orders texts of equal scores by where they lie in memory
        last = np.inf
        for score, heard in sorted(best.values(), key=lambda each: -each[0]):
            if score < last - _EQUAL:
                found += sorted(equal)
                equal = []
                if len(found) >= most:
                    break
            equal.append(heard)
            last = score
        return (found + sorted(equal))[:most]

    def _texts(self, result: Any) -> Iterator[tuple[float, list[str], float]]:
        """A path's words with its score and ln p of the text, and the same with words in the place of equal ones."""
        numbers = np.array(result.words)
        ends = np.flatnonzero(numbers >= 0)
        words = [self._words.get_entry(number) for number in numbers[ends].tolist()]
        ln = result.lmScore * _LN10
        yield result.score, words, ln
        if self._equal_words.isdisjoint(words):
            return
        said = np.array(result.tokens)
        choices = []
        for word, start, end in zip(words, [0, *(ends[:-1] + 1)], ends + 1):
            tokens = said[start:end]
            tokens = tokens[np.flatnonzero(np.diff(tokens, prepend=-1))].tolist()
            key = tuple(self.inventory[0][token] for token in tokens if token not in self.inventory[1:])
            choices.append(self._equals.get(key, {}).get(word, [word]))
        most = min(_VARIANTS, _VARIED // len(words))
        kept, count = len(choices), 1  # only the last places vary among so many
        while kept and count < most:
            kept -= 1
            count *= len(choices[kept])
        before = self._walked(words[:kept])
        for others in islice(product(*choices[kept:]), 1, most):
            other = self._ln(others, before)
            yield result.score + self.settings.lm_weight * (other - ln), [*words[:kept], *others], other

    def _walked(self, words: Sequence[str], before: tuple[Any, float] | None = None) -> tuple[Any, float]:
        """The language model's state after words, from that before them, and their log10 p in total."""
        state, total = before or (self._lm.start(False), 0.0)
        for word in words:
            state, score = self._lm.score(state, self._words.get_index(word))
            total += score
        return state, total

    def _ln(self, words: Sequence[str], before: tuple[Any, float] | None = None) -> float:
        """ln p of a text, its end included; ``before``: where its first words are walked already."""
        state, total = self._walked(words, before)
        return (total + self._lm.finish(state)[1]) * _LN10

    def open(self, inventory: tuple[tuple[str, ...], int, int]) -> None:
        """Make ready for emissions of these tokens, blank and silence; ValueError if the lexicon has others."""
        from flashlight.lib.text.decoder import CriterionType, LexiconDecoder, LexiconDecoderOptions

        self.inventory = inventory
        tokens, blank, silence = inventory
        self._words, self._lm, trie = self._shared(tokens, blank, silence)
        if self._source:
            self._equals = self._source._equals
        self._equal_words = {word for some in self._equals.values() for word in some}
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
            lm = KenLM(self._file, words)
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
            equal: dict[float, list[str]] = {}
            for score, word in sorted(some):
                equal.setdefault(score, []).append(word)
            # of equal ones the first: the search would choose by where they lie in memory
            chosen = list(equal.items())[:_ALIKE]
            made += [(-score, words[0], said) for score, words in chosen]
            self.unheard += sum(map(len, equal.values())) - sum(len(words) for _, words in chosen)
            if others := {words[0]: words for _, words in chosen if len(words) > 1}:
                self._equals[said] = others
        return made


_UNKNOWN = "<unk>"
_ALIKE = 6  # Flashlight's limit
_EQUAL = 1e-4  # scores nearer than that are the same
_VARIANTS = 64  # texts of a path, at most
_VARIED = 50_000  # and their words in all: a text of a thousand words has fewer variants
_LONGEST = 100_000  # frames: the search holds up to 50 kB of each
_NEVER = -1e4  # ln p of what cannot be: sums of -inf are no scores


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
