"""Measure word errors of recognised speech against references.

Reads what a recogniser wrote and compares it with --reference, or with the field 'reference' of the same records. Both
are JSON Lines unless --format says otherwise: kaldi (a line is an id and the words), trn (the words and the id in
brackets, as NIST's tools write them) or text (a line is an utterance). In trn lines that begin with ;; are comments,
{ a / b c / @ } stands for one of these, @ for nothing, and (uh) for a word that may be left out: what has the fewest
errors counts, also for the number of words.

A KenLM binary has no checksum, and not all damage to one is noticed (see lm-score).

Pairing:
    By the field --id if every reference has it, else line by line, with as many hypotheses as references; two records
    of a line whose other names differ (utt_id, uttid, utt, uid, utterance_id, key, id, or the file of audio,
    audio_filepath, audio_path) are an error. A hypothesis without a
    reference and a repeated id are errors. A reference without a hypothesis counts as one all of whose words were
    deleted; standard error and the report say how many there are.

Measures:
    WER = (S + D + I) / N: words substituted, deleted and inserted, for N words of the references, summed over the
    corpus; it may exceed 1. Words stand between ASCII white space and are compared as they are: put normalize-text
    before it where case, punctuation or the way a letter is encoded should not count. CER is the same for characters:
    code points of the words with one space between them. Both are rates, not per cent. An empty reference is an
    utterance: what is heard in it is inserted. References without any word have no rate: an error for the corpus,
    '-' for a group. n is the number of utterances. The 95 % interval is from 10,000 bootstrap samples of them.

Audio:
    With --lexicon the records have emissions, as ctc-emit leaves them (relative paths are relative to the folder of the
    JSON Lines file), and are recognised first: by a beam search over the words of the lexicon (lines 'word <tab>
    tokens', a line a pronunciation, as make-lexicon writes them) with --lm. A word is heard only if the lexicon has it
    and the model knows it; -v says how many are. A text's score is am + W lm + S words: ln p of the emissions along the
    best path, --lm-weight times ln p of the text, and --word-score for each word. --tune tries weights and word scores
    on these records, with one --lm, and writes those with the fewest word errors, which --settings takes. Of words with
    the same pronunciation the search has the six that the model finds the most probable alone; those that are equally
    probable are told apart by their neighbours. --lm may be repeated: each is measured, and compared with
    --baseline-lm, on the same emissions. --count keeps the best N texts of each, which gives an oracle; --heard writes
    them: id, lm, hypothesis and nbest (text, am_score and lm_score, natural logs).

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
    utterances, or blocks, both are surer than they should be. Where several language models are recognised with,
    --compare NEW,OLD also compares two of them with each other, by the last part of their paths: the difference of two
    models' reductions of the same baseline says nothing about its own interval. The field of --block is one of the
    references, or where they have none of the hypotheses, and so is --by.

Memory:
    Holds references, hypotheses and their alignments; emissions one at a time, but --tune holds the records.

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
    # emissions: the search tuned, then two language models compared
    $ decode-wer --lexicon spoken.lexicon --lm voice.arpa --tune spoken.jsonl > settings.json
    $ decode-wer --lexicon spoken.lexicon --lm voice.arpa --baseline-lm general.arpa spoken.jsonl
    # what each of two adds to the one before
    $ decode-wer --lexicon spoken.lexicon --lm voice.arpa --lm general.arpa \
        --compare voice.arpa,general.arpa spoken.jsonl
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, MODEL, filter_command
from datasel.errors import UsageError
from datasel.options import only_for, search_options

_FORMATS = click.Choice(["jsonl", "kaldi", "trn", "text"])


class Systems(click.ParamType):
    """NEW,OLD: the names of two language models."""

    name = "new,old"

    def convert(self, value, param, ctx):
        names = tuple(value.split(",")) if isinstance(value, str) else value
        if len(names) != 2 or not all(names) or names[0] == names[1]:
            self.fail(f"'{value}' is not NEW,OLD", param, ctx)
        return names


@filter_command(writes="report", jobs=True, seed=True, field="hypothesis")
@click.option("-r", "--reference", multiple=True, type=DATA, help="What was said. May be repeated.")
@click.option("-b", "--baseline", multiple=True, type=DATA, help="Hypotheses of another system. May be repeated.")
@click.option("--format", "form", type=_FORMATS, default="jsonl", show_default=True, help="How hypotheses are written.")
@click.option("--reference-format", type=_FORMATS, help="How references are written.  [default: as hypotheses]")
@click.option("--reference-field", default="reference", type=FIELD, show_default=True,
              help="The text field of references.")  # fmt: skip
@click.option("--id", "key", type=FIELD, default="id", show_default=True, help="The field that pairs records.")
@click.option("--nbest", is_flag=True, help="Hypotheses are n-best lists, in the field nbest.")
@click.option("--lm", multiple=True, type=MODEL, help="An ARPA file or a KenLM binary; with --lexicon several.")
@click.option("--baseline-lm", type=MODEL, help="Compare with this one.")
@click.option("--weight", type=click.FloatRange(0, 1), default=0.3, show_default=True, metavar="X",
              help="The weight of the language model.")  # fmt: skip
@click.option("--score", "own", type=FIELD, default="mt_score", show_default=True, help="The hypotheses' own score.")
@click.option("--lexicon", type=DATA, help="Recognise emissions, with these pronunciations.")
@search_options
@click.option("--settings", type=MODEL, help="Settings of the search that --tune found.")
@click.option("--tune", is_flag=True, help="Find settings instead of measuring.")
@click.option("-n", "--count", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Texts to keep.")
@click.option("--heard", type=DATA, help="Write what was recognised to FILE.")
@click.option("--compare", multiple=True, type=Systems(), metavar="NEW,OLD",
              help="Compare two --lm with each other. May be repeated.")  # fmt: skip
@click.option("--by", multiple=True, type=FIELD, help="A table by the values of this field. May be repeated.")
@click.option("--block", type=FIELD, help="References that the bootstrap draws together, such as a speaker's.")
@click.option("--show", is_flag=True, help="Also the alignment of every utterance with errors.")
@click.option("--json", "json_output", is_flag=True, help="One JSON object instead of a table.")
@click.option("--html", is_flag=True, help="A page with the table and the alignments.")
def command(pipe, lexicon, search, settings, tune, count, heard, jobs, compare, **options):
    if options["show"] + options["json_output"] + options["html"] > 1:
        raise UsageError("give one of --show, --json and --html")
    only_for(options["reference"], "--reference", "reference_format")
    only_for(not lexicon, "hypotheses, not for --lexicon", "weight", "own", "field")
    if lexicon:
        from datasel.speech.listening import measured

        measured(pipe, lexicon, search, settings, tune, count, heard, jobs, compare=compare, **options)
    elif search or settings or tune or heard or compare or count > 1:
        raise UsageError("emissions are recognised with --lexicon")
    else:
        only_for(options["lm"] or options["baseline_lm"], "--lm and --baseline-lm", "weight", "own")
        only_for(not options["nbest"], "texts, not for --nbest", "field")
        only_for(options["form"] == "jsonl", "JSON Lines", "field")
        only_for((options["reference_format"] or options["form"]) == "jsonl", "JSON Lines", "reference_field")
        only_for("jsonl" in (options["form"], options["reference_format"]), "JSON Lines", "key")
        from datasel.speech.measuring import measured

        measured(pipe, **options)
