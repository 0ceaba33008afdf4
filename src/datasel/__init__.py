"""datasel: coreutils for training-data selection."""

__version__ = "0.1.0"
