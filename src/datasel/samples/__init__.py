"""Sample files under the names that the manual uses: what lies in files/, and what the commands make of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from datasel.errors import DataError

FILES = Path(__file__).parent / "files"


class Step(NamedTuple):
    """``makes``: names in the folder; ``command``: for sh; ``needs``: modules that it takes, of the extra ``extra``."""

    makes: str
    command: str
    extra: str = ""
    needs: tuple[str, ...] = ()


# In this order: later steps read what earlier ones make.
STEPS = (
    Step("relevance.npz", "ngram-fit --positive seed.jsonl --negative pool.jsonl -o relevance.npz"),
    Step("importance.npz",
         "ngram-fit --method importance --positive seed.jsonl --negative pool.jsonl -o importance.npz"),
    Step("1.counts",
         "ngram-fit --method importance --positive seed.jsonl --negative pool.jsonl --counts-only -o 1.counts"),
    Step("2.counts",
         "ngram-fit --method importance --positive seed.jsonl --negative annotated.jsonl --counts-only -o 2.counts"),
    Step("scored.jsonl", "ngram-score --model relevance.npz pool.jsonl > scored.jsonl"),
    Step("relevant.jsonl", "select-topk -k 20 --by ngram_score scored.jsonl > relevant.jsonl"),
    Step("seed.nlu", "nlu-fit seed.jsonl -o seed.nlu"),
    Step("labelled.jsonl", "nlu-label --model seed.nlu relevant.jsonl > labelled.jsonl"),
    Step("chosen.jsonl", "select-topk --threshold 0.5 --by confidence labelled.jsonl > chosen.jsonl"),
    Step("new.nlu", "cat seed.jsonl chosen.jsonl | nlu-fit -o new.nlu"),
    Step("seed-hyp.jsonl", "nlu-label --model seed.nlu test.jsonl > seed-hyp.jsonl"),
    Step("templates.jsonl", "slot-template seed.jsonl > templates.jsonl"),
    Step("pairs.jsonl",
         "paraphrase-pairs -n 300 --except-domain travel --except-domain alarm annotated.jsonl > pairs.jsonl"),
    Step("dev-pairs.jsonl", "paraphrase-pairs -n 100 --domain travel --domain alarm annotated.jsonl > dev-pairs.jsonl"),
    Step("voice.arpa", "build-arpa -q --order 2 --smoothing witten-bell annotated.jsonl -o voice.arpa"),
    Step("general.arpa", "build-arpa -q --order 2 --smoothing witten-bell pool.jsonl -o general.arpa"),
    Step("target.arpa", "build-arpa -q --text corpus.txt -o target.arpa"),
    Step("best.jsonl", "lm-rescore --lm target.arpa nbest.jsonl > best.jsonl"),
    Step("vectors.bin", "embed-fit --dim 8 --buckets 500 --min-count 1 pool.jsonl -o vectors.bin"),
    Step("c.npz",
         "embed-filter --model vectors.bin --in-domain corpus.txt --save-centroids c.npz --keep 0% pool.jsonl"),
    Step("part.npz", "embed-filter --model vectors.bin --save-centroids part.npz pool.jsonl"),
    Step("encoder.onnx", "datasel encoder --network network.onnx --tokenizer pieces.model -o encoder.onnx"),
    Step("paraphrase.onnx",
         "paraphrase-fit -q --dev dev-pairs.jsonl --epochs 1 --hidden 8 --embedding 8 --dimensions 8 --buckets 1024"
         " pairs.jsonl -o paraphrase.onnx", "train", ("torch", "onnx")),
    Step("en-hi",
         "translate-fit -q --dev sentences-dev.jsonl --epochs 1 --vocabulary 150 --dimensions 16 --layers 1,1"
         " --threads 1 sentences.jsonl -o en-hi/", "train", ("torch", "sacrebleu")),
    Step("en-hi.align", "align-fit sentences.jsonl -o en-hi.align"),
    Step("tones.onnx",
         "ctc-fit -q --lexicon tones.lexicon --epochs 2 --hidden 8 --layers 1 tones.jsonl -o tones.onnx",
         "train", ("torch", "onnx")),
    Step("letters.onnx",
         "ctc-emit --model tones.onnx tones.jsonl"
         " | ctc-fit -q --features --epochs 1 --hidden 8 --layers 1 -o letters.onnx", "train", ("torch", "onnx")),
)  # fmt: skip


def lay_out(folder: str, said: Callable[[str, int, int], None] | None = None) -> dict[str, list[str]]:
    """Make ``folder``, whole or not at all, and say by extra which files were left out for want of it.

    ``said(name, number, total)`` is told what is made next.  Raises DataError where the folder is there already or a
    command failed.
    """
    from datasel.records.sink import finished, temporary_name

    target = os.path.normpath(folder)
    if os.path.lexists(target) and (not os.path.isdir(target) or os.listdir(target)):
        raise DataError("is there already; give the name of a new folder", target)
    place = temporary_name(target)
    try:
        shutil.copytree(FILES, place)
        _vectors(place)
        left_out: dict[str, list[str]] = {}
        for number, step in enumerate(STEPS, 1):
            if any(find_spec(module) is None for module in step.needs):
                left_out.setdefault(step.extra, []).append(step.makes)
                continue
            if said:
                said(step.makes, number, len(STEPS))
            _run(step.command, place)
        os.replace(place, target)
    finally:
        finished(place)
    return left_out


def _vectors(place: str) -> None:
    """pool.npy and seed.npy: random rows, which stand for an encoder's vectors of pool.jsonl and seed.jsonl."""
    import numpy as np

    for name in ("pool", "seed"):
        with open(os.path.join(place, f"{name}.jsonl"), "rb") as file:
            lines = sum(1 for _ in file)
        np.save(os.path.join(place, name), np.random.default_rng(1).normal(size=(lines, 4)))


def _run(command: str, place: str) -> None:
    scripts = (sysconfig.get_path("scripts"), os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath))
    env = {**os.environ, "PATH": os.pathsep.join(scripts), "OMP_WAIT_POLICY": "passive"}
    done = subprocess.run(["sh", "-ec", command], cwd=place, env=env, capture_output=True, text=True)
    if done.returncode:
        raise DataError((done.stderr.strip().splitlines() or [f"'{command}' failed"])[0])
