"""Texts to their best translations, scored, by a translator in CTranslate2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from datasel.translation.model import Model
from datasel.translation.pieces import words

LONGEST = 1000  # pieces of a side: the networks number 1,024 places
_DIGITS = 6  # of scores


class Hypothesis(NamedTuple):
    """A translation.  ``mt_score`` is ln of its probability, its end included, ``mt_tokens`` the pieces that takes,
    ``mt_score_per_token`` the one by the other; ``flags`` what is odd about it."""

    text: str
    mt_score: float
    mt_tokens: int
    mt_score_per_token: float
    flags: list[str]


class Decoder:
    """A translator with its settings: so many hypotheses, found by a beam of that width.

    ``length_penalty`` is the power of the length that scores are divided by in the search.  Texts of more than
    ``longest`` pieces are translated in parts, of as many words as fit; a word of more stands for itself.
    """

    def __init__(
        self, model: Model, hypotheses: int, beam: int, length_penalty: float, batch_tokens: int, longest: int
    ):
        self._pieces, self._model, self._length_penalty = model.pieces, model, length_penalty
        frame = self._frame = model.frame
        self.most = min(
            LONGEST, frame.places - len(frame.before) - len(frame.after) - 1, frame.places - len(frame.target) - 2
        )
        self._longest = min(longest, self.most)
        self._options = {
            "beam_size": beam, "num_hypotheses": hypotheses, "length_penalty": length_penalty,
            "return_scores": True, "disable_unk": True, "max_input_length": 0,
            "max_decoding_length": min(2 * longest + 10 + len(frame.target), frame.places - 2),
        }  # fmt: skip
        self._batch = {"max_batch_size": batch_tokens, "batch_type": "tokens"}

    @cached_property
    def _translator(self):
        """Opened when it is needed first, so that every worker process has one of its own."""
        return self._model.translator()

    def translations(self, texts: Sequence[str]) -> list[list[Hypothesis]]:
        """The best translations of each text, best first; a text without words has one, empty and of score 0."""
        unique = list(dict.fromkeys(texts))
        parts = [self._parts(text, pieces) for text, pieces in zip(unique, self._pieces.tokens(unique))]
        found = self._found([part.pieces for some in parts for part in some if not part.word])
        made = {}
        for text, some in zip(unique, parts):
            lists = [self._itself(part.word) if part.word else next(found) for part in some]
            made[text] = self._joined(text, some, lists)
        return [made[text] for text in texts]

    def forced(self, texts: Sequence[str], targets: Sequence[str]) -> list[list[Hypothesis]]:
        """Given translations, scored; as lists of one, empty lists where a side has more than ``most`` pieces.

        A side without words is scored as well, as the sentence's end alone.
        """
        flags = [oddities(words(text), words(target)) for text, target in zip(texts, targets)]
        made = [[_EMPTY._replace(text=target, flags=each)] for target, each in zip(targets, flags)]
        pairs = list(zip(self._pieces.tokens(texts), self._model.target_pieces.tokens(targets)))
        for place, pair in enumerate(pairs):
            if max(map(len, pair)) > self.most:
                made[place] = []
        given = [place for place, pair in enumerate(pairs) if made[place]]
        scores = self._together([pairs[place] for place in given], self._scored)
        for place, total in zip(given, scores):
            made[place] = [self._hypothesis(texts[place], targets[place], total, len(pairs[place][1]) + 1, False)]
        return made

    def _scored(self, sources: list[list[str]], targets: list[list[str]]) -> list[float]:
        targets = [[*self._frame.target, *target] for target in targets]
        found = self._translator.score_batch(self._framed(sources), targets, max_input_length=0, **self._batch)
        return [float(sum(each.log_probs[len(self._frame.target) :])) for each in found]

    def _framed(self, sources: list[list[str]]) -> list[list[str]]:
        return [[*self._frame.before, *source, *self._frame.after] for source in sources]

    # -- parts of a text -----------------------------------------------------------------------------------

    def _parts(self, text: str, pieces: list[str]) -> list[_Part]:
        """Its parts of at most ``longest`` pieces, and words of more."""
        if len(pieces) <= self._longest:
            return [_Part(pieces)] if pieces else []
        made = [_Part([])]
        apart = words(text)
        for word, own in zip(apart, self._pieces.tokens(apart)):
            if len(own) > self._longest:
                made += [_Part([], word), _Part([])]
                continue
            if len(made[-1].pieces) + len(own) > self._longest:
                made.append(_Part([]))
            made[-1].pieces.extend(own)
        return [part for part in made if part.pieces or part.word]

    def _found(self, rows: Sequence[list[str]]) -> Iterator[list[_Found]]:
        """The hypotheses of each row of pieces."""
        results = self._together([(row, []) for row in rows], self._searched)
        first = len(self._frame.target)  # what a hypothesis begins with
        texts = iter(
            self._model.target_pieces.texts([made[first:] for result in results for made in result.hypotheses])
        )
        for result in results:
            some = []
            for pieces, score in zip(result.hypotheses, result.scores):
                ended = len(pieces) < self._options["max_decoding_length"]
                tokens = len(pieces) + ended  # CTranslate2's length, with what the hypothesis begins with
                total = score * tokens**self._length_penalty
                some.append(_Found(next(texts), total, tokens - first, ended))
            yield some

    def _searched(self, sources: list[list[str]], _) -> list:
        begin = [list(self._frame.target)] * len(sources) if self._frame.target else None
        return self._translator.translate_batch(
            self._framed(sources), target_prefix=begin, **self._options, **self._batch
        )

    def _joined(self, text: str, parts: Sequence[_Part], lists: Sequence[list[_Found]]) -> list[Hypothesis]:
        """The hypotheses of a text from those of its parts: the first ones together, the second ones, and so on."""
        if not parts:
            return [_EMPTY]
        made = []
        for rank in range(min(map(len, lists))):
            chosen = [found[rank] for found in lists]
            joined = " ".join([found.text for found in chosen if found.text])
            total, tokens = (sum(figures) for figures in zip(*[(found.total, found.tokens) for found in chosen]))
            made.append(self._hypothesis(text, joined, total, tokens, not all(found.ended for found in chosen)))
        return made

    def _itself(self, word: str) -> list[_Found]:
        return [_Found(word, 0.0, 0, True)] * self._options["num_hypotheses"]

    def _hypothesis(self, source: str, text: str, total: float, tokens: int, unfinished: bool) -> Hypothesis:
        flags = [*oddities(words(source), words(text)), *(["unfinished"] if unfinished else [])]
        score = round(total, _DIGITS) + 0.0
        return Hypothesis(text, score, tokens, round(total / max(tokens, 1), _DIGITS) + 0.0, flags)

    def _together(self, pairs: Sequence[tuple[list[str], list[str]]], work: Callable[..., list]) -> list:
        """What ``work`` makes of sources and targets, called with those of the same lengths.

        Without padding, what becomes of a text does not depend, to the last bit, on what stands beside it.
        """
        made: list[Any] = [None] * len(pairs)
        lengths = [tuple(map(len, pair)) for pair in pairs]
        for _, group in groupby(sorted(range(len(pairs)), key=lengths.__getitem__), key=lengths.__getitem__):
            places = list(group)
            sides = ([pairs[place][side] for place in places] for side in (0, 1))
            for place, result in zip(places, work(*sides)):
                made[place] = result
        return made


class _Part(NamedTuple):
    pieces: list[str]
    word: str = ""  # one that is not translated


class _Found(NamedTuple):
    """A hypothesis of a part: ``total`` is its ln p, over ``tokens`` pieces; ``ended`` by its end."""

    text: str
    total: float
    tokens: int
    ended: bool


_EMPTY = Hypothesis("", 0.0, 0, 0.0, [])


def oddities(source: Sequence[str], target: Sequence[str]) -> list[str]:
    """What a translation's words make one doubt: "empty", "length", "repetition".

    Length: more than 2.5 times the words of the other side and 4 more.  Repetition: one to four words three times in a
    row or more, where the source has nothing like it.
    """
    if source and not target:
        return ["empty"]
    odd = []
    shorter, longer = sorted((len(source), len(target)))
    if longer > 2.5 * shorter + 4:
        odd.append("length")
    # what stands there three times leaves two words fewer that differ
    if len(target) - len({*target}) > 1 and _repeats(target) > max(2, _repeats(source)):
        odd.append("repetition")
    return odd


def _repeats(words: Sequence[str]) -> int:
    """The most times that a run of one to four words follows itself."""
    most = 1
    for size in range(1, 5):
        run = 0
        for place in range(size, len(words)):
            run = run + 1 if words[place] == words[place - size] else 0
            most = max(most, run // size + 1)
    return most
