"""Machine translation: training on sentence pairs, n-best translation, alignment, post-editing."""
