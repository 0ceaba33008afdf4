"""Random numbers that depend on the seed and on nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def draws(seed: int, purpose: str, values: Iterable[bytes]):
    """float64, one for each value, uniform between 0 and 1 (both excluded): the same for the same seed and value."""
    import numpy

    key = hashlib.blake2b(f"{seed} {purpose}".encode(), digest_size=32).digest()
    found = b"".join([hashlib.blake2b(value, digest_size=8, key=key).digest() for value in values])
    return ((numpy.frombuffer(found, "<u8") >> numpy.uint64(12)) + 0.5) * 2.0**-52


def generator(seed: int, purpose: str = ""):
    """A numpy Generator for ``seed``; each ``purpose`` has a stream of its own.

    Draw from it record by record in input order, so that no choice depends on how the input was cut in blocks.
    """
    import numpy

    return numpy.random.Generator(numpy.random.PCG64([seed, *purpose.encode()]))
