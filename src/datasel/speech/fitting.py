"""Training a small acoustic model: convolutions over frames, with connectionist temporal classification.

The loss is that of Graves et al., "Connectionist Temporal Classification: Labelling Unsegmented Sequence Data with
Recurrent Neural Networks" (ICML 2006); stretches of frames and bands of numbers are hidden while training as in Park et
al., "SpecAugment" (Interspeech 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np

from datasel.errors import Astray
from datasel.records.seeding import seed_torch


class Settings(NamedTuple):
    """The network's shape and its training."""

    hidden: int = 128  # units of a layer
    layers: int = 3  # convolutions
    width: int = 5  # frames that a convolution sees; of each further one they stand twice as far apart
    epochs: int = 40
    batch: int = 8  # utterances
    rate: float = 2e-3
    dropout: float = 0.2
    threads: int = 1
    seed: int = 1


class Examples(NamedTuple):
    """Utterances: their frames, float32 (frames x size), and the tokens said in them, int64."""

    frames: list[np.ndarray]
    said: list[np.ndarray]

    def __len__(self) -> int:
        return len(self.frames)


def network(size: int, tokens: int, settings: Settings):
    """The torch module: frames (batch x time x size) and their mask (batch x time, 1 where there is a frame) to
    log-probabilities (batch x time x tokens)."""
    from torch import nn

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            s = settings
            self.first = nn.Linear(size, s.hidden)
            self.norms = nn.ModuleList(nn.LayerNorm(s.hidden) for _ in range(s.layers + 1))
            self.convolutions = nn.ModuleList(
                nn.Conv1d(s.hidden, s.hidden, s.width, padding=step * (s.width // 2), dilation=step)
                for step in map(dilation, range(s.layers))
            )
            self.last = nn.Linear(s.hidden, tokens)
            self.drop = nn.Dropout(s.dropout)

        def forward(self, frames, mask):
            state = self.first(frames)
            for norm, convolution in zip(self.norms, self.convolutions):
                # beyond the utterance's end there is nothing, as where it stands alone
                seen = (norm(state) * mask[..., None]).transpose(1, 2)
                state = state + self.drop(convolution(seen).transpose(1, 2).relu())
            return self.last(self.drop(self.norms[-1](state))).log_softmax(-1)

    return Network()


def dilation(layer: int) -> int:
    """How many frames apart those stand that a layer's convolution sees."""
    return 1 << min(layer, 3)


class Trainer:
    """One training run on the utterances ``train``, of so many ``tokens``, of which ``blank`` is CTC's and ``silence``
    (or -1) counts for no error.  The network takes frames whose numbers have mean 0 and deviation 1."""

    def __init__(self, train: Examples, tokens: int, blank: int, silence: int, settings: Settings):
        seed_torch(settings.seed, settings.threads)
        self.settings, self._train = settings, train
        every = np.concatenate(train.frames)
        self.mean, self.deviation = every.mean(axis=0, dtype=float), every.std(axis=0, dtype=float) + 1e-3
        self.network = network(every.shape[1], tokens, settings)
        self._blank, self._silence = blank, silence
        self._draw = np.random.Generator(np.random.PCG64(settings.seed))

    def fit(self, dev: Examples, say: Callable[[str], None], show: Callable[[str], None]) -> float | None:
        """Train; the weights of the epoch with the lowest token error rate on ``dev`` (of equal ones the last)
        stay, and that rate is returned.  An empty ``dev``: all epochs, the last weights, None.

        Astray where the loss is no number any more.
        """
        import torch

        s, train = self.settings, self._train
        optimizer = torch.optim.AdamW(self.network.parameters(), lr=s.rate, weight_decay=0.01)
        steps = -(-len(train) // s.batch) * s.epochs
        best, lowest, step = None, None, 0
        for epoch in range(1, s.epochs + 1):
            order, total = self._draw.permutation(len(train)), 0.0
            self.network.train()
            for place in range(0, len(train), s.batch):
                for group in optimizer.param_groups:  # rises over a tenth of the steps, then falls along a line
                    group["lr"] = s.rate * min((step + 1) / (0.1 * steps + 1), max(0.02, (1 - step / steps) / 0.9))
                chosen = order[place : place + s.batch]
                loss = self._loss(chosen)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
                optimizer.step()
                total += float(loss.detach()) * len(chosen)
                step += 1
                show(f"epoch {epoch} of {s.epochs}, loss {total / (place + len(chosen)):.4f}")
            if not isfinite(total):
                raise Astray
            told = f"epoch {epoch}: loss {total / len(train):.4f}"
            if len(dev):
                found = self.error_rate(dev)
                told += f"; dev token error rate {found:.4f}"
                if lowest is None or found <= lowest:
                    lowest = found
                    best = {name: value.clone() for name, value in self.network.state_dict().items()}
            say(told)
        if best is not None:
            self.network.load_state_dict(best)
        return lowest

    def error_rate(self, examples: Examples) -> float:
        """Of the best token of each frame, repeats and blanks removed: substitutions, deletions and insertions for a
        token said; silence does not count."""
        from rapidfuzz.distance import Levenshtein

        wrong = count = 0
        for frames, said in zip(examples.frames, examples.said):
            wanted = [token for token in said.tolist() if token != self._silence]
            wrong += Levenshtein.distance(wanted, self.greedy(frames))
            count += len(wanted)
        return wrong / count

    def greedy(self, frames: np.ndarray) -> list[int]:
        """The tokens of the best path, without blank and silence."""
        import torch

        self.network.eval()
        with torch.no_grad():
            out = self.network(torch.from_numpy(self._scaled(frames)[None]), torch.ones(1, len(frames)))
        return collapsed(out[0].numpy(), self._blank, self._silence)

    def _loss(self, chosen: Sequence[int]):
        import torch

        frames = [self._hidden_in_part(self._scaled(self._train.frames[index])) for index in chosen]
        lengths = torch.tensor([len(each) for each in frames])
        padded = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(each) for each in frames], batch_first=True)
        mask = (torch.arange(padded.shape[1])[None, :] < lengths[:, None]).float()
        said = [torch.from_numpy(self._train.said[index]) for index in chosen]
        return torch.nn.functional.ctc_loss(
            self.network(padded, mask).transpose(0, 1), torch.cat(said), lengths,
            torch.tensor([len(each) for each in said]), self._blank, zero_infinity=True,
        )  # fmt: skip

    def _scaled(self, frames: np.ndarray) -> np.ndarray:
        return ((frames - self.mean) / self.deviation).astype(np.float32)

    def _hidden_in_part(self, frames: np.ndarray) -> np.ndarray:
        """Frames with some stretches of at most a sixteenth, and some bands of an eighth, at 0."""
        for axis, (size, times, share) in enumerate(((len(frames), 3, 16), (frames.shape[1], 2, 8))):
            for _ in range(times):
                width = int(self._draw.integers(0, size // share + 1))
                start = int(self._draw.integers(0, size - width + 1))
                frames[(slice(None),) * axis + (slice(start, start + width),)] = 0
        return frames


def collapsed(log_probs: np.ndarray, blank: int, silence: int) -> list[int]:
    """The tokens of the best path (frames x tokens): of repeats one, without blank and silence."""
    path = log_probs.argmax(axis=1)
    changes = path[np.flatnonzero(np.diff(path, prepend=-1))]
    return [token for token in changes.tolist() if token not in (blank, silence)]
