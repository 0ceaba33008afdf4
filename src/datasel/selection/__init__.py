"""Choosing records by their scores: pure functions on arrays."""
