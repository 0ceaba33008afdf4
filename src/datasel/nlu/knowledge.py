"""What a recogniser knows beside its annotated data: word classes, words in context, lists of values, a guide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from datasel.embedding.encoder import Encoder
from datasel.errors import DataError
from datasel.nlu import word_classes
from datasel.nlu.contexts import Contexts
from datasel.nlu.gazetteer import Gazetteer
from datasel.nlu.recogniser import Recogniser
from datasel.nlu.slots import Knowledge
from datasel.records.jsonl import parse
from datasel.records.plain import check
from datasel.records.streams import blocks


def learn(
    annotated: Sequence[str],
    unlabelled: Sequence[str],
    encoder: str | None,
    gazetteers: Sequence[str],
    guide: str | None,
    warn: Callable[[str], None],
    tell: Callable[[str], None],
) -> Knowledge:
    """From texts with annotations and without, the files of an encoder, of lists, of another recogniser.

    Word classes are learned where there is unlabelled text.  ``warn`` hears of what there is too little text for,
    ``tell`` of the progress.
    """
    texts = [*annotated, *unlabelled]
    if unlabelled:
        tell(f"learning word classes from {len(texts):,} texts")
    classes = word_classes.learn(texts) if unlabelled else None
    if unlabelled and classes is None:
        warn("too little unlabelled text to learn word classes from; going on without")
    network = Encoder.load(encoder) if encoder else None
    guiding = Recogniser.load_guide(guide, network) if guide else None
    contexts = Contexts.learn(network, texts, tell) if network else None
    if encoder and contexts is None:
        warn("too little text to learn clusters of words in context from; going on without the encoder")
    entries = [entry for path in gazetteers for entry in _entries(path)]
    return Knowledge(classes, contexts, Gazetteer(entries) if entries else None, guiding)


def _entries(path: str) -> Iterator[tuple[str, str]]:
    """Name and value of each record; of plain text, a value a line, the name is that of the file without its ending."""
    found, text = 0, None
    for block in blocks([path]):
        text = not block.data.lstrip().startswith(b"{") if text is None else text
        block.text = text
        if block.text:
            check(block)
        records = parse(block, {"text": str} if block.text else {"name": str, "value": str})
        if block.text:
            name = PurePath(path).name.partition(".")[0]
            pairs = [(name, value.strip()) for value in records.column("text")]
        else:
            pairs = list(zip(records.column("name"), records.column("value")))
        found += len(pairs)
        yield from pairs
    if not found:
        raise DataError("no values", path)
