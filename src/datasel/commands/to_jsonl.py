r"""Read other tools' files as records.

Writes a JSON object for each record of the FILEs, in their order. What a field is called is the same whatever the
format: text, domain, intent, slots, source, target, audio, reference, hypothesis, speaker; --rename gives other names.
Slots have character offsets in code points, end exclusive. The format is what --from says, never a guess.

Formats:
    csv: a header of names, or --columns; fields in double quotes may hold commas, line feeds and doubled quotes (RFC
    4180). Values are texts, but for --json-columns; there an empty one is null. A row with more or fewer columns than
    the header, a name that comes twice, and quotes that are not closed are errors.

    tsv: the same with tabs, and without quoting. Tab-separated files with quotes are read by --from csv --delimiter
    '\t'.

    parquet: files, or folders of *.parquet. datasets: folders of Hugging Face's save_to_disk, or with SPLIT-*.parquet;
    --split says which part. --columns leaves the others out. Labels get their names. (Install datasel[formats].)

    moses: parallel files, a line of each a record. Without --columns they are two: source and target. A file that ends
    before another is an error.

    tmx: source and target, and id. --languages says which two, else the header's language and the only other one; 'en'
    is 'en-GB' too.

    fasttext: text, and intent, or where a line does not have just one label the list labels.

    snips: text, intent and slots, from the JSON of Snips' benchmark or of Snips NLU.

    rasa: the same from NLU files (YAML). What Rasa calls an entity's value is the slot's member canonical; role and
    group are members too. Synonyms, regular expressions and lookup tables are no utterances and left out. A file is
    held as a whole, as is a line of Snips' JSON.

    bio: text and slots from CoNLL columns: the word first, its tag last, a blank line after each utterance; lines
    '# NAME = VALUE' before the first word are fields. The text is the words with one space between them, or the field
    text. A tag that --scheme does not allow at its place is an error.

    nemo: a manifest; audio_filepath becomes audio, pred_text hypothesis, other fields stay.

    kaldi: data folders: id, audio, start and end, text, speaker from text, wav.scp, segments and utt2spk, which are
    held but for the first, of which the ids are. An utterance that one of them has and another has not is an error, and
    so is audio that a command makes.

    trn: id and text. stm: id, audio, channel, speaker, start, end, reference and label; with --ctm also hypothesis, the
    words whose middles lie in the segment; these files are held. A word that lies in none is an error. Alternatives are
    errors.

    Relative paths of audio come out relative to the folder of -o FILE, else to the current folder.

Errors:
    A record that is bad ends the run with its file and line, or goes to --rejects; one of several lines takes as many
    there, so that 'cut -f4-' gives them back.

Examples:
    $ to-jsonl --from csv --rename utterance=text --rename label=intent formats/requests.csv > requests.jsonl
    $ to-jsonl --from moses formats/corpus.en formats/corpus.hi > pairs.jsonl
    $ to-jsonl --from snips formats/PlayMusic.json | nlu-fit -o music.nlu
    $ to-jsonl --from rasa formats/nlu.yml | from-jsonl --to bio -q --scheme bioes
    $ to-jsonl --from kaldi formats/kaldi | build-arpa -q -o kaldi.arpa
    $ to-jsonl --from stm --ctm formats/call.ctm formats/call.stm | decode-wer --by speaker
    $ printf 'id,text,score\n7,"play ""Help!"", please",0.50\n' | to-jsonl --from csv --json-columns score
    {"id":"7","text":"play \"Help!\", please","score":0.50}
"""

from __future__ import annotations

from datasel.cli import filter_command
from datasel.errors import UsageError
from datasel.options import format_options


@filter_command(folders=True)
@format_options(reading=True)
def command(pipe, form, given):
    from datasel.formats.source import Source, as_blocks
    from datasel.formats.table import FORMATS, loaded

    format = FORMATS[form]
    if not format.stdin and not pipe.files:
        raise UsageError(f"{form} is read from FILEs")
    for name in given["rename"] if format.fields else ():
        if name not in format.fields:
            raise UsageError(f"--rename: {form} has no '{name}', but {', '.join(format.fields)}")
    settings = {"eager": pipe.eager, "lenient": pipe.rejects is not None, "place": pipe.sink.place, "warn": pipe.warn}
    source = Source(pipe.files, **settings, **given)
    pipe.take(as_blocks(loaded(format.reader)(source), source.rename))
