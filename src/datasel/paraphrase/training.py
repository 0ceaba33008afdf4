"""Training the paraphrase detector: a siamese encoder in torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from datasel.errors import Astray
from datasel.paraphrase.units import Vocabulary
from datasel.records.jsonl import Records
from datasel.records.seeding import seed_torch

_GROUP = 128  # utterances encoded at a time
_HIGHEST = 65504  # of the table's numbers: the model keeps 16 bits of them

# A pair's record, for parse().
SCHEMA: dict[str, Any] = {"text": str, "other": str, "label": int}


class Settings(NamedTuple):
    """The encoder's shape and its training."""

    buckets: int = 1 << 16  # of hashed pieces of words
    embedding: int = 96  # dimensions of a word
    hidden: int = 128  # of each direction of the GRU
    dimensions: int = 128  # of an utterance's vector
    epochs: int = 8
    batch: int = 256  # pairs
    rate: float = 2e-3
    dropout: float = 0.1
    threads: int = 2
    seed: int = 1


class Pairs(NamedTuple):
    """Pairs by word numbers: ``first[i]`` and ``second[i]`` have ``label[i]``."""

    first: list[np.ndarray]
    second: list[np.ndarray]
    label: np.ndarray

    def __len__(self) -> int:
        return len(self.label)


class PairReader:
    """Pairs out of records; all that it reads share a ``vocabulary``."""

    def __init__(self, buckets: int):
        self.vocabulary = Vocabulary(buckets)

    def pairs(self, blocks: Iterable[Records]) -> Pairs:
        """The records' pairs; raises DataError for a label that is neither 0 nor 1."""
        first, second, labels = [], [], []
        for records in blocks:
            for index, label in enumerate(records.column("label")):
                if label not in (0, 1):
                    raise records.error(index, f"label {label} is neither 0 nor 1")
            labels += records.column("label")
            # pair by pair: how the input is cut into blocks must not decide a word's number
            texts = chain.from_iterable(zip(records.column("text"), records.column("other")))
            rows = [np.array(row, np.int32) for row in self.vocabulary.numbers(list(texts))]
            first += rows[::2]
            second += rows[1::2]
        return Pairs(first, second, np.array(labels, np.int8))


class Quality(NamedTuple):
    """How well labels are told; ``error`` is the expected calibration error over ten equal bins, from 0 to 1."""

    auc: float
    accuracy: float
    error: float


def encoder(settings: Settings):
    """The torch module: words (batch x time) and their lengths to unit vectors (batch x dimensions)."""
    import torch
    from torch import nn

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            s = settings
            self.table = nn.EmbeddingBag(s.buckets, s.embedding, mode="mean", padding_idx=0, sparse=True)
            self.ahead = nn.GRU(s.embedding, s.hidden, batch_first=True)
            self.back = nn.GRU(s.embedding, s.hidden, batch_first=True)
            self.out = nn.Linear(2 * s.hidden + s.embedding, s.dimensions)
            self.drop = nn.Dropout(s.dropout)
            self.scale, self.shift = nn.Parameter(torch.tensor(8.0)), nn.Parameter(torch.tensor(-4.0))
            nn.init.normal_(self.table.weight, std=0.3)
            with torch.no_grad():
                self.table.weight[0] = 0

        def forward(self, pieces, words, lengths):
            vectors = self.drop(self.table(pieces))[words]
            place = torch.arange(words.shape[1])[None, :]
            past = (place >= lengths[:, None])[..., None]
            # both ways the padding comes last, so that no state of the text has seen it
            mirrored = (lengths[:, None] - 1 - place).clamp(min=0)
            turned = vectors.gather(1, mirrored[..., None].expand_as(vectors))
            sides = (self.ahead, vectors), (self.back, turned)
            highest = [side(each)[0].masked_fill(past, -2.0).amax(1) for side, each in sides]
            mean = vectors.masked_fill(past, 0.0).sum(1) / lengths[:, None]
            return nn.functional.normalize(self.out(self.drop(torch.cat([*highest, mean], 1))), dim=1)

        def logits(self, first, second):
            return self.scale * (first * second).sum(1) + self.shift

    return Encoder()


class Trainer:
    """One training run; ``vocabulary`` numbers the words of all pairs."""

    def __init__(self, vocabulary: Vocabulary, settings: Settings):
        import torch

        seed_torch(settings.seed, settings.threads)
        self.settings, self.encoder = settings, encoder(settings)
        self._pieces = torch.from_numpy(vocabulary.pieces.astype(np.int64))
        table = self.encoder.table.weight
        rest = [parameter for parameter in self.encoder.parameters() if parameter is not table]
        self._optimizers = [torch.optim.SparseAdam([table]), torch.optim.Adam(rest)]  # fit() sets their rates

    def fit(self, train: Pairs, dev: Pairs, say: Callable[[str], None], show: Callable[[str], None]) -> None:
        """Train until the AUC on ``dev`` has not risen for an epoch; the best epoch's weights stay.

        Astray where the loss, or what the model would keep, is no number any more.
        """
        import torch

        s = self.settings
        draw = np.random.Generator(np.random.PCG64(s.seed))
        steps = max(1, -(-len(train) // s.batch))
        best, best_auc, step = None, -1.0, 0
        for epoch in range(1, s.epochs + 1):
            order, total = draw.permutation(len(train)), 0.0
            self.encoder.train()
            for place in range(0, len(train), s.batch):
                rate = max(0.05, 1 - step / (steps * s.epochs))  # falls along a line
                for optimizer, times in zip(self._optimizers, (2, 1)):
                    for group in optimizer.param_groups:
                        group["lr"] = s.rate * times * rate
                chosen = order[place : place + s.batch]
                labels = torch.from_numpy(train.label[chosen].astype(np.float32))
                loss = torch.nn.functional.binary_cross_entropy_with_logits(self._logits(train, chosen), labels)
                for optimizer in self._optimizers:
                    optimizer.zero_grad(set_to_none=True)
                loss.backward()
                for optimizer in self._optimizers:
                    optimizer.step()
                total += float(loss.detach()) * len(chosen)
                step += 1
                show(f"epoch {epoch}, {step:,} of {steps * s.epochs:,} steps, loss {total / (place + len(chosen)):.4f}")
            if not isfinite(total) or float(self.encoder.table.weight.detach().abs().max()) > _HIGHEST:
                raise Astray
            found = quality(self.similarities(dev), dev.label, self.encoder.scale.item(), self.encoder.shift.item())
            say(f"epoch {epoch}: loss {total / len(train):.4f}; dev AUC {found.auc:.4f}, accuracy {found.accuracy:.4f}")
            if found.auc <= best_auc:
                break
            best_auc = found.auc
            best = {name: value.clone() for name, value in self.encoder.state_dict().items()}
        self.encoder.load_state_dict(best)

    def similarities(self, pairs: Pairs) -> np.ndarray:
        """The cosine of each pair's vectors."""
        import torch

        self.encoder.eval()
        found = []
        with torch.no_grad():
            for place in range(0, len(pairs), 1024):
                first, second = self._encoded(pairs, np.arange(place, min(place + 1024, len(pairs))))
                found.append((first * second).sum(1).numpy())
        return np.concatenate(found).astype(float)

    def calibrated(self, dev: Pairs) -> tuple[float, float, Quality]:
        """``(scale, shift)`` fitted to every other pair of each label of ``dev``, and the quality on the rest."""
        found = self.similarities(dev)
        in_turn = np.argsort(dev.label, kind="stable")
        one, other = in_turn[::2], in_turn[1::2]
        scale, shift = calibrate(found[one], dev.label[one])
        return scale, shift, quality(found[other], dev.label[other], scale, shift)

    def _logits(self, pairs: Pairs, chosen: np.ndarray):
        return self.encoder.logits(*self._encoded(pairs, chosen))

    def _encoded(self, pairs: Pairs, chosen: np.ndarray):
        """The vectors of both sides, computed in groups of similar length: padding costs as much as words do."""
        import torch

        rows = [pairs.first[index] for index in chosen] + [pairs.second[index] for index in chosen]
        lengths = np.array([len(row) for row in rows])
        order = np.argsort(lengths, kind="stable")
        vectors = []
        for group in np.array_split(order, max(1, len(rows) // _GROUP)):
            words = np.zeros((len(group), lengths[group].max()), np.int64)
            words[np.arange(words.shape[1]) < lengths[group, None]] = np.concatenate([rows[index] for index in group])
            used, place = np.unique(words, return_inverse=True)
            place = torch.from_numpy(place.reshape(words.shape))
            vectors.append(self.encoder(self._pieces[torch.from_numpy(used)], place, torch.from_numpy(lengths[group])))
        back = np.empty(len(rows), np.int64)
        back[order] = np.arange(len(rows))
        return torch.cat(vectors)[torch.from_numpy(back)].split(len(chosen))


def quality(similarity: np.ndarray, label: np.ndarray, scale: float, shift: float) -> Quality:
    """Of p = 1 / (1 + exp(-(scale * similarity + shift)))."""
    from datasel.evaluation.classification import auc, calibration_error

    probability = 1 / (1 + np.exp(-(scale * similarity + shift)))
    truth = label > 0
    accuracy = float(np.mean((probability >= 0.5) == truth))
    return Quality(auc(similarity[truth], similarity[~truth]), accuracy, calibration_error(probability, truth))


def calibrate(similarity: np.ndarray, label: np.ndarray) -> tuple[float, float]:
    """``(scale, shift)`` of the logistic function that fits the labels best (Platt, 1999); scale is above 0."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(theta):
        margin = theta[0] * similarity + theta[1]
        slope = expit(margin) - label
        return np.mean(np.logaddexp(0, margin) - label * margin), np.array([slope @ similarity, slope.sum()]) / len(
            label
        )

    bounds = [(1e-3, None), (None, None)]
    scale, shift = minimize(loss, [8.0, -4.0], jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(scale), float(shift)
