"""Lines of tab-separated columns as records: what reads a block of JSON Lines reads them too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from datasel.errors import DataError
from datasel.records.jsonl import encode
from datasel.records.streams import Block


def as_records(blocks: Iterable[Block], columns: Sequence[str]) -> Iterator[Block]:
    """Blocks of JSON Lines in place of blocks of TSV: each line an object with its columns, texts, under these names.

    There is no quoting and no header; a CR before the LF is part of the line's end.  A line that does not have
    as many columns as there are names, or is not UTF-8, raises DataError, or with ``block.lenient`` it is rejected.
    Lines keep their numbers.
    """
    keys = [encode(name) + b":" for name in columns]
    for block in blocks:
        made: list[bytes] = []
        bad: list[tuple[str, int, str, bytes]] = []
        for number, line in enumerate(block.data.split(b"\n")[:-1], block.first):
            reason = None
            parts = line.removesuffix(b"\r").split(b"\t")
            if len(parts) != len(keys):
                reason = f"{len(parts)} columns, not {len(keys)}"
            else:
                try:
                    values = [encode(part.decode()) for part in parts]
                except UnicodeDecodeError:
                    reason = "not valid UTF-8"
            if reason is None:
                made.append(b"{" + b",".join(map(bytes.__add__, keys, values)) + b"}\n")
                continue
            if not block.lenient:
                raise DataError(reason, block.name, number)
            # numbers run on within a block, so a bad line ends it
            if made:
                yield _part(block, number - len(made), made, bad)
            made, bad = [], [*([] if made else bad), (block.name, number, reason, line)]
        yield _part(block, block.first + block.data.count(b"\n") - len(made), made, bad)


def _part(block: Block, first: int, lines: list[bytes], bad: list[tuple[str, int, str, bytes]]) -> Block:
    return replace(block, first=first, data=b"".join(lines), rejected=bad, read=len(bad))
