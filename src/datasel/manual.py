"""What a command says of itself: --help and the man page come from the same docstring and the same options.

A command's module docstring is its manual: the first line is the summary, then the description in paragraphs,
then sections.  A section starts with a heading (``Examples:``) alone on its line, its body indented by four.
"""

from __future__ import annotations

import inspect
from typing import NamedTuple

EXIT_STATUS = """\
0 when all is done, 1 when the data, a model or the machine is at fault (one line on standard error says
what and where), 2 when the call is wrong."""


STREAMS = "Streams: constant memory, however long the input."

INPUT = """\
Without FILE, or where FILE is -, standard input is read. Input compressed by gzip, bzip2, xz or zstd is recognised,
here and in every option that names a file. Text is UTF-8; a byte order mark at its start is no part of it, and a CR
before the LF belongs to the end of a line of plain text. UTF-16 and UTF-32 are errors."""


class Section(NamedTuple):
    heading: str
    body: str  # dedented


def sections(docstring: str) -> tuple[str, str, list[Section]]:
    """``(summary, description, sections)`` of a module docstring."""
    text = inspect.cleandoc(docstring)
    summary, _, rest = text.partition("\n")
    description, found = [], []
    for line in rest.strip("\n").splitlines():
        if line.endswith(":") and line[:1].isalpha() and len(line.split()) <= 4:
            found.append(Section(line[:-1], ""))
        elif found:
            heading, body = found[-1]
            found[-1] = Section(heading, f"{body}{line.removeprefix('    ')}\n")
        else:
            description.append(line)
    return (
        summary.rstrip("."),
        "\n".join(description).strip(),
        [Section(heading, body.strip("\n")) for heading, body in found],
    )


def full_sections(docstring: str, reads: bool) -> list[Section]:
    """A docstring's sections with those every manual has; ``reads``: the command takes FILEs."""
    own = sections(docstring)[2]
    shared = [Section("Input", INPUT)] if reads else []
    if all(section.heading != "Memory" for section in own):
        shared.append(Section("Memory", STREAMS))
    examples = [section for section in own if section.heading == "Examples"]
    return [*(s for s in own if s not in examples), *shared, Section("Exit status", EXIT_STATUS), *examples]


def is_verbatim(body: str) -> bool:
    """Whether a section's body is to be shown as it stands: examples and tables."""
    return body.startswith(("$", "#", " ", "|"))


class Example(NamedTuple):
    command: str
    output: str | None  # what it must print, where the manual shows it


def examples(docstring: str) -> list[Example]:
    """The ``$ command`` lines of the section Examples, each with the output shown below it."""
    found: list[Example] = []
    for section in sections(docstring)[2]:
        if section.heading != "Examples":
            continue
        for line in section.body.splitlines():
            if line.startswith("$ "):
                found.append(Example(line[2:], None))
            elif line and found and found[-1].command.endswith("\\"):
                found[-1] = Example(f"{found[-1].command}\n{line}", None)
            elif line and not line.startswith("#") and found:
                command, output = found[-1]
                found[-1] = Example(command, (output or "") + line + "\n")
    return found
