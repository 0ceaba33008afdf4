"""What all tests share: the marker that says which behaviour of a good filter a test holds."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import programs
import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("contract.material", "contract.running", "language_models")


# How long a test takes says nothing of what it asks: other work may stand beside it.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure(config):
    config.addinivalue_line("markers", "behaviour(*numbers): the behaviours of a good filter (1 to 40) it holds")
    config.addinivalue_line("markers", "slow: for the full run alone (make test-all)")


@pytest.fixture(scope="session", autouse=True)
def scripts() -> Iterator[None]:
    """The programs that were installed with this Python are found by their names.

    torch's threads, which wait for each other, leave the cores to other tests.  CTranslate2's products in eight bits
    are those of MKL, exact on every processor (docs/translators.md).
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)
        patch.setenv("OMP_WAIT_POLICY", "passive")
        patch.setenv("CT2_USE_MKL", "1")
        yield


@pytest.fixture(scope="session")
def warm_path(tmp_path_factory) -> Iterator[str]:
    """A PATH on which the commands run by warm interpreters, for what a shell runs (programs.py)."""
    folder = tmp_path_factory.mktemp("programs")
    yield f"{programs.laid_out(folder)}{os.pathsep}{os.environ['PATH']}"
    shutil.rmtree(folder)  # which ends them


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory, worker_id: str) -> Callable[[], Path]:
    """A function to the folder that 'datasel samples' makes: when it is first asked for, once for all workers."""

    def made() -> Path:
        base = tmp_path_factory.getbasetemp()
        folder = (base if worker_id == "master" else base.parent) / "samples"
        with open(f"{folder}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                done = subprocess.run(["datasel", "samples", folder], capture_output=True, text=True)
                assert (done.returncode, done.stdout) == (0, ""), done.stderr
        return folder

    return made
