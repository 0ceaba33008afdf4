"""Records with emissions recognised, by one search or several at once, and the search tuned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
import msgspec.structs

from datasel.errors import DataError
from datasel.evaluation import transcripts
from datasel.evaluation.transcripts import TEXT, Transcript, of_records
from datasel.evaluation.word_error import Alignment, rate, word_counts
from datasel.records.jsonl import parse
from datasel.records.parallel import ordered_map
from datasel.records.streams import Block
from datasel.speech import emissions
from datasel.speech.decoding import Decoder, Heard, Settings
from datasel.text.words import spaced

BLOCK = 1 << 12  # bytes of records that a process takes at a time: they take long


class Recognised(NamedTuple):
    """All utterances: their references where they were asked for, and what each search heard in them."""

    references: list[Transcript]
    hypotheses: dict[str, list[Transcript]]  # the best text first
    heard: dict[str, list[list[Heard]]]
    frames: int
    seconds: float  # of audio


def recognised(
    blocks: Iterable[Block], decoders: Mapping[str, Decoder], most: int, fields: Sequence[str], reference: str | None,
    jobs: int, show: Callable[[int], None], key: str = "id",
) -> Recognised:  # fmt: skip
    """What the ``decoders`` hear in each record, at most so many texts, by ``jobs`` processes.

    ``reference`` and ``fields`` are of the records, and ``show`` is told how many are done.  DataError, with the
    record's place, for emissions that cannot be read or are of other tokens.
    """
    utterances: list[Transcript] = []
    made = Recognised([], {name: [] for name in decoders}, {name: [] for name in decoders}, 0, 0.0)
    frames, seconds, done = 0, 0.0, 0

    def hear(block: Block) -> bytes:
        records = parse(block, {"emissions": str})
        found = []
        for index, value in enumerate(records.column("emissions")):
            try:
                given = emissions.load(value, block.name)
                heard = [decoder.heard(given, most) for decoder in decoders.values()]
            except ValueError as error:
                raise records.error(index, str(error)) from None
            found.append((heard, len(given.log_probs), len(given.log_probs) / given.frame_rate))
        return msgspec.json.encode(found)

    schema = {**transcripts.schema(fields, key), **({reference: TEXT} if reference else {})}

    def noted() -> Iterator[Block]:
        for block in blocks:
            records = parse(block, schema)
            utterances.extend(of_records(records, [""] * len(records), True, fields, key, True))
            if reference:
                made.references.extend(of_records(records, records.column(reference), True, fields, key))
            yield block

    for result in _mapped(hear, noted(), jobs):
        for heard, count, length in msgspec.json.decode(result, type=list[tuple[list[list[Heard]], int, float]]):
            for name, some in zip(decoders, heard):
                made.heard[name].append(some)
                texts = [each.text for each in some]
                made.hypotheses[name].append(msgspec.structs.replace(utterances[done], texts=texts))
            frames, seconds, done = frames + count, seconds + length, done + 1
        show(done)
    return made._replace(frames=frames, seconds=seconds)


def _mapped(hear: Callable[[Block], bytes], blocks: Iterator[Block], jobs: int) -> Iterator[bytes]:
    """The first block here, whatever the jobs: it opens the searches, whose memory workers then share."""
    first = next(blocks, None)
    if first is None:
        return
    yield hear(first)
    if jobs > 1:
        yield from (result for result, _ in ordered_map(hear, blocks, jobs))
    else:
        yield from map(hear, blocks)


class Trial(NamedTuple):
    """Settings, and the WER that they gave."""

    settings: Settings
    wer: float


# Steps of the search for settings: where it begins, and what is tried around the best so far.
_ROUNDS = (("lm_weight", (-0.4, -0.2, 0.0, 0.2, 0.4)), ("word_score", (-2.0, -1.0, 1.0, 2.0)),
           ("lm_weight", (-0.1, 0.1)), ("word_score", (-0.5, 0.5)))  # fmt: skip


def tuned(
    blocks: Sequence[Block], decoder: Decoder, reference: str, jobs: int, say: Callable[[str], None],
    show: Callable[[int], None],
) -> Trial:  # fmt: skip
    """The LM weight and word score with the lowest WER on these records, round by round, from the decoder's own.

    Of equal ones the first that was tried.
    """
    trials: dict[Settings, float] = {}
    best = decoder.settings
    for name, steps in _ROUNDS:
        around = [best._replace(**{name: round(getattr(best, name) + step, 4)}) for step in steps]
        new = [each for each in around if each not in trials and each.lm_weight >= 0]
        searches = {
            str(number): Decoder(decoder.entries, decoder.model, each, decoder) for number, each in enumerate(new)
        }
        found = recognised(blocks, searches, 1, (), reference, jobs, show)
        said = [each.texts[0] for each in found.references]
        for each, hypotheses in zip(new, found.hypotheses.values()):
            trials[each] = _wer(said, [hypothesis.texts for hypothesis in hypotheses])
            say(f"LM weight {each.lm_weight:g}, word score {each.word_score:g}: WER {trials[each]:.4f}")
        best = min(trials, key=trials.__getitem__)
    return Trial(best, trials[best])


def _wer(references: Sequence[str], texts: Sequence[Sequence[str]]) -> float:
    if not any(spaced(reference) for reference in references):
        raise DataError("no words in the references to tune on")
    return float(rate(word_counts(Alignment(references, texts).rows).sum(0)))
