"""Back-off n-gram language models: counting, estimation, ARPA files, mixtures, pruning and queries."""
