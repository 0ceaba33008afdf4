"""Sentences scored by a model that KenLM reads: an ARPA file or one of its binaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from datasel.errors import DataError, ModelError
from datasel.lm.arpa_reader import read
from datasel.lm.array_scorer import ArrayScorer
from datasel.lm.counting import BLANKS
from datasel.lm.opening import ORDERS, is_binary, readable, rewritten
from datasel.records.parallel import run_apart
from datasel.records.pipe import Pipe
from datasel.selection.ranking import Scored

_PROBE = "the a to <unk> , . of and"  # words that most models know, and one that none does
_LONG = 100  # words; KenLM adds up in float32, and of more words that shows in the sixth decimal
_WHITE = np.isin(np.arange(256), list(b"\t\n\v\f\r "))


class Sentences(NamedTuple):
    """Lines as they are scored: words stand between ASCII white space or NUL."""

    lines: list[bytes]
    words: np.ndarray  # how many each has

    @classmethod
    def of(cls, text: str) -> Sentences:
        """The sentences of a text, each with its LF."""
        data = text.encode().translate(BLANKS)
        return cls(data.split(b"\n")[:-1], _word_counts(data))


class Scorer:
    """A model in memory: KenLM's, or arrays where the orders are more than KenLM has."""

    def __init__(self, path: str):
        """Raises ModelError for what is neither a sound ARPA file nor a binary of KenLM."""
        self._path = path
        self._model, self.file = _opened(path)  # the file is what KenLM reads, None where it cannot
        self._known: set[bytes] = set()  # words asked for that the model has

    def knows(self, word: str) -> bool:
        """Whether it is a word of the model's own; <unk> is none."""
        return word in self._model

    def log10(self, lines: Sequence[bytes], end: bool = True) -> np.ndarray:
        """log10 p of each sentence, in total, given <s>; ``end``: of </s> as well."""
        if isinstance(self._model, ArrayScorer):
            return self._model.log10(lines, end)
        score = self._model.score if end else partial(_open, self._model.score)
        found = np.fromiter(map(score, lines), float, len(lines))
        for place in [place for place, line in enumerate(lines) if line.count(b" ") > _LONG]:
            found[place] = sum(each for each, _, _ in self._model.full_scores(lines[place], True, end))
        if not np.isfinite(found).all():
            raise ModelError(f"{self._path}: a score is no number; the model is damaged, make it again")
        return found

    def per_token(self, text: str) -> np.ndarray:
        """log10 p of each line of a text (each with its LF), </s> included, by the number of words and </s>."""
        sentences = Sentences.of(text)
        return self.log10(sentences.lines) / (sentences.words + 1)

    def unknown(self, lines: Sequence[bytes]) -> tuple[int, float]:
        """How many words of the sentences the model does not know, and their log10 p in total."""
        if isinstance(self._model, ArrayScorer):
            return self._model.unknown(lines)
        count, total = 0, 0.0
        for line in lines:
            new = set(line.split()) - self._known
            found = {word for word in new if word in self._model}
            self._known |= found
            if len(found) < len(new):
                for logp, _, unknown in self._model.full_scores(line):
                    count += unknown
                    total += logp * unknown
        return count, total


def scored(pipe: Pipe, field: str, model: str, minus: str | None) -> Iterator[Scored]:
    """The pipe's records with the score of their text by token, less that of the model ``minus``, to six decimals."""
    scorer, other = Scorer(model), Scorer(minus) if minus else None
    for records in pipe.records({field: str}):
        text = records.joined(field)
        scores = scorer.per_token(text)
        scores = scores - other.per_token(text) if other else scores
        yield Scored(records, scores.round(6) + 0.0)


def _opened(path: str):
    """KenLM's model and the file that it is of, or else an ArrayScorer and None."""
    file = readable(path)
    if is_binary(path):
        failure = f"{path}: a binary of KenLM that is damaged, or of another version; make it again"
        try:
            run_apart(partial(_probed, file), failure)
        except DataError as error:
            raise ModelError(error.reason) from None
    if made := _loaded(file):
        return made, file
    model = read(path)  # says what is wrong with it, if anything is
    if len(model.levels) > ORDERS[-1]:
        return ArrayScorer(model), None
    if made := _loaded(file := rewritten(path, model)):
        return made, file
    raise ModelError(f"{path}: KenLM does not take it")


def _probed(file: str) -> None:
    """Raises an error, or crashes, where KenLM cannot work with a binary: it checks of it no more than its head."""
    model = _loaded(file)
    if not all(np.isfinite(score) for score, _, _ in model.full_scores(_PROBE)):
        raise ValueError


def _loaded(file: str):
    """KenLM's model of a file, or None where it cannot read it."""
    import kenlm

    settings = kenlm.Config()
    settings.arpa_complain, settings.show_progress = kenlm.ARPALoadComplain.NONE, False
    try:
        return kenlm.Model(file, settings)
    except (OSError, RuntimeError, UnicodeDecodeError):
        return None


def _open(score, line: bytes) -> float:
    return score(line, True, False)


def _word_counts(data: bytes) -> np.ndarray:
    units = np.frombuffer(data, np.uint8)
    white = _WHITE[units]
    starts = ~white
    starts[1:] &= white[:-1]
    return np.diff(np.searchsorted(np.flatnonzero(starts), np.flatnonzero(units == 10)), prepend=0)


class Summary:
    """Figures over many sentences."""

    def __init__(self, scorer: Scorer, end: bool = True):
        self._scorer, self._end = scorer, end
        self._sentences = self._words = self._unknown = 0
        self._log10 = self._log10_unknown = 0.0

    def add(self, sentences: Sentences, log10: np.ndarray) -> None:
        """Sentences and their scores in total."""
        unknown, share = self._scorer.unknown(sentences.lines)
        self._sentences += len(sentences.lines)
        self._words += int(sentences.words.sum())
        self._unknown += unknown
        self._log10 += float(log10.sum())
        self._log10_unknown += share

    @property
    def tokens(self) -> int:
        """Words, and ends of sentences where they are scored."""
        return self._words + self._end * self._sentences

    def told(self) -> dict[str, float]:
        """The figures by name; DataError where there is no token."""
        if not self.tokens:
            raise DataError("no tokens, so no perplexity")
        known, rest = self.tokens - self._unknown, self._log10 - self._log10_unknown
        return {
            "sentences": self._sentences,
            "tokens": self.tokens,
            "oov": self._unknown,
            "oov_rate": round(self._unknown / self._words, 6) if self._words else 0.0,
            "log10": round(self._log10, 4),
            "perplexity": _power(-self._log10 / self.tokens),
            "perplexity_without_oov": _power(-rest / known) if known else None,
        }


def _power(exponent: float) -> float | None:
    """10 to this power, None where that is no float."""
    try:
        return round(10**exponent, 4)
    except OverflowError:
        return None
