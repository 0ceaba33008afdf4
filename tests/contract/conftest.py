"""The rig that the contract's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .running import Rig


@pytest.fixture(scope="session")
def rig(tmp_path_factory) -> Iterator[Rig]:
    made = Rig(tmp_path_factory.mktemp("contract"))
    yield made
    made.close()
