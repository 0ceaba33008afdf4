"""Word and character errors of hypotheses against references: jiwer's, counted without its alignments.

WER = (S + D + I) / N: substituted, deleted and inserted words for N words of the references, summed over the corpus.
It may exceed 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from datasel.text.words import spaced as words

# The columns of a count matrix (utterances x COUNTS): what every rate is a ratio of sums of.
COUNTS = ("substituted", "deleted", "inserted", "words", "character_errors", "characters", "oracle_errors",
          "utterances")  # fmt: skip
WORDS, _ORACLE = COUNTS.index("words"), COUNTS.index("oracle_errors")
_ERRORS = slice(3)
_CHUNK = 4096  # utterances

_OTHER_SPACE = re.compile("[\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


class Step(NamedTuple):
    """A piece of an alignment: ``kind`` is "equal", "substitute", "delete" or "insert"; a side may have no words."""

    kind: str
    reference: Sequence[str]
    hypothesis: Sequence[str]


class Alignment:
    """Hypotheses beside references, each with as few word errors as there can be.

    ``lists`` holds the hypotheses of each utterance, the one that counts first; none is as good as an empty one.
    ``rows`` is the count matrix (utterances x COUNTS).  Of the alignments with as few errors, the one that jiwer
    chooses is counted, and shown by :meth:`steps`.
    """

    def __init__(self, references: Sequence[str], lists: Sequence[Sequence[str]]):
        self._references = references
        self._hypotheses = [texts[0] if texts else "" for texts in lists]
        starts = range(0, len(references), _CHUNK)  # what is split into words should fit into the cache
        parts = [(references[start : start + _CHUNK], self._hypotheses[start : start + _CHUNK]) for start in starts]
        self.rows = np.concatenate([_none(), *(_counts(_split(said), _split(heard)) for said, heard in parts)])
        for index, texts in enumerate(lists):
            if len(texts) > 1:
                self.rows[index, _ORACLE] = _fewest(words(references[index]), texts, self.rows[index, _ORACLE])

    def steps(self, index: int) -> list[Step]:
        """The alignment of one utterance."""
        import jiwer

        reference, hypothesis = words(self._references[index]), words(self._hypotheses[index])
        found = jiwer.process_words([reference], [hypothesis], _as_they_are, _as_they_are)
        return [
            Step(
                chunk.type,
                reference[chunk.ref_start_idx : chunk.ref_end_idx],
                hypothesis[chunk.hyp_start_idx : chunk.hyp_end_idx],
            )
            for chunk in found.alignments[0]
        ]


def _none() -> np.ndarray:
    return np.empty((0, len(COUNTS)), np.int64)


def _split(texts: Sequence[str]) -> list[list[str]]:
    # str.split parts at more than ASCII white space, but takes a third of the time
    return list(map(words if _OTHER_SPACE.search("\n".join(texts)) else str.split, texts))


def _fewest(reference: list[str], texts: Sequence[str], first: int) -> int:
    """The word errors of the best hypothesis of a list, ``first`` being those of its first."""
    from rapidfuzz.distance.Levenshtein import distance

    return min(first, *(distance(reference, words(text)) for text in texts[1:]))


def _counts(references: list[list[str]], hypotheses: list[list[str]]) -> np.ndarray:
    """The count matrix of one hypothesis a reference.

    A character is a code point of the words with one space between them; oracle_errors are those of the hypothesis.
    """
    from rapidfuzz.distance.Levenshtein import distance, editops
    from rapidfuzz.process import cpdist

    said, heard = (np.fromiter(map(len, side), np.int64, len(side)) for side in (references, hypotheses))
    edits = list(map(editops, references, hypotheses))
    errors = np.fromiter(map(len, edits), np.int64, len(edits))
    inserted = np.zeros(len(edits), np.int64)
    wrong = np.flatnonzero(errors)
    inserted[wrong] = [[kind for kind, _, _ in edits[index]].count("insert") for index in wrong.tolist()]
    deleted = said - heard + inserted
    lines = [" ".join(words) for words in references]
    characters = cpdist(lines, [" ".join(words) for words in hypotheses], scorer=distance, dtype=np.int64)
    columns = (
        errors - deleted - inserted, deleted, inserted, said, characters,
        np.fromiter(map(len, lines), np.int64, len(lines)), errors, np.ones_like(said),
    )  # fmt: skip
    return np.stack(columns, axis=1)


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
