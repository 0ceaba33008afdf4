"""Texts as sparse rows of hashed n-gram counts."""

from __future__ import annotations

import numpy as np

from datasel.ngrams.hashing import hash_words, ngrams


def count_matrix(joined: str, order: int, bits: int):
    """A scipy CSR matrix (records x 2**bits, float64) of n-gram counts; ``joined`` see records.jsonl.joined."""
    from scipy import sparse

    found = hash_words(joined)
    buckets, rows = [], []
    for bucket, whole in ngrams(found, order, bits):
        buckets.append(bucket[whole])
        rows.append(found.record[: len(whole)][whole])
    columns, places = np.concatenate(buckets), np.concatenate(rows)
    shape = (found.records, 1 << bits)
    return sparse.coo_matrix((np.ones(len(columns)), (places, columns)), shape).tocsr()
