"""Sentences scored by a model that KenLM reads: an ARPA file or one of its binaries."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from datasel.errors import DataError, ModelError
from datasel.lm.counting import BLANKS
from datasel.records.pipe import Pipe
from datasel.selection.ranking import Scored

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
    """A model in memory."""

    def __init__(self, path: str):
        """Raises ModelError for what KenLM cannot read."""
        import kenlm

        try:
            with open(path, "rb"):
                pass
        except OSError as error:
            raise ModelError(f"{path}: {error.strerror}") from None
        settings = kenlm.Config()
        settings.arpa_complain, settings.show_progress = kenlm.ARPALoadComplain.NONE, False
        try:
            self._model = kenlm.Model(os.fspath(path), settings)
        except (OSError, RuntimeError, UnicodeDecodeError) as error:
            # KenLM says where in its source, what it threw, then what is wrong
            reason = str(error).partition("threw ")[2].rstrip(")").partition(". ")[2].partition("\n")[0]
            raise ModelError(f"{path}: not a model that KenLM reads ({reason or 'damaged'})") from None
        self._known: set[bytes] = set()  # words asked for that the model has

    def knows(self, word: str) -> bool:
        """Whether it is a word of the model's own; <unk> is none."""
        return word in self._model

    def log10(self, lines: Sequence[bytes], end: bool = True) -> np.ndarray:
        """log10 p of each sentence, in total, given <s>; ``end``: of </s> as well."""
        score = self._model.score if end else partial(_open, self._model.score)
        return np.fromiter(map(score, lines), float, len(lines))

    def per_token(self, text: str) -> np.ndarray:
        """log10 p of each line of a text (each with its LF), </s> included, by the number of words and </s>."""
        sentences = Sentences.of(text)
        return self.log10(sentences.lines) / (sentences.words + 1)

    def unknown(self, lines: Sequence[bytes]) -> tuple[int, float]:
        """How many words of the sentences the model does not know, and their log10 p in total."""
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
    """The pipe's records with the score of their text by token, less that of the model ``minus``."""
    scorer, other = Scorer(model), Scorer(minus) if minus else None
    for records in pipe.records({field: str}):
        text = records.joined(field)
        scores = scorer.per_token(text)
        yield Scored(records, scores - other.per_token(text) if other else scores)


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
            "perplexity": round(10 ** (-self._log10 / self.tokens), 4),
            "perplexity_without_oov": round(10 ** (-rest / known), 4) if known else None,
        }
