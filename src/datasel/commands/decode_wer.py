"""Measure word errors of recognised speech against references.

Reads what a recogniser wrote and compares it with --reference, or with the field 'reference' of the same records. Both
are JSON Lines unless --format says otherwise: kaldi (a line is an id and the words), trn (the words and the id in
brackets, as NIST's tools write them) or text (a line is an utterance).

Pairing:
    By id if every reference has one, else line by line, with as many hypotheses as references. A hypothesis without a
    reference and a repeated id are errors. A reference without a hypothesis counts as one all of whose words were
    deleted; standard error and the report say how many there are.

Measures:
    WER = (S + D + I) / N: words substituted, deleted and inserted, for N words of the references, summed over the
    corpus; it may exceed 1. Words stand between ASCII white space and are compared as they are: put normalize-text
    before it where case, punctuation or the way a letter is encoded should not count. CER is the same for characters:
    code points of the words with one space between them. Both are rates, not per cent. An empty reference is an
    utterance: what is heard in it is inserted. References without any word have no rate: an error for the corpus,
    '-' for a group. n is the number of utterances. The 95 % interval is from 10,000 bootstrap samples of them.

N-best lists:
    With --nbest a record has the field nbest, a list of {"text": ...} with the best first. That one is measured; oracle
    is the WER of the hypothesis with the fewest errors in each list. With --lm the lists are first ranked, as by
    lm-rescore, by (1 - w) * score + w * lm with the --weight w: the hypothesis's own number --score, and the
    model's probability of its text, both natural logarithms. --baseline-lm compares with the same lists ranked by
    another model; the lists of a --baseline are ranked by none.

Comparison:
    With --baseline, the relative reduction of WER, (baseline - new) / baseline, with its 95 % interval and the
    probability of improvement, from paired bootstrap samples (Bisani & Ney, ICASSP 2004), and the matched-pairs test
    (Gillick & Cox, ICASSP 1989) of the mean difference of errors. Both take utterances to be independent of each
    other; with --block, blocks of them: records with the same value of that field are drawn together. Below some fifty
    utterances, or blocks, both are surer than they should be. The field is one of the references, or where they have
    none of the hypotheses, and so is --by.

Memory:
    Holds references, hypotheses and their alignments.

Examples:
    $ decode-wer --by scenario --block speaker recognised.jsonl
    # another system on the same audio
    $ decode-wer --reference recognised.jsonl --baseline second.jsonl recognised.jsonl
    # files of Kaldi, and the errors word by word
    $ decode-wer --format kaldi --reference text.ref --show text.hyp
    # what the list holds, and what a language model makes of it
    $ decode-wer --nbest --score am_score --lm voice.arpa --baseline-lm general.arpa recognised.jsonl
    $ decode-wer --json recognised.jsonl | jq .all.WER
    $ decode-wer --html recognised.jsonl > report.html
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, MODEL, filter_command
from datasel.errors import DataError, UsageError

_FORMATS = click.Choice(["jsonl", "kaldi", "trn", "text"])


@filter_command(writes="report", seed=True, field="hypothesis")
@click.option("-r", "--reference", multiple=True, type=DATA, help="What was said. May be repeated.")
@click.option("-b", "--baseline", multiple=True, type=DATA, help="Hypotheses of another system. May be repeated.")
@click.option("--format", "form", type=_FORMATS, default="jsonl", show_default=True, help="How hypotheses are written.")
@click.option("--reference-format", type=_FORMATS, help="How references are written.  [default: as hypotheses]")
@click.option("--reference-field", default="reference", type=FIELD, show_default=True,
              help="The text field of references.")  # fmt: skip
@click.option("--nbest", is_flag=True, help="Hypotheses are n-best lists, in the field nbest.")
@click.option("--lm", type=MODEL, help="Rank the lists with an ARPA file or a KenLM binary.")
@click.option("--baseline-lm", type=MODEL, help="Compare with the lists as ranked by this one.")
@click.option("--weight", type=click.FloatRange(0, 1), default=0.3, show_default=True, metavar="X",
              help="The weight of the language model.")  # fmt: skip
@click.option("--score", "own", type=FIELD, default="mt_score", show_default=True, help="The hypotheses' own score.")
@click.option("--by", multiple=True, type=FIELD, help="A table by the values of this field. May be repeated.")
@click.option("--block", type=FIELD, help="References that the bootstrap draws together, such as a speaker's.")
@click.option("--show", is_flag=True, help="Also the alignment of every utterance with errors.")
@click.option("--json", "json_output", is_flag=True, help="One JSON object instead of a table.")
@click.option("--html", is_flag=True, help="A page with the table and the alignments.")
def command(
    pipe, reference, baseline, form, reference_format, reference_field, nbest, lm, baseline_lm, weight, own, by, block,
    show, json_output, html, field, seed,
):  # fmt: skip
    from datasel.evaluation import asr_page, asr_report, transcripts
    from datasel.records.streams import display_name

    reference_format = reference_format or form
    if show + json_output + html > 1:
        raise UsageError("give one of --show, --json and --html")
    if baseline and baseline_lm:
        raise UsageError("give one of --baseline and --baseline-lm")
    if (lm or baseline_lm) and not nbest:
        raise UsageError("--lm and --baseline-lm rank n-best lists: they need --nbest")
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
        (references,) = transcripts.load(reference, reference_format, said, fields)
        (found,) = transcripts.load(files, form, heard, fields)
    else:
        found, references = transcripts.load(files, form, {**heard, **said}, fields)
    if not references:
        raise DataError("no references to measure against", display_name((reference or files)[0]))
    others = None
    if baseline:
        (others,) = transcripts.load(baseline, form, {"nbest": transcripts.nbest()} if nbest else heard)
    elif baseline_lm:
        others = _ranked(found, baseline_lm, weight)
    if lm:
        found = _ranked(found, lm, weight)
    report = asr_report.evaluate(references, found, others, by, block, seed, nbest)
    for line in asr_report.missing(report):
        pipe.warn(line)
    signature = str(pipe.signature)
    if html:
        made = asr_page.to_html(report, signature)
    elif json_output:
        made = asr_report.to_json(report, signature)
    else:
        made = asr_report.to_text(report, signature, show)
    pipe.write_whole(made)


def _ranked(found, model, weight):
    """Transcripts with their texts in the order of the combined score."""
    from datasel.lm.query import Scorer
    from datasel.lm.rescoring import Lists

    lists = [[{"text": text, "score": score} for text, score in zip(each.texts, each.scores)] for each in found]
    ranked = Lists(Scorer(model), lists, "score", False).ranked(weight)
    return [each._replace(texts=[each.texts[place] for place in rank.order]) for each, rank in zip(found, ranked)]
