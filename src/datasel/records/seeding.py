"""Random numbers that depend on the seed and on nothing else."""

from __future__ import annotations

import hashlib
import os
import tempfile
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


def seed_torch(seed: int, threads: int) -> None:
    """Set torch up so that the same seed and threads train the same network."""
    import torch

    torch.manual_seed(seed % 2**64)
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:  # torch's compiler makes one as it is imported, by this call
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder
        torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # it takes much of the time
