"""Word and character errors of hypotheses against references, on the alignments that jiwer finds.

WER = (S + D + I) / N: substituted, deleted and inserted words for N words of the references, summed over the corpus.
It may exceed 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

# The columns of a count matrix (utterances x COUNTS): what every rate is a ratio of sums of.
COUNTS = ("substituted", "deleted", "inserted", "words", "character_errors", "characters", "oracle_errors",
          "utterances")  # fmt: skip
WORDS = COUNTS.index("words")
_ERRORS = slice(3)

# The words of a text: what stands between ASCII white space (a no-break space is part of a word).
words = re.compile(r"[^ \t\n\v\f\r]+").findall


class Step(NamedTuple):
    """A piece of an alignment: ``kind`` is "equal", "substitute", "delete" or "insert"; a side may have no words."""

    kind: str
    reference: Sequence[str]
    hypothesis: Sequence[str]


class Alignment:
    """Hypotheses beside references, each with as few word errors as there can be.

    ``lists`` holds the hypotheses of each utterance, the one that counts first; none is as good as an empty one.
    """

    def __init__(self, references: Sequence[str], lists: Sequence[Sequence[str]]):
        import jiwer

        self._references = [words(text) for text in references]
        self._hypotheses = [words(texts[0]) if texts else [] for texts in lists]
        found = jiwer.process_words(self._references, self._hypotheses, _as_they_are, _as_they_are)
        self._chunks = found.alignments
        self.rows = self._counts(lists)

    def _counts(self, lists: Sequence[Sequence[str]]) -> np.ndarray:
        """The count matrix.

        A character is a code point of the words with one space between them; oracle_errors are the word errors of the
        best hypothesis of the list.
        """
        from rapidfuzz.distance.Levenshtein import distance

        rows = []
        for reference, hypothesis, chunks, texts in zip(self._references, self._hypotheses, self._chunks, lists):
            found = {"equal": 0, "substitute": 0, "delete": 0, "insert": 0}
            for chunk in chunks:
                found[chunk.type] += chunk.ref_end_idx - chunk.ref_start_idx or chunk.hyp_end_idx - chunk.hyp_start_idx
            _, *errors = found.values()
            line = " ".join(reference)
            oracle = min((distance(reference, words(text)) for text in texts[1:]), default=sum(errors))
            rows.append([
                *errors, len(reference), distance(line, " ".join(hypothesis)), len(line), min(oracle, sum(errors)), 1,
            ])  # fmt: skip
        return np.array(rows)

    def steps(self, index: int) -> list[Step]:
        """The alignment of one utterance."""
        reference, hypothesis = self._references[index], self._hypotheses[index]
        return [
            Step(
                chunk.type,
                reference[chunk.ref_start_idx : chunk.ref_end_idx],
                hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx],
            )
            for chunk in self._chunks[index]
        ]


def _as_they_are(sentences: list[list[str]]) -> list[list[str]]:
    return sentences


def word_counts(rows: np.ndarray) -> np.ndarray:
    """Word errors and words of a count matrix: (utterances x 2), for :func:`rate`."""
    return np.stack([rows[:, _ERRORS].sum(1), rows[:, WORDS]], axis=1)


def rate(total: np.ndarray) -> np.ndarray:
    """Errors over words of summed :func:`word_counts`, any number at once: (..., 2) to (...,).

    The rate of a sample without reference words is its number of errors, as jiwer has it.
    """
    return total[..., 0] / np.maximum(total[..., 1], 1)


def measures(total: np.ndarray) -> dict[str, float]:
    """WER, CER and the WER of the best hypotheses of the lists, from summed counts; none without reference words."""
    n = dict(zip(COUNTS, total.tolist()))
    if not n["words"]:
        return {}
    return {
        "WER": sum(total[_ERRORS].tolist()) / n["words"],
        "CER": n["character_errors"] / n["characters"],
        "oracle_WER": n["oracle_errors"] / n["words"],
    }
