"""Random numbers that depend on the seed and on nothing else."""

from __future__ import annotations


def generator(seed: int, purpose: str = ""):
    """A numpy Generator for ``seed``; each ``purpose`` has a stream of its own.

    Draw from it record by record in input order, so that no choice depends on how the input was cut in blocks.
    """
    import numpy

    return numpy.random.Generator(numpy.random.PCG64([seed, *purpose.encode()]))
