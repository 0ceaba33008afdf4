"""What the annotation experiment compares: ways to put a pool in order, the utterances to take first at the front."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from assistant import Cached

from datasel.ngrams import relevance
from datasel.ngrams.counted import CountedPool
from datasel.ngrams.hashing import hash_words, record_hashes
from datasel.paraphrase.detector import UNIT, Detector
from datasel.records.jsonl import joined
from datasel.selection import greedy
from datasel.selection.coverage import FacilityLocation
from datasel.selection.farthest import Farthest
from datasel.text.words import tokens, words

GENERAL = 5000  # utterances of the large pool that the relevance model is trained against
COSTS = {"none": None, "words": lambda text: len(words(text)), "characters": len}


def general(data: Path) -> list[str]:
    with (data / "pool.jsonl").open(encoding="utf-8") as file:
        return [json.loads(next(file))["text"] for _ in range(GENERAL)]


def orders(
    texts: Sequence[str],
    held: Sequence[str],
    draw: int,
    random: int,
    data: Path,
    encoder: Cached,
    detector: Detector | None,
) -> dict[str, np.ndarray]:
    """For every method the places of the pool's ``texts``; ``held`` are annotated.  ``random``: how many random orders.

    As the commands order them: ngram-diverse leaves out repeats, paraphrase-diverse comes to them last.
    """
    _, firsts = np.unique(record_hashes(hash_words(joined(texts))), return_index=True)
    firsts.sort()
    found = {}
    for number in range(1, random + 1):
        generator = np.random.default_rng([draw, number])
        found[f"random {number}"] = generator.permutation(len(texts))
        found[f"dedup, random {number}"] = generator.permutation(firsts)
    model = relevance.fit(joined(held), joined(general(data)), "logistic", 3, 20, 1e-4)
    found["top"] = np.argsort(-model.score(joined(texts)), kind="stable")
    for cost, size in COSTS.items():
        with CountedPool(4, 22) as pool:
            pool.hold(held)
            pool.add(texts)
            function = pool.coverage("uniform", 2)
        budget = greedy.Budget(np.array([max(size(text), 1) for text in texts])) if size else None
        found[f"ngram {cost}"] = np.array(list(greedy.lazy(function, firsts, len(firsts), budget)))
    of_encoder = [_encoded(encoder, each) for each in (texts, held)]
    function = FacilityLocation(*of_encoder, UNIT)
    found["facility"] = np.array(list(greedy.lazy(function, firsts, len(firsts))))
    found["paraphrase encoder"] = _farthest(*of_encoder)
    if detector:
        found["paraphrase detector"] = _farthest(*(detector.vectors(each) for each in (texts, held)))
    return found


def _encoded(encoder: Cached, texts: Sequence[str]) -> np.ndarray:
    """The encoder's vectors of texts, as whole numbers: int16 of length UNIT."""
    made = np.stack([each[0] for each in encoder.words(texts, [tokens(text) for text in texts])]).astype(float)
    return np.rint(made / np.linalg.norm(made, axis=1, keepdims=True) * UNIT).astype(np.int16)


def _farthest(vectors: np.ndarray, held: np.ndarray) -> np.ndarray:
    choice = Farthest(vectors)
    choice.hold(held)
    batches = choice.choose(np.arange(len(vectors)), len(vectors), 500, np.zeros(len(vectors)))
    return np.array([place for batch in batches for place in batch])
