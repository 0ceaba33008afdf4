"""What the annotation experiment compares: ways to put a pool in order, the utterances to take first at the front."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from assistant import Cached

from datasel.ngrams import relevance
from datasel.ngrams.counted import CountedPool
from datasel.ngrams.hashing import hash_words, record_hashes
from datasel.paraphrase.detector import Detector
from datasel.records.jsonl import joined
from datasel.selection import greedy
from datasel.selection.coverage import FacilityLocation
from datasel.selection.farthest import Farthest
from datasel.selection.vectors import UNIT, whole
from datasel.text.words import tokens, words

GENERAL = 5000  # utterances of the large pool that the relevance model is trained against
COSTS = {"none": None, "words": lambda text: len(words(text)), "characters": len}


def general(data: Path) -> list[str]:
    with (data / "pool.jsonl").open(encoding="utf-8") as file:
        return [json.loads(next(file))["text"] for _ in range(GENERAL)]


class Pool(NamedTuple):
    """What methods choose from: texts, those that are annotated already, and the number of the draw."""

    texts: Sequence[str]
    held: Sequence[str]
    draw: int
    data: Path
    encoder: Cached
    detector: Detector | None

    @property
    def firsts(self) -> np.ndarray:
        """The places of texts that repeat none before them."""
        _, firsts = np.unique(record_hashes(hash_words(joined(self.texts))), return_index=True)
        return np.sort(firsts)


def ordered(pool: Pool, method: str) -> np.ndarray:
    """The places of the pool's texts in a method's order: ngram-diverse leaves out repeats, paraphrase-diverse comes to
    them last, as the commands do."""
    kind, _, how = method.rpartition(" ")
    if kind.endswith("random"):
        return np.random.default_rng([pool.draw, int(how)]).permutation(
            pool.firsts if "dedup" in kind else len(pool.texts)
        )
    if method == "top":
        model = relevance.fit(joined(pool.held), joined(general(pool.data)), "logistic", 3, 20, 1e-4)
        return np.argsort(-model.score(joined(pool.texts)), kind="stable")
    if kind == "ngram":
        with CountedPool(4, 22) as counted:
            counted.hold(pool.held)
            counted.add(pool.texts)
            function = counted.coverage("uniform", 2)
        size = COSTS[how]
        budget = greedy.Budget(np.array([max(size(text), 1) for text in pool.texts])) if size else None
        return np.array(list(greedy.lazy(function, pool.firsts, len(pool.firsts), budget)))
    if method == "facility":
        function = FacilityLocation(*(_encoded(pool.encoder, each) for each in (pool.texts, pool.held)), UNIT)
        return np.array(list(greedy.lazy(function, pool.firsts, len(pool.firsts))))
    if method == "paraphrase encoder":
        return _farthest(*(_encoded(pool.encoder, each) for each in (pool.texts, pool.held)))
    return _farthest(*(pool.detector.vectors(each) for each in (pool.texts, pool.held)))


def _encoded(encoder: Cached, texts: Sequence[str]) -> np.ndarray:
    """The encoder's vectors of texts, as the commands have them: int16 of length UNIT."""
    return whole(np.stack([each[0] for each in encoder.words(texts, [tokens(text) for text in texts])]).astype(float))


def _farthest(vectors: np.ndarray, held: np.ndarray) -> np.ndarray:
    choice = Farthest(vectors)
    choice.hold(held)
    batches = choice.choose(np.arange(len(vectors)), len(vectors), 500, np.zeros(len(vectors)))
    return np.array([place for batch in batches for place in batch])
