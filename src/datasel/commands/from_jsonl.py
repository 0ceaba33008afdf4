r"""Write records as other tools' files.

The format is what --to says. It takes the fields that to-jsonl gives them: text, intent, slots, source, target, audio,
reference, speaker and so on; --rename says that a field of the records stands for one of another name. A record that
the format cannot hold, such as a text with a tab in TSV, ends the run with its line, or goes to --rejects. What the
format has no place for is left out, and a warning names the fields.

Formats:
    csv, tsv: a header and a row for each record: --columns, or the fields of the first record; then a later record
    with another field is an error. Texts are written as they are, anything else as JSON, null or no field as nothing.

    moses: a line in each --file FIELD=FILE; nothing goes to standard output. The files appear whole or not at all.

    tmx: pairs of source and target, with an id where there is one; --languages says which they are.

    parquet: columns as for csv; their types are those of the first records.

    fasttext: '__label__INTENT TEXT', or several labels from the list labels.

    snips: the JSON of Snips' benchmark.

    rasa: NLU examples; a slot's role, group and canonical go into the longer form of an entity.

    bio: a word and its tag a line, by --scheme. Words are what stands between white space, parted where a slot begins
    or ends. --comments adds lines with id, domain, intent and text, by which to-jsonl finds the text again.

    nemo: audio as audio_filepath, hypothesis as pred_text, start and end as offset and duration, other fields as they
    are.

    kaldi: a folder (-o NAME/) with text, utt2spk, wav.scp and segments, as far as the records have them. All records
    with audio have a start and an end (they are segments of recordings), or none has. A folder that is there and holds
    nothing but files of these names is replaced.

    trn: the text and the id. stm: audio, channel, speaker, start, end, label and reference.

Memory:
    Streams, but for snips and kaldi, which hold what they write, and parquet, which holds a row group.

Examples:
    $ from-jsonl --to csv --columns id,text pool.jsonl > pool.csv
    $ from-jsonl --to rasa -q annotated.jsonl > nlu.yml
    $ from-jsonl --to bio -q --scheme bilou annotated.jsonl > annotated.bilou
    $ from-jsonl --to moses -q --file source=corpus.src --file target=corpus.tgt sentences.jsonl
    $ from-jsonl --to trn -q --rename reference=text recognised.jsonl > references.trn
    $ printf '%s\n' '{"text":"play some jazz","intent":"PlayMusic"}' | from-jsonl --to fasttext
    __label__PlayMusic play some jazz
"""

from __future__ import annotations

from datasel.cli import filter_command
from datasel.errors import UsageError
from datasel.options import format_options


@filter_command(writes="text", folder=("text", "utt2spk", "wav.scp", "segments"))
@format_options(reading=False)
def command(pipe, form, given):
    from datasel.formats.table import FORMATS, loaded
    from datasel.formats.target import Target
    from datasel.records.folder import FolderSink

    if isinstance(pipe.sink, FolderSink) and form != "kaldi":
        raise UsageError(f"{form} is no folder: give -o FILE")
    loaded(FORMATS[form].writer)(Target(pipe, **given))
