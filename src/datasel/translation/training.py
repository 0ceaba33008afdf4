"""Training the translator: Adam on label-smoothed cross-entropy, attention guided by alignments, dev chrF.

Imports torch as a trainer is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from datasel.errors import Astray
from datasel.records.seeding import seed_torch
from datasel.translation.export import exported
from datasel.translation.model import translator
from datasel.translation.network import PAD, Shape, transformer
from datasel.translation.pairs import Batch, Pairs, batches
from datasel.translation.pieces import Pieces

_SAY_EVERY = 60  # seconds


class Settings(NamedTuple):
    epochs: int
    updates: int | None  # at most, where that is less than the epochs
    batch: int  # tokens
    rate: float  # the highest learning rate
    warm_up: int  # updates until then
    smoothing: float  # of labels
    guide: float  # weight of the attention's part of the loss, where the pairs are aligned
    every: int | None  # updates between two looks at dev; None: an epoch
    patience: int
    precision: str  # "bf16" or "f32"
    threads: int
    seed: int


class Look(NamedTuple):
    """What was found on dev: after so many updates, the loss so far (nats per token), and chrF."""

    update: int
    loss: float
    chrf: float


class Trainer:
    """One training run.  ``weights`` to start from, or None for new ones."""

    def __init__(self, shape: Shape, settings: Settings, pieces: Pieces, weights: dict[str, np.ndarray] | None):
        import torch

        seed_torch(settings.seed, settings.threads)
        self.shape, self.settings, self.pieces = shape, settings, pieces
        self.network = transformer(shape)
        if weights is not None:
            self.network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
        self._optimizer = torch.optim.Adam(self.network.parameters(), lr=0.0, betas=(0.9, 0.98), fused=True)
        self._mean = [each.detach().clone() for each in self.network.parameters()]  # of the last updates
        self._best = self.weights()
        self.looks: list[Look] = []
        self.update, self._epoch, self._within, self._loss, self._tokens = 0, 0, 0, 0.0, 0
        self.seconds, self.trained = 0.0, 0

    # -- a run ---------------------------------------------------------------------------------------------

    def fit(
        self, train: Pairs, dev: Sequence[tuple[str, str]], say: Callable[[str], None], show: Callable[[str], None],
        save: Callable[[Trainer], None],
    ) -> None:  # fmt: skip
        """Train until dev's chrF has not risen for ``patience`` looks or the epochs are over; the best look's stays.

        ``save`` is called after every look.  Astray where the loss is no number any more.
        """
        s = self.settings
        total = self._planned(train)
        every = s.every or max(1, total // s.epochs)
        told = monotonic()
        while self.update < total and not self._stale():
            self._epoch += self._within == 0
            for place, batch in enumerate(batches(train, s.batch, s.seed, self._epoch)):
                if place < self._within:  # done before a resumed run began
                    continue
                start = monotonic()
                self._step(batch, total)
                self.seconds += monotonic() - start
                self._within += 1
                show(self._told(total))
                if monotonic() - told > _SAY_EVERY:
                    say(self._told(total))
                    told = monotonic()
                if self.update % every == 0 or self.update == total:
                    self._look(dev, say)
                    save(self)
                    if self.update == total or self._stale():
                        return
            self._within = 0

    def _planned(self, train: Pairs) -> int:
        epoch = sum(1 for _ in batches(train, self.settings.batch, self.settings.seed, 1))
        planned = epoch * self.settings.epochs
        return planned if self.settings.updates is None else min(planned, self.settings.updates)

    def _told(self, total: int) -> str:
        speed = self.trained / max(self.seconds, 1e-9)
        loss = self._loss / max(self._tokens, 1)
        dev = f", dev chrF {self.looks[-1].chrf:.1f}" if self.looks else ""
        left = (total - self.update) * self.seconds / max(self.update, 1)
        return f"{self.update:,} of {total:,} updates, loss {loss:.3f}, {speed:,.0f} tokens/s{dev}, {left:,.0f} s left"

    def _stale(self) -> bool:
        chrfs = [look.chrf for look in self.looks]
        return len(chrfs) - 1 - chrfs.index(max(chrfs)) >= self.settings.patience if chrfs else False

    # -- an update -----------------------------------------------------------------------------------------

    def _step(self, batch: Batch, total: int) -> None:
        import torch

        s = self.settings
        self.update += 1
        rise = min(1.0, self.update / max(s.warm_up, 1))
        fall = max(0.02, 1 - (self.update - 1) / total)
        for group in self._optimizer.param_groups:
            group["lr"] = s.rate * min(rise, fall)
        self.network.train()
        loss, tokens = self.loss(batch)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimizer.step()
        keep = min(0.998, self.update / (self.update + 9))
        with torch.no_grad():
            torch._foreach_lerp_(self._mean, [each.detach() for each in self.network.parameters()], 1 - keep)
        self._loss += float(loss.detach()) * tokens
        self._tokens += tokens
        self.trained += tokens

    def loss(self, batch: Batch):
        """``(loss per token, target tokens)`` of a batch: cross-entropy with smoothed labels, and where the pairs are
        aligned that of the attention (Garg et al., EMNLP 2019, equation 2)."""
        import torch
        from torch.nn import functional

        s = self.settings
        source, given, wanted = map(torch.from_numpy, batch[:3])
        there = wanted != PAD
        with torch.autocast("cpu", torch.bfloat16, enabled=s.precision == "bf16"):
            vectors, scores = self.network(source, given)
            logits = vectors[there] @ self.network.table.weight.T
        loss = functional.cross_entropy(logits.float(), wanted[there], label_smoothing=s.smoothing)
        if batch.guide is not None:
            told = torch.from_numpy(batch.guide)[there]
            loss = loss - s.guide * (told * scores[there].float().log_softmax(-1)).sum(-1).mean()
        return loss, int(there.sum())

    # -- dev -----------------------------------------------------------------------------------------------

    def _look(self, dev: Sequence[tuple[str, str]], say: Callable[[str], None]) -> None:
        if not isfinite(self._loss):
            raise Astray
        mean = self._named(self._mean)
        found = Look(self.update, round(self._loss / self._tokens, 4), round(self.chrf(mean, dev), 2))
        if not self.looks or found.chrf > max(look.chrf for look in self.looks):
            self._best = mean
        self.looks.append(found)
        self._loss, self._tokens = 0.0, 0
        say(f"update {self.update:,}: loss {found.loss:.3f}, dev chrF {found.chrf:.2f}")

    def chrf(self, weights: dict[str, np.ndarray], dev: Sequence[tuple[str, str]]) -> float:
        """chrF2 (Popović 2015), 0 to 100, of greedy translations of dev's sources, as they will be after export."""
        from sacrebleu.metrics import CHRF

        decode = translator(exported(self.shape, weights, self.pieces.names), self.settings.threads).translate_batch
        sources = self.pieces.tokens([source for source, _ in dev])
        made = decode(sources, beam_size=1, max_batch_size=2048, batch_type="tokens", max_decoding_length=128)
        texts = self.pieces.texts([each.hypotheses[0] for each in made])
        return CHRF().corpus_score(texts, [[target for _, target in dev]]).score

    # -- weights and state ---------------------------------------------------------------------------------

    def weights(self) -> dict[str, np.ndarray]:
        """The network's weights now."""
        return self._named([each.detach() for each in self.network.parameters()])

    def best(self) -> dict[str, np.ndarray]:
        """The weights of the best look at dev: means over the last updates before it."""
        return self._best

    def _named(self, tensors) -> dict[str, np.ndarray]:
        return {name: tensor.numpy().copy() for (name, _), tensor in zip(self.network.named_parameters(), tensors)}

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Numbers and arrays that a run goes on from as if nothing had happened."""
        import torch

        figures = {
            "update": self.update, "epoch": self._epoch, "within": self._within, "seconds": self.seconds,
            "trained": self.trained, "looks": [list(look) for look in self.looks],
        }  # fmt: skip
        arrays = {"random": torch.get_rng_state().numpy()}
        for name, parameter in self.network.named_parameters():
            arrays[f"weight {name}"] = parameter.detach().numpy()
            for part, value in self._optimizer.state[parameter].items():
                arrays[f"adam {part} {name}"] = value.numpy()
        for kind, named in (("mean", self._named(self._mean)), ("best", self._best)):
            arrays.update({f"{kind} {name}": array for name, array in named.items()})
        return figures, arrays

    def resume(self, figures: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        """Go on from a state of the same run; KeyError or ValueError if it is none."""
        import torch

        self.update, self._epoch, self._within = figures["update"], figures["epoch"], figures["within"]
        self.seconds, self.trained = figures["seconds"], figures["trained"]
        self.looks = [Look(*look) for look in figures["looks"]]
        for (name, parameter), mean in zip(self.network.named_parameters(), self._mean):
            parameter.data.copy_(torch.from_numpy(arrays[f"weight {name}"]))
            mean.copy_(torch.from_numpy(arrays[f"mean {name}"]))
            parts = ("step", "exp_avg", "exp_avg_sq")
            state = {part: torch.from_numpy(arrays[f"adam {part} {name}"].copy()) for part in parts}
            self._optimizer.state[parameter] = state
        self._best = {name.removeprefix("best "): a for name, a in arrays.items() if name.startswith("best ")}
        torch.set_rng_state(torch.from_numpy(arrays["random"].copy()))
