"""The rig that the contract's tests share, and the time they have."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from .cases import Case, lacking, maker
from .running import Rig

SECONDS = 180  # no test waits longer, whatever it waits for


def pytest_collection_modifyitems(items) -> None:
    """What a command needs and is not installed lets its tests be skipped."""
    reasons: dict[str, str | None] = {}
    for item in items:
        case = item.callspec.params.get("case") if hasattr(item, "callspec") else None
        if isinstance(case, Case):
            if case.id not in reasons:
                found = map(lacking, [case.name, *map(maker, case.models)])
                reasons[case.id] = next(filter(None, found), None)
            if reasons[case.id]:
                item.add_marker(pytest.mark.skip(reason=reasons[case.id]))


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
