"""Texts that repeat others: equal, nearly equal, or of a test set."""
