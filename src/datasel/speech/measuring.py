"""What decode-wer does with hypotheses that are there: read, ranked, measured, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from datasel.errors import DataError, UsageError
from datasel.evaluation import asr_page, asr_report, asr_systems, transcripts
from datasel.evaluation.asr_report import Between, Report
from datasel.evaluation.transcripts import Transcript
from datasel.records.pipe import Pipe
from datasel.records.streams import display_name


def measured(
    pipe: Pipe, *, reference: Sequence[str], baseline: Sequence[str], form: str, reference_format: str | None,
    reference_field: str, nbest: bool, lm: Sequence[str], baseline_lm: str | None, weight: float, own: str,
    by: Sequence[str], block: str | None, show: bool, json_output: bool, html: bool, field: str, seed: int,
    key: str,
) -> None:  # fmt: skip
    """Write the report; the parameters are the command's options."""
    reference_format = reference_format or form
    if baseline and baseline_lm:
        raise UsageError("give one of --baseline and --baseline-lm")
    if (lm or baseline_lm) and not nbest:
        raise UsageError("--lm and --baseline-lm rank n-best lists (--nbest) or recognise emissions (--lexicon)")
    if len(lm) > 1:
        raise UsageError("several --lm are for emissions: they need --lexicon")
    if own == "text":
        raise UsageError("--score names a number, not the text")
    if nbest and form != "jsonl":
        raise UsageError("--nbest needs JSON Lines")
    if (by or block) and "jsonl" not in (form, reference_format):
        raise UsageError("--by and --block need JSON Lines")
    if not reference and (form != "jsonl" or field == reference_field):
        raise UsageError("--reference is missing")

    fields = dict.fromkeys((*by, *([block] if block else [])))
    files, said = pipe.files or ["-"], {reference_field: transcripts.TEXT}
    heard = {"nbest": transcripts.nbest(own if lm or baseline_lm else None)} if nbest else {field: transcripts.TEXT}
    if reference:
        (references,) = transcripts.load(reference, reference_format, said, fields, key)
        named = any(each.id is None for each in references)
        (found,) = transcripts.load(files, form, heard, fields, key, named)
    else:
        found, references = transcripts.load(files, form, {**heard, **said}, fields, key)
        named = any(each.id is None for each in references)
    if not references:
        raise DataError("no references to measure against", display_name((reference or files)[0]))
    others = None
    if baseline:
        texts = {"nbest": transcripts.nbest()} if nbest else heard
        (others,) = transcripts.load(baseline, form, texts, (), key, named)
    elif baseline_lm:
        others = _ranked(found, baseline_lm, weight)
    if lm:
        found = _ranked(found, lm[0], weight)
    told(pipe, {"": asr_report.evaluate(references, found, others, by, block, seed, nbest)}, show, json_output, html)


def _ranked(found: Sequence[Transcript], model: str, weight: float) -> list[Transcript]:
    """Transcripts with their texts in the order of the combined score."""
    from datasel.lm.query import Scorer
    from datasel.lm.rescoring import Lists

    lists = [[{"text": text, "score": score} for text, score in zip(each.texts, each.scores)] for each in found]
    ranked = Lists(Scorer(model), lists, "score", False).ranked(weight)
    return [
        structs.replace(each, texts=[each.texts[place] for place in rank.order]) for each, rank in zip(found, ranked)
    ]


def told(
    pipe: Pipe, reports: Mapping[str, Report], show: bool, json_output: bool, html: bool, pairs: Sequence[Between] = ()
) -> None:
    """Write the reports by name, or the one there is; ``pairs`` of several were compared with each other."""
    report, *others = reports.values()
    for line in asr_report.missing(report):
        pipe.warn(line)
    signature = str(pipe.signature)
    if others:
        made = (asr_systems.to_json if json_output else asr_systems.to_text)(reports, pairs, signature)
    elif html:
        made = asr_page.to_html(report, signature)
    elif json_output:
        made = asr_report.to_json(report, signature)
    else:
        made = asr_report.to_text(report, signature, show)
    pipe.write_whole(made)
