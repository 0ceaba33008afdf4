"""A minimal working call of every command: the one table a new command is entered in.

``options`` is what the command needs besides its FILEs, with these words in braces: ``{input}`` for a command that
takes its input by an option and not as FILEs; ``{twin}`` a clean copy of the input's records (references to compare
with); the names in MODELS and SAMPLES.  With it, a command that passes records on keeps them all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from datasel.speech.emissions import Emissions, inline, pack

_TEMPLATES = (
    ("music", "PlayMusic", "play some {} please", "genre", ("jazz", "blues", "हिन्दी", "fado")),
    ("weather", "GetWeather", "will it rain in {} today", "city", ("Paris", "İstanbul", "Münster", "दिल्ली")),
    ("alarm", "SetAlarm", "wake me at {} sharp", "time", ("seven", "half past six", "7:30", "नौ बजे")),
)


def utterance(number: int) -> dict[str, Any]:
    """An annotated utterance with a score: enough for most commands."""
    domain, intent, template, slot, values = _TEMPLATES[number % len(_TEMPLATES)]
    value = values[number // len(_TEMPLATES) % len(values)]
    start = template.index("{")
    return {
        "id": f"u{number}",
        "text": f"{template.format(value)} number {number}",
        "domain": domain,
        "intent": intent,
        "slots": [{"name": slot, "value": value, "start": start, "end": start + len(value)}],
        "score": number * 7 % 10 / 10,
    }


def templated(number: int) -> dict[str, Any]:
    """An utterance with its template, as slot-template makes them."""
    _, _, template, slot, _ = _TEMPLATES[number % len(_TEMPLATES)]
    return {**utterance(number), "template": f"{template.format(f'[{slot}]')} number {number}"}


def pair(number: int) -> dict[str, Any]:
    """Two utterances, paraphrases or not in turn."""
    record = utterance(number)
    other = record["text"] + " now" if number % 2 else utterance(number + 1)["text"]
    return {**record, "other": other, "label": number % 2}


def sentences(number: int) -> dict[str, Any]:
    """An utterance and its translation, into a language of few words."""
    record = utterance(number)
    return {**record, "source": record["text"], "target": " ".join(word[:2] for word in record["text"].split()[::-1])}


def translation(number: int) -> dict[str, Any]:
    """An utterance as the source of a translation, whose words are its own from last to first."""
    record = utterance(number)
    return {**record, "source": record["text"], "text": " ".join(record["text"].split()[::-1])}


def recognised(number: int) -> dict[str, Any]:
    """An utterance as it was recognised beside what was said, with other hypotheses."""
    record = utterance(number)
    heard = record["text"].replace(" number", " some number" if number % 2 else "")
    listed = [{"text": text} for text in (heard, record["text"])]
    return {"id": record["id"], "hypothesis": heard, "reference": record["text"], "domain": record["domain"],
            "nbest": listed}  # fmt: skip


def heard(number: int) -> dict[str, Any]:
    """An utterance with a model's emissions: three seconds of them, each frame the same."""
    return {**utterance(number), "emissions": _EMISSIONS}


def silent(number: int) -> dict[str, Any]:
    """An utterance with a word that has no sound."""
    return {**utterance(number), "text": f"{utterance(number)['text']} —"}


def recorded(number: int) -> dict[str, Any]:
    """A recording of words that are tones; its text is another."""
    with open(_TONES.format("tones.jsonl"), encoding="utf-8") as file:
        found = [json.loads(line) for line in file]
    return {**utterance(number), "audio": _TONES.format(found[number % len(found)]["audio"])}


def lasting(number: int) -> dict[str, Any]:
    """An utterance with a recording, which need not be there, and its length."""
    return {**utterance(number), "audio": f"/audio/{number}.wav", "duration": 1.5 + number}


def encoded(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record as a line."""
    return json.dumps(record, ensure_ascii=ensure_ascii).encode() + b"\n"


def sentence(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record as a line of plain text, which ends in what there is beside the text."""
    return " ".join([record["text"], *([record["note"]] if "note" in record else [])]).encode() + b"\n"


def translated(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record as a line, a list of hypotheses in place of its text; the best is not always the first."""
    record = dict(record)
    text, score = record.pop("text"), record["score"]
    listed = [{"text": text + " now", "mt_score": -40 * score}, {"text": text, "mt_score": 20 * score - 20}]
    return encoded({**record, "nbest": listed}, ensure_ascii)


def alone(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record as a line, its text and score as the one hypothesis of a list too."""
    best = {"text": record["text"], "mt_score": -record["score"]}
    return encoded({**record, **best, "nbest": [best]}, ensure_ascii)


def aligned(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A translation as a line, with its word alignment."""
    places = range(min(len(record["source"].split()), len(record["text"].split())))
    return encoded({**record, "alignment": [[place, places[-1] - place] for place in places]}, ensure_ascii)


def listed(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """The same with a list of two hypotheses besides, one of them without an alignment."""
    made = json.loads(aligned(record))
    best = {"text": made["text"], "alignment": made["alignment"], "mt_score": -1.5}
    return encoded({**made, "nbest": [best, {"text": made["text"] + " now"}]}, ensure_ascii)


def listed_with_masks(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record with a translation of a list, in which its first word is a mask."""
    first, _, rest = record["text"].partition(" ")
    made = {**record, "masks": {"[e1]": first}, "nbest": [{"text": f"{rest} [e1]", "flags": []}]}
    return encoded(made, ensure_ascii)


def aligned_pair(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A pair whose words are the same on both sides, with its alignment."""
    linked = [[place, place] for place in range(len(record["source"].split()))]
    return encoded({**record, "target": record["source"], "alignment": linked}, ensure_ascii)


def moses(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record as a list of one hypothesis in Moses' format."""
    return f"{record['id']} ||| {record['text']} ||| {record.get('note', '')} ||| -{record['score']}\n".encode()


def tabbed(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record as three tab-separated columns; a tab in a text would part it."""
    return "\t".join(str(record.get(name, "")).replace("\t", " ") for name in ("id", "text", "note")).encode() + b"\n"


def comma(record: dict[str, Any], ensure_ascii: bool = False) -> bytes:
    """A record as three columns of CSV, what needs quotes in quotes."""
    cells = [str(record.get(name, "")).replace('"', '""') for name in ("id", "text", "note")]
    return ",".join(f'"{cell}"' if set(cell) & set('",\r') else cell for cell in cells).encode() + b"\n"


_TONES = str(Path(__file__).parents[2] / "examples" / "samples" / "{}")
_EMISSIONS = inline(pack(Emissions(np.log(np.full((150, 4), 0.25)), ("-", "sil", "a", "b"), 0, 1, 50.0)))


class Call(NamedTuple):
    options: str
    record: Callable[[int], dict[str, Any]] = utterance  # the n-th record of its input
    encode: Callable[..., bytes] = encoded  # how a record is written as a line
    streams: bool | None = None  # where it differs from what the registry says
    drops: str = ""  # options under which it drops records for a reason
    field: tuple[str, str] = ("--field", "text")  # the option that names the text it reads, and its default
    makes: bool = False  # the records it writes are new ones: none of the input passes through
    much: str = ""  # options that make it write more than a pipe holds, where the length of its input does not
    threads: bool = False  # its --jobs are threads of one process
    rewrites: str = ""  # the fields it writes anew, having read them
    without: str = ""  # its parameters that with these options do not do what they do elsewhere
    slow: bool = False  # a second is a few hundred records: its memory has a test of its own
    unsigned: bool = False  # what it writes is of a form that has no place for a signature
    rows: bool = False  # an array is what it writes: a row for each record, and no model for all that it is binary
    figures: bool = False  # a record of figures on all of its input is what it writes: a report


_HYPOTHESIS = ("--field", "hypothesis")

_SMALL = "--epochs 1 --hidden 4 --embedding 4 --dimensions 8 --buckets 1024 --threads 1"  # a detector of a few KB

_VECTORS = "--dim 6 --buckets 50 --min-count 1 --epochs 3"
_TINY = "--updates 2 --vocabulary 200 --dimensions 8 --heads 1 --feed-forward 8 --layers 1,1 --threads 1"  # of 40 KB

_ACOUSTIC = "--epochs 1 --hidden 4 --layers 1"  # an acoustic model of a few KB

# Each with its first call as the ordinary one; further ones where options lead to other ways through the data.
CALLS: dict[str, tuple[Call, ...]] = {
    "to-jsonl": (
        Call("--from csv --columns id,text,note", encode=comma, makes=True),
        Call("--from tsv --columns id,text,note", encode=tabbed, makes=True),
    ),
    "from-jsonl": (
        Call("--to snips -q"),
        Call("--to nemo", record=lasting, streams=True),
    ),
    "ngram-fit": (
        Call("--positive {input} --negative {general} --bits 10 --l2 0.1"),
        Call("--method importance --counts-only --positive {input} --negative {general} --bits 10"),
    ),
    "ngram-score": (Call("--model {relevance}"),),
    "select-topk": (
        Call("-k 1000000 --by score"),
        Call("--keep 100% --by score"),
        Call("--threshold -1 --by score", streams=True),
        Call("-k 1000000 --by score --sample gumbel --key id"),
    ),
    # what these drop is dropped by right: tests that give records twice try the last
    "dedup": (
        Call("", drops="--near 0.3", without="text jobs"),
        Call("--by score --count times", drops="--near 0.3", without="text jobs"),
        Call(
            "--near 0.99 --shingle words:1 --against {heard} --memory 1K",
            drops="--near 0.3",
            without="text jobs",
        ),
        Call("--contains 9 --near 0.9 --against {heard} --only-against", drops="--near 0.1 --shingle chars:1"),
    ),
    "nlu-fit": (
        Call("--bits 10 --iterations 5 --l2 0.1"),
        Call(
            "--bits 10 --iterations 5 --l2 0.1 --encoder {encoder} --gazetteer {names} --guide {recogniser}", slow=True
        ),
    ),
    "nlu-label": (
        Call("--model {recogniser}", drops="--min-confidence 1"),
        Call("--model {knowing} --encoder {encoder}", drops="--intent PlayMusic", slow=True),
    ),
    "nlu-eval": (Call("--reference {twin}"),),
    "slot-template": (
        Call(""),
        Call("--fill {catalogue} --fill {annotated}", record=templated, field=("--template", "template")),
    ),
    "paraphrase-pairs": (
        Call("-n 40", makes=True, much="-n 5000"),
        Call("-n 40 --positives 20% --negatives random=1,same-structure=2", makes=True, much="-n 5000"),
    ),
    "paraphrase-fit": (Call(f"{_SMALL} --dev {{pairs}}", record=pair),),
    "paraphrase-score": (Call("--model {detector}", record=pair),),
    "paraphrase-diverse": (
        Call("--model {detector} --held {annotated} -k 1000000", drops="--min score=0.5", threads=True),
        Call(
            "--model {detector} --keep 100% --batch 3 --min score=0 --prefer score=0.5",
            drops="--min score=0.5",
            threads=True,
            without="text",
        ),
        Call("--encoder {encoder} --held {annotated} -k 1000000", drops="--min score=0.5", threads=True, slow=True),
    ),
    "ngram-diverse": (
        Call("--held {annotated} -k 1000000 --repeats", drops="--min score=0.5", threads=True),
        Call(
            "--keep 100% --order 2 --weights tf-idf --min score=0 --prefer score=0.5 --stochastic 0.2",
            drops="--min score=0.5",
            threads=True,
            without="text",
        ),
        Call("--cost words --budget 1e9 --repeats", drops="--min score=0.5", threads=True),
        Call(
            "--objective facility --model {detector} --held {annotated} -k 1000000 --repeats",
            drops="--min score=0.5",
            threads=True,
        ),
        Call(
            "--objective facility --encoder {encoder} --keep 100% --stochastic 0.5 --repeats",
            drops="--min score=0.5",
            threads=True,
            slow=True,
        ),
    ),
    "embed-plot": (
        Call("--held {annotated} --title संगीत"),
        Call("--held {annotated} --method pca --format svg"),
        Call("--held {annotated} --method pca --format html --model {detector}"),
        Call("--held {annotated} --method pca --encoder {encoder}", slow=True),
    ),
    "embed-fit": (
        Call(f"{_VECTORS}"),
        Call("--wrap {vectors}"),
    ),
    "embed-texts": (Call("--encoder {encoder}", threads=True, unsigned=True, slow=True, rows=True),),
    "embed-filter": (
        Call(
            "--model {vectors} --centroids {centroids} --in-domain-jsonl {music} --keep 100%",
            drops="--keep 40%",
            threads=True,
        ),
        Call("--model {vectors} --in-domain-jsonl {music} --keep 100%", drops="--keep 40%", threads=True),
        Call("--model {vectors} --in-domain {requests} --embedding mean --threshold 9", drops="--threshold -0.0001"),
        Call("--model {vectors} --centroids {centroids} --threshold 9", drops="--threshold -0.0001", streams=True),
        Call(
            "--model {vectors} --embedding mean --in-domain {requests} --out-domain-jsonl {general} --keep 100%",
            drops="--keep 40%",
        ),
        Call(
            "--model {vectors} --in-domain-jsonl {music} --keep 100% --tsv id,text,note",
            encode=tabbed,
            makes=True,
            without="text field into jobs",
        ),
    ),
    "build-arpa": (
        Call("--smoothing witten-bell"),
        Call("-q --order 3 --prune 0,0,1 --vocab {vocabulary} --memory 1K"),
        Call("-q --smoothing katz --order 2 --min-count 2"),
        Call("--smoothing witten-bell --weight score --prune-entropy 1e-4 --memory 1K", without="text"),
    ),
    "lm-mix": (
        Call("--tune {input} {voice} {everyday}", encode=sentence),
        Call("--tune {input} --floor everyday.model=0.25 {voice} {everyday}", encode=sentence),
    ),
    "lm-score": (
        Call("--lm {voice}"),
        Call("--lm {voice} --total --no-end --into p"),
        Call("--lm {voice} --minus {everyday}"),
        Call("--lm {voice} --summary", figures=True),
    ),
    "lm-rescore": (
        Call("--lm {voice}", encode=translated, rewrites="nbest"),
        Call("--lm {voice} --all --per-token --weight 0.7", encode=translated, rewrites="nbest"),
        Call("--lm {voice} --moses", encode=moses, makes=True, streams=False),
    ),
    "nbest-spread": (Call("--scale 0.5 --into share", encode=alone, rewrites="nbest"),),
    "lm-prune": (
        Call("--lm {voice} --keep 100%", drops="--keep 40%"),
        Call("--lm {voice} --minus {everyday} --threshold -99", drops="--threshold 0.33", streams=True),
        Call("--lm {voice} --max-perplexity 1e99", drops="--max-perplexity 2", streams=True),
        Call("--by score --keep 100%", drops="--keep 40%", without="text field"),
    ),
    "decode-wer": (
        Call("--reference {twin} --baseline {twin}", record=recognised, field=_HYPOTHESIS, without="jobs"),
        Call("--by domain --block domain --show", record=recognised, field=_HYPOTHESIS, without="jobs"),
        Call("--json", record=recognised, field=_HYPOTHESIS, without="jobs"),
        Call(
            "--lexicon {lexicon} --lm {voice} --baseline-lm {everyday} --reference-field text --count 2",
            record=heard,
            without="field jobs",  # thousands of records are too many: its own tests try the jobs
            slow=True,
        ),
    ),
    "make-lexicon": (
        Call("-q --language hi --latin-language en-us", record=silent, unsigned=True),
        Call(f"-q --language en-us --letters {_TONES.format('letters-hi.tsv')}", record=silent, unsigned=True),
    ),
    "translate-fit": (
        Call(f"{_TINY} --dev {{pairs_of_sentences}}", record=sentences),
        Call(
            "--init {translator} --updates 1 --threads 1 --guide 0.1 --dev {pairs_of_sentences}",
            record=sentences,
            encode=aligned_pair,
        ),
    ),
    "translate-nbest": (
        Call("--model {translator} -n 2 --longest 10", record=sentences, slow=True),
        Call("--model {translator} --force target", record=sentences, without="text", slow=True),
    ),
    "align-fit": (
        Call("--rounds 1 --samplers 1", record=sentences, threads=True),
        Call("--rounds 1 --letters 0 --with {pairs_of_sentences}", record=sentences, threads=True),
    ),
    "align-words": (
        Call("--model {aligner}", record=translation, slow=True),
        Call(
            "--model {aligner} --heuristic union",
            record=translation,
            encode=listed,
            rewrites="nbest alignment",
            without="field",
            slow=True,
        ),
    ),
    "mask-pairs": (
        Call("--share 0", record=sentences, encode=aligned_pair),
        Call("--share 1 --most 2", record=sentences, encode=aligned_pair, rewrites="source target alignment"),
    ),
    "entity-mask": (
        Call("--except time", rewrites="masked masks"),
        Call("--unmask", encode=listed_with_masks, rewrites="nbest masks", without="field"),
    ),
    "entity-restore": (
        Call("", record=translation, encode=aligned, rewrites="text alignment"),
        Call(
            "--catalogue {catalogue} --catalogue {annotated} --spellings {spellings} --spelled --except time",
            record=translation,
            encode=listed,
            rewrites="text alignment nbest",
            without="field",
        ),
    ),
    "code-mix": (
        Call("--in-domain {requests} --scale 9", record=translation, encode=aligned, rewrites="text alignment"),
        Call(
            "--in-domain {vocabulary} --scale 9 --spellings {spellings} --keep-words {vocabulary}",
            record=translation,
            encode=listed,
            rewrites="text alignment nbest",
            without="field",
        ),
    ),
    "ctc-fit": (Call(f"--features {_ACOUSTIC}", record=heard),),
    "ctc-emit": (
        Call("--model {acoustic} --noise-snr 20 --level -20", record=recorded, slow=True),
        Call("--model {layered} --into again", record=heard, slow=True),
    ),
    "normalize-text": (
        Call("--into normal"),
        Call("--into normal --lang hi --lower --strip-punctuation --numbers words --tokenize"),
    ),
}

# Models that calls need, each made once: the command and its options.  {made} is its file, where -o is not.
MODELS = {
    "relevance": "ngram-fit --positive {music} --negative {general} --bits 10",
    "recogniser": "nlu-fit --bits 10 {annotated}",
    "encoder": "datasel encoder --network {network} --tokenizer {pieces} -o {made}",
    "knowing": "nlu-fit --bits 10 --encoder {encoder} --gazetteer {names} --guide {recogniser} {annotated}",
    "detector": f"paraphrase-fit {_SMALL} --dev {{pairs}} {{pairs}}",
    "vectors": f"embed-fit {_VECTORS} {{annotated}}",
    "centroids": "embed-filter --model {vectors} --in-domain-jsonl {music} --keep 0% --save-centroids {made} {general}",
    "translator": f"translate-fit {_TINY} --dev {{pairs_of_sentences}} {{pairs_of_sentences}}",
    "aligner": "align-fit --rounds 1 --samplers 1 {pairs_of_sentences}",
    "acoustic": f"ctc-fit {_ACOUSTIC} --lexicon {_TONES.format('tones.lexicon')} {_TONES.format('tones.jsonl')}",
    "layered": f"ctc-fit --features {_ACOUSTIC} {{heard}}",
    "voice": "build-arpa --smoothing witten-bell --order 3 {annotated}",
    "everyday": "build-arpa --smoothing witten-bell --order 2 {general}",
}


def lines(
    count: int, record: Callable[[int], dict[str, Any]] = utterance, first: int = 0,
    encode: Callable[..., bytes] = encoded, **more: Any,
) -> bytes:  # fmt: skip
    """``count`` records as lines, each with the fields ``more``."""
    return b"".join(encode({**record(number), **more}) for number in range(first, first + count))


SAMPLES: dict[str, bytes] = {
    "annotated": lines(24),
    "catalogue": encoded({"name": "genre", "value": "polka"}) + encoded({"name": "city", "value": "Łódź"}),
    "general": lines(24, first=100),
    "heard": lines(12, heard, text="a b"),
    "lexicon": b"play\ta\nsome\tb\nplease\tb a\n",
    "names": encoded({"name": "genre", "value": "polka"}) + encoded({"name": "city", "value": "Łódź"}),
    "network": Path(_TONES.format("network.onnx")).read_bytes(),
    "pieces": Path(_TONES.format("pieces.model")).read_bytes(),
    "music": lines(12, lambda number: utterance(len(_TEMPLATES) * number)),
    "pairs": lines(24, pair),
    "requests": "".join(f"{utterance(len(_TEMPLATES) * number)['text']}\n" for number in range(12)).encode(),
    "pairs_of_sentences": lines(24, sentences),
    "spellings": "play\tप्ले\nblues\tब्लूज़\n".encode(),
    "vocabulary": "".join(f"{word}\n" for word in ("play", "some", "please", "number", "हिन्दी", "दिल्ली")).encode(),
}
