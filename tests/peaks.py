"""The most memory that a command holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# A process counts as its own what the one held that started it, so a small one has to.
_MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(name: str, *words: str, seconds: float | None = None) -> int:
    """Of a run of an installed command, in bytes; ``seconds``: it may take no longer."""
    command = [sys.executable, "-S", "-c", _MEASURE, str(Path(sys.executable).parent / name), *words]
    return int(subprocess.run(command, check=True, capture_output=True, timeout=seconds).stdout) * 1024
