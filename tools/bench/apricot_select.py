"""The peer of ngram-diverse: apricot's FeatureBasedSelection, lazy greedy, on the same n-gram counts.

usage: apricot_select.py FILE K [--ours]

Counting is done by datasel for both; with --ours the search is datasel's as well. Prints the value reached, to compare,
and the seconds of the search alone.
"""

import sys
from time import perf_counter

import numpy as np

from datasel.ngrams.counted import CountedPool
from datasel.records.jsonl import read
from datasel.selection import greedy

path, k, ours = sys.argv[1], int(sys.argv[2]), "--ours" in sys.argv
pool = CountedPool(4, 22)
for records in read([path], {"text": str}):
    pool.add(records.column("text"))
function = pool.coverage("uniform", 2)
if ours:
    start = perf_counter()
    chosen = list(greedy.lazy(function, np.arange(pool.texts), k))
else:
    from apricot import FeatureBasedSelection
    from scipy.sparse import csr_matrix

    data, features, starts = (np.array(part) for part in (function.counts, function.features, function.starts))
    matrix = csr_matrix((data.astype(float), features, starts), (pool.texts, len(function.weights)))
    start = perf_counter()
    chosen = FeatureBasedSelection(k, concave_func="log", optimizer="lazy").fit(matrix).ranking
seconds = perf_counter() - start
covered = pool.coverage("uniform", 2)
for place in chosen:
    covered.add(int(place))
print(f"{covered.value():.6f} {seconds:.2f}")
