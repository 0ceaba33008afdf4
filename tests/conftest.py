"""What all tests share: the marker that says which behaviour of a good filter a test holds."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("contract.material", "contract.running", "language_models")


def pytest_configure(config):
    config.addinivalue_line("markers", "behaviour(*numbers): the behaviours of a good filter (1 to 40) it holds")
    config.addinivalue_line("markers", "slow: for the full run alone (make test-all)")
