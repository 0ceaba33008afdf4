"""Word classes from unlabelled text: words that occur in the same contexts get the same number.

Words are vectors of their neighbours (positive pointwise mutual information with the words one and two places to the
left and right, context counts to the power 0.75, reduced by a truncated singular value decomposition: Levy &
Goldberg, NIPS 2014) and are merged bottom-up by Ward's criterion; the tree is cut at several numbers of classes.
With little annotated data this tells a tagger that two words it never saw behave like one it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from datasel.records.seeding import generator
from datasel.text.words import form, tokens

CUTS = (64, 256)  # numbers of classes, one numbering for each
VOCABULARY = 5000  # most frequent words clustered
_CONTEXTS = 3000  # most frequent words counted as neighbours
_PLACES = (-2, -1, 1, 2)
_DIMENSIONS = 50
_MIN_COUNT = 3


class WordClasses:
    """For each cut the class of every known word, as a short string; "?" for the others."""

    def __init__(self, words: Sequence[str], labels: np.ndarray):
        self.words, self.labels = list(words), labels  # labels: (words x cuts) uint16
        self._known = {word: tuple(map(str, row)) for word, row in zip(self.words, labels.tolist())}
        self._unknown = ("?",) * labels.shape[1]

    def of(self, word: str) -> tuple[str, ...]:
        """One class a cut."""
        return self._known.get(form(word), self._unknown)


def learn(texts: Iterable[str]) -> WordClasses | None:
    """Classes of the words that occur three times or more; None if there are too few of them for the finest cut.

    Deterministic.  Memory grows with the texts and with the square of VOCABULARY.
    """
    found = [[form(text[start:end]) for start, end in tokens(text)] for text in texts]
    frequency = Counter(word for words in found for word in words)
    words = [word for word, count in frequency.most_common() if count >= _MIN_COUNT]
    if len(words) <= max(CUTS):
        return None
    vectors = _vectors(found, words)[:VOCABULARY]
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(vectors, "ward")
    labels = np.stack([fcluster(tree, cut, "maxclust") for cut in CUTS], axis=1)
    return WordClasses(words[:VOCABULARY], labels.astype(np.uint16))


def _vectors(texts: list[list[str]], words: list[str]) -> np.ndarray:
    """Unit vectors (words x dimensions), in the order of ``words``."""
    from scipy.sparse import csr_matrix

    number = {word: index for index, word in enumerate(words)}
    contexts = min(_CONTEXTS, len(words)) + 1  # the last one: the edge
    reach = max(_PLACES)
    outside = [-1] * reach
    line: list[int] = [*outside]
    for text in texts:
        line += [len(words), *(number.get(word, -1) for word in text), len(words), *outside]
    ids = np.array(line)
    context = np.where(ids == len(words), contexts - 1, np.where(ids < contexts - 1, ids, -1))
    middle = np.arange(reach, len(ids) - reach)
    middle = middle[(ids[middle] >= 0) & (ids[middle] < len(words))]
    rows, columns = [], []
    for slot, place in enumerate(_PLACES):
        beside = context[middle + place]
        rows.append(ids[middle][beside >= 0])
        columns.append(beside[beside >= 0] + slot * contexts)
    where = (np.concatenate(rows), np.concatenate(columns))
    counts = csr_matrix((np.ones(len(where[0])), where), (len(words), len(_PLACES) * contexts)).tocoo()
    row_total = np.bincount(counts.row, counts.data, counts.shape[0])
    column_total = np.bincount(counts.col, counts.data, counts.shape[1]) ** 0.75
    column_share = column_total / column_total.sum()
    information = np.log(counts.data / (row_total[counts.row] * column_share[counts.col]))
    keep = information > 0
    matrix = csr_matrix((information[keep], (counts.row[keep], counts.col[keep])), counts.shape)
    left, strength = _truncated_svd(matrix, _DIMENSIONS)
    vectors = left * np.sqrt(strength)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _truncated_svd(matrix, rank: int) -> tuple[np.ndarray, np.ndarray]:
    """Left singular vectors and singular values, by randomised subspace iteration (Halko et al., 2011).

    scipy's svds draws random numbers of its own: two calls on the same matrix differ.
    """
    from scipy.linalg import qr, svd

    start = generator(1, "word classes").standard_normal((matrix.shape[1], min(rank + 10, *matrix.shape)))
    basis, _ = qr(matrix @ start, mode="economic")
    for _ in range(6):
        other, _ = qr(matrix.T @ basis, mode="economic")
        basis, _ = qr(matrix @ other, mode="economic")
    inner, strength, _ = svd((matrix.T @ basis).T, full_matrices=False)
    return (basis @ inner)[:, :rank], strength[:rank]
