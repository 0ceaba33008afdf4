"""What can go wrong, and the exit status each kind ends with."""

from __future__ import annotations


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


class ModelError(DataselError):
    """A model file is truncated, foreign, of another kind or too new (exit 1)."""
