"""What decode-wer does with emissions: recognised by a search for each language model, measured, compared; or tuned."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

import msgspec

from datasel.errors import DataError, ModelError, UsageError
from datasel.evaluation import asr_report, transcripts
from datasel.records.jsonl import encode
from datasel.records.pipe import Pipe
from datasel.records.streams import content, display_name
from datasel.speech import lexicon as lexicons
from datasel.speech.decoding import RANGES, Decoder, Settings
from datasel.speech.measuring import told
from datasel.speech.recognition import BLOCK, Recognised, recognised, tuned


def measured(
    pipe: Pipe, lexicon: str, search: Mapping[str, Any], settings: str | None, tune: bool, count: int,
    heard: str | None, jobs: int, *, reference: Sequence[str], reference_format: str | None, reference_field: str,
    lm: Sequence[str], baseline_lm: str | None, by: Sequence[str], block: str | None, show: bool, json_output: bool,
    html: bool, compare: Sequence[tuple[str, str]], seed: int, form: str, nbest: bool, baseline: Sequence[str],
    weight: float, own: str, field: str, key: str,
) -> None:  # fmt: skip
    """Write the report, or the settings; the parameters are the command's options."""
    if not lm:
        raise UsageError("--lexicon needs an --lm")
    if baseline or nbest or form != "jsonl":
        raise UsageError("--lexicon recognises emissions of JSON Lines: no --baseline, --nbest or --format")
    models = _named([*([baseline_lm] if baseline_lm else []), *lm])
    several = len(lm) > 1
    for name in (name for pair in compare for name in pair if name not in models or not several):
        raise UsageError(f"--compare '{name}': not the name of one of several --lm, nor of --baseline-lm")
    if several and (show or html):
        raise UsageError("--show and --html are for one --lm")
    if several and (by or count > 1) and not json_output:
        raise UsageError("the table of several --lm has no groups and no oracle: --by and --count need --json")
    if tune and (heard or count > 1 or by or block or show or html or json_output):
        raise UsageError("--tune finds settings: no --heard, --count, --by, --block, --show, --html or --json")
    chosen = Settings(**{**(_read(settings) if settings else {}), **search})
    entries = lexicons.entries(lexicon)
    if not entries:
        raise DataError("no words", lexicon)
    decoders = {name: Decoder(entries, path, chosen) for name, path in models.items()}
    words = len({word for word, _ in entries})
    for name, decoder in decoders.items():
        pipe.say(f"{name}: knows {len({word for word, _ in decoder.known}):,} of the lexicon's {words:,} words")

    def show_count(done: int) -> None:
        pipe.progress.show(f"{done:,} utterances")

    if tune:
        if reference or baseline_lm or several:
            raise UsageError("--tune takes one --lm and the records' own references")
        (decoder,) = decoders.values()
        best = tuned(list(pipe.blocks(BLOCK)), decoder, reference_field, jobs, pipe.say, show_count)
        pipe.write(
            encode({**best.settings._asdict(), "WER": round(best.wer, 6), "signature": str(pipe.signature)}) + b"\n"
        )
        return
    fields = list(dict.fromkeys((*by, *([block] if block else []))))
    start = monotonic()
    own_references = None if reference else reference_field
    found = recognised(pipe.blocks(BLOCK), decoders, count, fields, own_references, jobs, show_count, key)
    spent = monotonic() - start
    for name, decoder in decoders.items():
        if decoder.unheard:
            pipe.warn(f"{name}: {decoder.unheard:,} words are left out: six that sound the same are likelier")
    if found.seconds:
        speed = spent / found.seconds / len(decoders)
        pipe.say(f"{found.seconds:,.1f} s of audio in {spent:,.1f} s: real-time factor {speed:.4f} for each model")
    references = found.references
    if reference:
        said = {reference_field: transcripts.TEXT}
        (references,) = transcripts.load(reference, reference_format or form, said, fields, key)
    if not references:
        raise DataError("no references to measure against", display_name((reference or pipe.files or ["-"])[0]))
    if heard:
        _write(pipe, heard, found)
    others = found.hypotheses[next(iter(models))] if baseline_lm else None
    reports = {
        name: asr_report.evaluate(
            references, hypotheses, None if hypotheses is others else others, by, block, seed, count > 1
        )
        for name, hypotheses in found.hypotheses.items()
    }
    if not several:
        reports = {name: report for name, report in reports.items() if report.compared or not baseline_lm}
    pairs = [asr_report.between(new, old, reports, seed) for new, old in compare]
    told(pipe, reports, show, json_output, html, pairs)


def _named(paths: Sequence[str]) -> dict[str, str]:
    """Paths by their last part, or as they are where that would be said of two."""
    last = [os.path.basename(path) for path in paths]
    names = last if len(set(last)) == len(paths) else list(paths)
    if len(set(names)) < len(paths):
        raise UsageError("the same language model twice")
    return dict(zip(names, paths))


def _read(path: str) -> dict[str, Any]:
    """The settings that tuning wrote; ModelError for a file that is none."""
    try:
        made = msgspec.json.decode(content(path, text=True), type=dict[str, Any])
        found = {name: msgspec.convert(made[name], kind) for name, kind in _KINDS.items()}
        if not all(RANGES[name][0] <= value <= RANGES[name][1] for name, value in found.items()):
            raise ModelError(f"{path}: a number is not in the range of its option")
        return found
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, UnicodeDecodeError):
        raise ModelError(f"{path}: not settings that --tune wrote") from None


_KINDS = {name: int if isinstance(default, int) else float for name, default in Settings._field_defaults.items()}


def _write(pipe: Pipe, path: str, found: Recognised) -> None:
    """The hypotheses of every model, utterance by utterance."""
    sink = pipe.aside(path)
    for index in range(len(next(iter(found.heard.values())))):
        for name, heard in found.heard.items():
            key = found.hypotheses[name][index].id
            nbest = [each._asdict() for each in heard[index]]
            record = {"id": msgspec.Raw(key or b"null"), "lm": name, "hypothesis": heard[index][0].text, "nbest": nbest}
            sink.write(encode(record) + b"\n")
