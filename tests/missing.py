"""What commands of the documents and the manual need and is not installed: a reason to skip them."""

from __future__ import annotations

import re
from importlib.util import find_spec

from datasel import samples


def steps(commands: str) -> list[samples.Step]:
    """How the samples among commands are made."""
    return [step for step in samples.STEPS if re.search(rf"(?<![\w.-]){re.escape(step.makes)}(?![\w.])", commands)]


def without(commands: str) -> str:
    """Why commands cannot run here: a module that a sample among them is made with is not installed."""
    lacking = (name for step in steps(commands) for name in step.needs if find_spec(name) is None)
    return next((f"{name} is not installed" for name in lacking), "")


def lacks(said: str) -> str:
    """What a command that failed said was not installed."""
    found = re.search(r"^.*(?: needs [\w-]+: pip install| is missing: install it|jq: command not found).*$", said, re.M)
    return found[0] if found else ""
