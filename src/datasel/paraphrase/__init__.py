"""Paraphrase pairs, the detector trained on them, and what it measures."""
