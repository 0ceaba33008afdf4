"""Utterances as vectors in the plane, and pictures of them."""
