"""Positives and sampled negatives."""

from datasel.ngrams.sampling import positives_and_negatives
from datasel.records.jsonl import parse
from datasel.records.streams import Block


def stream(*blocks):
    for texts in blocks:
        data = "".join(text + "\n" for text in texts).encode()
        yield parse(Block("FILE", 1, data, text=True), {"text": str}), "text"


POOL = [f"utterance number {number}" for number in range(500)]


def test_negatives_are_a_sample_without_the_positives():
    positives = ["Utterance number 7!", "play a song"]
    wanted, general = positives_and_negatives(stream(positives), stream(POOL), ratio=50, seed=1)
    assert wanted == positives
    assert len(general) == len(set(general)) == 100
    assert set(general) <= set(POOL) - {"utterance number 7"}
    assert general == sorted(general, key=POOL.index)


def test_the_sample_depends_on_the_seed_and_not_on_blocks():
    def sample(seed, size):
        pieces = [POOL[start : start + size] for start in range(0, len(POOL), size)]
        return positives_and_negatives(stream(["x"]), stream(*pieces), ratio=20, seed=seed)[1]

    assert sample(1, 500) == sample(1, 7)
    assert sample(1, 500) != sample(2, 500)


def test_a_small_pool_is_taken_whole_but_for_what_is_a_positive():
    assert positives_and_negatives(stream(["x"]), stream(POOL), ratio=1e6, seed=1)[1] == POOL
    all_but_one = positives_and_negatives(stream(["Utterance  number 7!"]), stream(POOL), ratio=1e6, seed=1)[1]
    assert all_but_one == [text for text in POOL if text != "utterance number 7"]
