"""Whether what streams does: memory and time of every streaming command at 10^5, 10^6 and 10^7 records.

growth.py [MOST] [COMMAND ...]; MOST stands for 10^7. The records are the samples' own, over and over, and the models
are the samples', which are small: what is measured is how time and memory grow, not how fast a command is. Commands
that run a network or an aligner, and those that read audio, are given a hundredth of that. No run is made that would
take more than LONGEST seconds of CPU time, by the one before it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from measure import BIN, SCRATCH, machine, note, once, sized

from datasel.registry import COMMANDS

LONGEST = 30


class Case(NamedTuple):
    options: str
    input: str  # a file of the samples
    slow: bool = False  # is given a hundredth of the records


CASES = {
    "to-jsonl": (Case("--from tsv --columns text", "general.txt"),),
    "ngram-score": (Case("--model relevance.npz", "pool.jsonl"),),
    "nlu-label": (Case("--model seed.nlu", "pool.jsonl"),),
    "slot-template": (
        Case("", "annotated.jsonl"),
        Case("--fill catalogue.jsonl --fill seed.jsonl", "templates.jsonl"),
    ),
    "paraphrase-score": (Case("--model paraphrase.onnx --other text", "pool.jsonl", slow=True),),
    "translate-nbest": (Case("--model en-hi/", "pool.jsonl", slow=True),),
    "align-words": (Case("--model en-hi.align -f target", "sentences.jsonl", slow=True),),
    "mask-pairs": (Case("--share 0.4", "aligned.jsonl"),),
    "entity-mask": (Case("", "seed.jsonl"),),
    "entity-restore": (Case("--catalogue catalogue.jsonl", "translated.jsonl"),),
    "code-mix": (Case("--in-domain requests.hi.txt", "translated.jsonl"),),
    "normalize-text": (Case("", "pool.jsonl"), Case("--tokenize", "pool.jsonl"), Case("--lang hi", "hindi.jsonl")),
    "lm-score": (Case("--lm voice.arpa", "pool.jsonl"),),
    "lm-rescore": (Case("--lm voice.arpa", "nbest.jsonl"),),
    "nbest-spread": (Case("", "nbest.jsonl"),),
    "ctc-emit": (Case("--model tones.onnx", "tones.jsonl", slow=True),),
}  # fmt: skip


def repeated(source: Path, count: int) -> Path:
    """A file beside it of so many of its lines, from the first on, over and over."""
    lines = source.read_bytes().splitlines(True)
    path = source.with_name(f"growth-{source.name}-{count}")  # names of recordings are relative to it
    with path.open("wb") as file:
        every = b"".join(lines)
        for _ in range(count // len(lines)):
            file.write(every)
        file.write(b"".join(lines[: count % len(lines)]))
    return path


def main(words: list[str]) -> None:
    most = sized(int(words.pop(0)) if words[:1] and words[0].isdigit() else 10_000_000)
    samples = SCRATCH / "samples"
    if not samples.exists():
        SCRATCH.mkdir(parents=True, exist_ok=True)
        subprocess.run([BIN / "datasel", "samples", samples], check=True)
        once(f"cd {samples} && align-words --model en-hi.align -f target sentences.jsonl -o aligned.jsonl")
    print(machine())
    streaming = [entry.name for entry in COMMANDS if entry.memory == "streams"]
    for name in words or streaming:
        if name not in CASES:
            note(f"{name}: has no case in growth.py")
        for case in CASES.get(name, ()):
            shown = f"{name} {case.options}".strip()
            for count in (most // 100, most // 10, most):
                count = count // 100 if case.slow else count
                path = repeated(samples / case.input, max(count, 1))
                run = once(f"cd {samples} && {name} {case.options} {path}")
                path.unlink()
                note(f"{shown}: {count:,} records, {run.cpu:.2f} s of CPU time, {run.peak:.0f} MB")
                if 10 * run.cpu > LONGEST:
                    break


if __name__ == "__main__":
    main(sys.argv[1:])
