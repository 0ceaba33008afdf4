"""What can go wrong, and the exit status each kind ends with."""

from __future__ import annotations

import re

# Controls, and what turns the direction of text: a terminal would act on them.
_UNSEEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]")


def shown(message: str) -> str:
    """A message as one line for people: line feeds are spaces, other control characters are escapes."""
    return _UNSEEN.sub(lambda found: repr(found[0])[1:-1], " ".join(message.split("\n")))


class DataselError(Exception):
    """An error the user can act on: one line on stderr, never a traceback."""

    exit_code = 1


class UsageError(DataselError):
    """The call itself is wrong (exit 2)."""

    exit_code = 2


class DataError(DataselError):
    """The data is wrong (exit 1); says where when a file and a line are known."""

    def __init__(self, reason: str, file: str | None = None, line: int | None = None):
        super().__init__(reason, file, line)
        self.reason, self.file, self.line = reason, file, line

    def __str__(self) -> str:
        place = "".join(f"{part}:" for part in (self.file, self.line) if part is not None)
        return f"{place} {self.reason}" if place else self.reason


class Astray(DataError):
    """A training whose loss is no number any more (exit 1)."""

    def __init__(self):
        super().__init__("the training went astray: its loss is no number any more; try a lower --rate")


class ModelError(DataselError):
    """A model file is truncated, foreign, of another kind or too new (exit 1)."""


class DataWarning(UserWarning):
    """The data may not be what the user takes it for: told on standard error, unless -q says not to."""


class Ended(BaseException):
    """SIGINT or SIGTERM came; unwinds so that temporary files go.  ``came``: the last one of this process."""

    came = 0

    def __init__(self, number: int):
        super().__init__(number)
        self.number = Ended.came = number

    @staticmethod
    def check() -> None:
        """Raise it once more if it came and was lost: an import can swallow what is raised in the middle of it."""
        if Ended.came:
            raise Ended(Ended.came)
