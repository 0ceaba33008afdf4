"""The rig that the contract's tests share, and the time they have."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from .running import Rig

SECONDS = 60  # no test waits longer, whatever it waits for


@pytest.fixture(scope="session")
def rig(tmp_path_factory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("contract")
    models = tmp_path_factory.getbasetemp().parent / "models" if "PYTEST_XDIST_WORKER" in os.environ else folder
    models.mkdir(exist_ok=True)
    made = Rig(folder, models)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def finite() -> Iterator[None]:
    def late(_signal, _frame):
        raise TimeoutError(f"a test took more than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
