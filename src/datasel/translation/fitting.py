"""From sentence pairs to a translator: vocabulary, training, model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from datasel.errors import DataError
from datasel.records.folder import packed
from datasel.records.pipe import Pipe
from datasel.translation import model
from datasel.translation.checkpoint import Checkpoint, sum_of
from datasel.translation.export import exported
from datasel.translation.network import Shape
from datasel.translation.pairs import Pairs
from datasel.translation.pieces import Pieces, learned
from datasel.translation.training import Settings, Trainer

_FINE_TUNING_RATE, _RATE = 3e-4, 1.5e-3

Texts = Sequence[tuple[str, str]]


def fitted(
    pipe: Pipe, texts: Texts, aligned: Sequence[np.ndarray] | None, dev: Texts, init: str | None,
    checkpoints: str | None, seed: int, options: Mapping[str, Any],
) -> bytes:  # fmt: skip
    """The files of a translator as a tar archive.

    ``aligned`` are links of the texts' words, integers (links, 2), or None; ``init`` is a translator to go on from,
    ``checkpoints`` a folder.
    """
    if not dev or not any(target.strip() for _, target in dev):
        raise DataError("the --dev pairs hold no target text")
    start = model.Model(init) if init else None
    weights = start.weights() if start else None
    if not any(text.strip() for pair in texts for text in pair):
        raise DataError("no pairs to learn from")
    sides = (text for pair in texts for text in pair)
    pieces_model = start.pieces_model if start else learned(sides, options["vocabulary"], options["symbols"])
    pieces = start.pieces if start else Pieces(pieces_model)
    if cut := [symbol for symbol in options["symbols"] if not pieces.whole(symbol)]:
        raise DataError(f"{init}: no piece for the symbol '{cut[0]}'")
    train = Pairs.of(texts, pieces, options["longest"], aligned)
    if len(train.sources) < len(texts):
        pipe.warn(f"left out {len(texts) - len(train.sources):,} of {len(texts):,} pairs, empty or too long")
    if not train.sources:
        raise DataError("no pairs to learn from")
    pipe.say(f"{len(train.sources):,} pairs, {train.tokens():,} target pieces, a vocabulary of {len(pieces.names):,}")
    shape = Shape(**start.settings["shape"]) if start else _shape(options, len(pieces.names))
    rate = options["rate"] or (_FINE_TUNING_RATE if start else _RATE)
    own = {"rate": rate, "seed": seed, "precision": precision_for(options["precision"])}
    settings = Settings(**{**{name: options[name] for name in Settings._fields if name in options}, **own})
    trainer = Trainer(shape, settings, pieces, weights)
    place = None
    if checkpoints:
        data = f"data:{sum_of(train)}|dev:{sum_of(Pairs.of(dev, pieces, 1 << 30))}"
        place = Checkpoint(checkpoints, f"{pipe.signature}|{data}")
    if place and place.resume(trainer):
        pipe.say(f"goes on after update {trainer.update:,}")
    trainer.fit(train, dev, pipe.say, pipe.progress.show, place.save if place else lambda _: None)
    weights = trainer.best()
    figures = {
        "shape": shape._asdict(), "training": settings._asdict(), "pairs": len(train.sources),
        "looks": [look._asdict() for look in trainer.looks], **({"init": start.signature} if start else {}),
    }  # fmt: skip
    best = max(trainer.looks, key=lambda look: look.chrf)
    pipe.say(f"the best at update {best.update:,}: dev chrF {best.chrf:.2f}")
    network = exported(shape, weights, pieces.names)
    return packed(model.pack(str(pipe.signature), figures, network, [pieces_model], weights))


def precision_for(wanted: str) -> str:
    """bf16 or f32; "auto": bf16 where the processor has it.  Elsewhere torch imitates it, ten times slower than f32."""
    if wanted != "auto":
        return wanted
    import torch

    has = getattr(torch.cpu, "get_capabilities", dict)()
    return "bf16" if any(there for name, there in has.items() if name.endswith("bf16")) else "f32"


def _shape(options: Mapping[str, Any], vocabulary: int) -> Shape:
    encoder, decoder = map(int, options["layers"].split(","))
    return Shape(
        vocabulary, options["dimensions"], options["feed_forward"], options["heads"], encoder, decoder,
        options["dropout"],
    )  # fmt: skip
