"""Kaldi's data folders: text, wav.scp, segments, utt2spk, as far as they are there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from datasel.errors import DataError, UsageError
from datasel.formats.source import Batch, Source
from datasel.formats.target import Target, made_of, on_one_line, seconds
from datasel.records.folder import FolderSink, packed
from datasel.records.jsonl import optional
from datasel.records.streams import lines

_Table = dict[str, tuple[str, int]]  # key to value and line


def read(source: Source) -> Iterator[Batch]:
    """Batches of utterances, in the order of text (else of segments, else of wav.scp); the other tables are held.

    An utterance that one table has and another has not is a bad record.
    """
    for folder in source.files:
        if not os.path.isdir(folder):
            raise DataError("not a folder", folder)
        yield from _Folder(source, folder).batches()


class _Folder:
    def __init__(self, source: Source, folder: str):
        self._source, self._folder = source, folder
        self._text, self._audio, self._segments, self._speakers = (
            os.path.join(folder, name) for name in ("text", "wav.scp", "segments", "utt2spk")
        )
        there = [path for path in (self._text, self._segments, self._audio) if os.path.exists(path)]
        if not there:
            raise DataError("holds neither text nor segments nor wav.scp", folder)
        self._main = there[0]
        self._tables = {
            path: _table(path) for path in (self._audio, self._segments, self._speakers)
            if os.path.exists(path) and path != self._main
        }  # fmt: skip
        self._used: dict[str, set[str]] = {path: set() for path in self._tables}

    def batches(self) -> Iterator[Batch]:
        """The records, and then what belongs to none."""
        seen: set[str] = set()

        def record(line: str) -> dict[str, Any]:
            key, value = _parted(line)
            if not key:
                raise ValueError("no id at its start")
            if not value and self._main != self._text:
                raise ValueError("not a key and a value")
            if key in seen:
                raise ValueError(f"the id '{key}' comes twice")
            seen.add(key)
            return self._record(key, value)

        yield from self._source.lines(record, [self._main])
        batch = self._source.batch()
        for path, table in self._tables.items():
            for key, (value, line) in table.items():
                if key not in self._used[path]:
                    batch.refuse(path, line, f"'{key}' has no line in {self._named(path)}", f"{key} {value}".encode())
        yield batch

    def _record(self, key: str, value: str) -> dict[str, Any]:
        made: dict[str, Any] = {"id": key}
        recording, segment = key, None
        if self._main == self._segments:
            segment = value
        elif self._segments in self._tables:
            segment = self._looked_up(self._segments, key)
        times = {}
        if segment is not None:
            recording, *times = segment.split()
            times = _times(times)
        if self._main == self._audio:
            made["audio"] = self._path(value)
        elif self._audio in self._tables:
            made["audio"] = self._path(self._looked_up(self._audio, recording))
        made |= times
        if self._main == self._text:
            made["text"] = value
        if self._speakers in self._tables:
            made["speaker"] = self._looked_up(self._speakers, key)
        return made

    def _looked_up(self, path: str, key: str) -> str:
        if key not in self._tables[path]:
            raise ValueError(f"'{key}' has no line in {os.path.basename(path)}")
        self._used[path].add(key)
        return self._tables[path][key][0]

    def _path(self, value: str) -> str:
        """Kaldi's paths are relative to where it is run, so they are to us."""
        if value.endswith("|"):
            raise ValueError(f"its audio is a command and not a file: {value}")
        return self._source.path(value, ".")

    def _named(self, path: str) -> str:
        """The table that a line of another one belongs to."""
        if path == self._audio and self._segments in self._tables:
            return "segments"
        return os.path.basename(self._main)


def _table(path: str) -> _Table:
    found: _Table = {}
    for number, line in lines(path):
        key, value = _parted(line)
        if not key or not value.strip():
            raise DataError("not a key and a value", path, number)
        if key in found:
            raise DataError(f"'{key}' comes twice", path, number)
        found[key] = (value, number)
    return found


def _parted(line: str) -> tuple[str, str]:
    """The key of a line and what stands behind it."""
    key, *rest = re.split("[ \t]+", line.strip(" \t"), maxsplit=1)
    return key, rest[0] if rest else ""


def _times(parts: list[str]) -> dict[str, float]:
    try:
        start, end = map(float, parts)
    except ValueError:
        raise ValueError(f"'{' '.join(parts)}' is no start and end in seconds") from None
    if not 0 <= start < end < 1e9:
        raise ValueError(f"no segment from {parts[0]} to {parts[1]} seconds")
    return {"start": start, "end": end}


def write(target: Target) -> None:
    """A folder with text, utt2spk, wav.scp and segments, as far as the records have them, sorted by id as bytes."""
    if not isinstance(target.pipe.sink, FolderSink):
        raise UsageError("kaldi is a folder: give -o NAME/")
    files: dict[str, dict[str, str]] = {name: {} for name in ("text", "utt2spk", "wav.scp", "segments")}

    def keep(key, text, speaker, audio, start, end) -> None:
        if key.split() != [key] or key in seen:
            raise ValueError(f"'{key}' is no id: it is empty, holds white space or comes twice")
        if speaker is not None and speaker.split() != [speaker]:
            raise ValueError(f"field 'speaker' is '{speaker}', which is no word")
        if (start is None) != (end is None) or start is not None and audio is None:
            raise ValueError("a segment has audio, start and end")
        if start is not None and not 0 <= start < end:
            raise ValueError(f"no segment from {start:g} to {end:g} seconds")
        if audio is not None and files["wav.scp" if start is not None else "segments"]:
            raise ValueError("some records have a start and an end, others not: all are segments, or none is")
        if audio is not None and audio.rstrip().endswith("|"):
            raise ValueError(f"its audio is a command and not a file: {audio}")
        line = None if text is None else f" {on_one_line('text', text)}"
        path = None if audio is None else on_one_line("audio", audio)
        seen.add(key)
        if line is not None:
            files["text"][key] = line
        if speaker is not None:
            files["utt2spk"][key] = f" {speaker}"
        if start is not None:
            recording = recordings.setdefault(path, f"recording-{len(recordings) + 1:06d}")
            files["segments"][key] = f" {recording} {seconds(start)} {seconds(end)}"
        elif path is not None:
            files["wav.scp"][key] = f" {path}"

    seen: set[str] = set()
    recordings: dict[str, str] = {}  # of segments, by their paths
    kinds = {"text": str, "speaker": str, "audio": str, "start": float, "end": float}
    schema = {"id": str, **{name: optional(kind) for name, kind in kinds.items()}}
    for records in target.records(schema):
        paths = [path and target.path(path, records, ".") for path in records.column("audio")]
        made_of(records, [paths if name == "audio" else records.column(name) for name in schema], keep)
    files["wav.scp"] |= {recording: f" {path}" for path, recording in recordings.items()}
    made = {
        name: "".join(key + lines[key] + "\n" for key in sorted(lines, key=str.encode)).encode()
        for name, lines in files.items()
        if lines
    }
    target.pipe.sink.write(packed(made))
