"""Vectors of utterances, and their projection on the plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from datasel.ngrams.features import count_matrix
from datasel.records.jsonl import joined

_ORDER, _BITS = 2, 16  # of the n-grams that stand in for a model
_DIMENSIONS = 50  # kept of them
_SEEDS = 2**31  # that scikit-learn takes


def ngram_vectors(texts: Sequence[str], seed: int) -> np.ndarray:
    """float (texts x at most 50): tf-idf of word n-grams, rows of length 1, by latent semantic analysis."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfTransformer
    from threadpoolctl import threadpool_limits

    rows = TfidfTransformer(sublinear_tf=True).fit_transform(count_matrix(joined(texts), _ORDER, _BITS))
    dimensions = min(_DIMENSIONS, rows.shape[0] - 1)
    with threadpool_limits(1), np.errstate(divide="ignore", invalid="ignore"):  # see plane()
        return TruncatedSVD(dimensions, random_state=seed % _SEEDS).fit_transform(rows)


def plane(vectors: np.ndarray, method: str, seed: int) -> np.ndarray:
    """float (n x 2): principal components (pca), or neighbourhoods kept as well as may be (tsne; van der Maaten &
    Hinton, 2008)."""
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    if vectors.shape[1] == 1:
        vectors = np.column_stack([vectors, np.zeros(len(vectors), vectors.dtype)])
    # sums of more threads come in another order every time; of equal rows no variance is explained
    with threadpool_limits(1), np.errstate(divide="ignore", invalid="ignore"):
        start = PCA(2, random_state=seed % _SEEDS).fit_transform(vectors.astype(np.float64))
        if method == "pca":
            return start
        perplexity = min(30.0, (len(vectors) - 1) / 3)
        init = (start / max(start[:, 0].std(), 1e-9) * 1e-4).astype(np.float32)
        return TSNE(2, perplexity=perplexity, init=init, random_state=seed % _SEEDS, n_jobs=1).fit_transform(
            vectors.astype(np.float32)
        )
