"""The one thing pyproject.toml cannot say: the README as a package index shows it, with links that lead somewhere.

A relative link in README.md is a file of the repository; in the description it is that file's address at the tag of
this version.
"""

import re
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent


def described() -> str:
    """README.md with absolute links and addresses of pictures that show the picture itself."""
    source = re.search(r'^Source = "(.*)"$', (HERE / "pyproject.toml").read_text(encoding="utf-8"), re.M)[1]
    package = (HERE / "src/datasel/__init__.py").read_text(encoding="utf-8")
    version = re.search(r'^__version__ = "(.*)"$', package, re.M)[1]
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    for mark, kind in (("!", "raw"), ("", "blob")):
        readme = re.sub(
            rf"(?<!!){mark}(\[[^\]]*\])\((?![a-z]+:|#)([^)]+)\)", rf"{mark}\1({source}/{kind}/v{version}/\2)", readme
        )
    return readme


setup(long_description=described(), long_description_content_type="text/markdown")
