"""Counts of parts, added up, against the counts of the whole."""

import numpy as np
import pytest

from datasel.errors import ModelError
from datasel.ngrams.importance import Counts, bucket_counts
from datasel.ngrams.relevance import fit
from datasel.records.jsonl import joined, parse
from datasel.records.streams import Block

WANTED = ["play some jazz", "Play something by Dvořák!", "play jazz"]
POOL = [f"play {number} and {word}" for number in range(60) for word in ("stop", "हिन्दी", "")] + ["PLAY JAZZ"]


def stream(texts, size=50):
    for start in range(0, len(texts), size):
        data = "".join(text + "\n" for text in texts[start : start + size]).encode()
        yield parse(Block("FILE", 1, data, text=True), {"text": str}), "text"


def counted(texts, wanted=WANTED, order=2, bits=10):
    return Counts.of(stream(wanted), stream(texts), order, bits)


def saved(folder, name, counts):
    (folder / name).write_bytes(counts.to_bytes("s"))
    return str(folder / name)


def test_counts_are_of_every_ngram():
    total = bucket_counts("a a b\nc\n", 2, 16)
    assert total.sum() == 4 + 2
    assert sorted(total[total > 0].tolist()) in ([1, 1, 1, 1, 2], [1, 1, 2, 2])  # buckets may meet


def test_the_model_is_that_of_texts_in_memory():
    ours, texts = counted(POOL), [text for text in POOL if text != "PLAY JAZZ"]
    theirs = fit(joined(WANTED), joined(texts), "importance", 2, 10, 1e-4)
    assert (ours.positives, ours.negatives) == (3, len(POOL) - 1)
    assert (ours.model().weights == theirs.weights).all()
    assert len(np.unique(theirs.weights)) > 5


@pytest.mark.parametrize("parts", [1, 2, 5, 200])
def test_parts_added_are_the_whole(parts, tmp_path):
    pieces = [[str(text) for text in part] for part in np.array_split(np.array(POOL, object), parts)]
    files = [saved(tmp_path, f"{n}.counts", counted(piece)) for n, piece in enumerate(pieces)]
    assert Counts.merged(files).to_bytes("s") == counted(POOL).to_bytes("s")


def test_counts_that_do_not_fit_are_refused_by_name(tmp_path):
    first = saved(tmp_path, "a.counts", counted(POOL))
    for name, other, said in (
        ("order", counted(POOL, order=3), "--order 3 --bits 10, in .*a.counts 2 and 10"),
        ("bits", counted(POOL, bits=11), "--order 2 --bits 11"),
        ("wanted", counted(POOL, wanted=WANTED[1:]), "positives are not those"),
    ):
        with pytest.raises(ModelError, match=f"{name}: .*{said}"):
            Counts.merged([first, saved(tmp_path, name, other)])


@pytest.mark.parametrize("fault", ["negative", "short", "float", "of nothing"])
def test_counts_that_cannot_be_are_refused(fault, tmp_path):
    counts = counted(POOL)
    if fault == "negative":
        counts.general[3] = -1
    elif fault == "short":
        counts.general = counts.general[:-1]
    elif fault == "float":
        counts.wanted = counts.wanted.astype(float)
    else:
        counts.negatives = 0
    with pytest.raises(ModelError, match="do not fit"):
        Counts.merged([saved(tmp_path, "c", counts)])
