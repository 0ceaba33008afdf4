"""NeMo's manifests: JSON Lines with audio_filepath, duration, text, and pred_text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import msgspec

from datasel.formats.source import Batch, Source
from datasel.formats.target import Target, made_of
from datasel.records.jsonl import Records, parse
from datasel.records.paths import folder_of

NAMES = {"audio_filepath": "audio", "pred_text": "hypothesis"}


def read(source: Source) -> Iterator[Batch]:
    """Batches of records under our names; relative paths of audio start at the manifest's folder."""
    for block in source.blocks():
        block.lenient = source.lenient
        folder = folder_of(block.name)
        records = parse(block, {"audio_filepath": str})
        batch = source.batch()
        batch.rejected = block.rejected
        for index, line in enumerate(records.lines):
            try:
                record = msgspec.json.decode(line)
            except msgspec.ValidationError:
                batch.refuse(block.name, records.numbers[index], "a number that is out of range", line)
                continue
            record["audio_filepath"] = source.path(record["audio_filepath"], folder)
            made = {NAMES.get(name, name): value for name, value in record.items()}
            if len(made) < len(record):
                batch.refuse(block.name, records.numbers[index], "audio or hypothesis is there under two names", line)
            else:
                batch.rows.append(made)
        yield batch


def write(target: Target) -> None:
    """A line for each record under NeMo's names, other fields as they are; duration from start and end if need be."""
    old = {new: name for name, new in NAMES.items()}
    given = {new: name for name, new in target.rename.items()}
    audio = given.get("audio", "audio")
    for records in target.pipe.records({audio: str}):
        made = made_of(records, [records.lines], partial(_line, target, records, old))
        target.pipe.sink.write(b"".join(made))


def _line(target: Target, records: Records, old: Mapping[str, str], line: bytes) -> bytes:
    given = msgspec.json.decode(line)
    record = {target.rename.get(name, name): value for name, value in given.items()}
    if len(record) < len(given):
        raise ValueError("--rename gives two fields one name")
    record["audio"] = target.path(record["audio"], records)
    made = {old.get(name, name): value for name, value in record.items()}
    if len(made) < len(record):
        raise ValueError("audio or hypothesis is there under two names")
    start, end = (made.get(name) if type(made.get(name)) in (int, float) else None for name in ("start", "end"))
    for name in ("offset", "duration"):
        if made.get(name, 0) is None:
            del made[name]
        elif type(made.get(name, 0)) not in (int, float):
            raise ValueError(f"field '{name}' is no number")
    if start is None or end is None:
        if "duration" not in made:
            raise ValueError("neither duration nor start and end, which NeMo needs")
    elif not 0 <= start < end:
        raise ValueError(f"no segment from {start:g} to {end:g} seconds")
    else:
        if made.get("offset", start) != start or abs(made.get("duration", end - start) - (end - start)) > 1e-3:
            raise ValueError("start and end say something else than offset and duration")
        made = {name: value for name, value in made.items() if name not in ("start", "end")}
        made |= {"offset": start, "duration": round(end - start, 6)}
    return msgspec.json.encode(made) + b"\n"
