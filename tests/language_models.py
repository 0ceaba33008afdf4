"""Small language models for the tests, and plain definitions to hold them against."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from unittest.mock import patch

import kenlm
import numpy as np
import pytest
from hypothesis import strategies as st

from datasel.lm import columns, counting, interpolated, katz, levels
from datasel.lm.arpa import written
from datasel.lm.backoff import Backoff
from datasel.lm.counting import Counter, Vocabulary
from datasel.lm.interpolated import estimate, kneser_ney, witten_bell
from datasel.lm.levels import Counts
from datasel.lm.pruning import pruned

# KenLM's own programs, as tools/need-lmplz makes them
KENLM = Path(__file__).parents[1] / "build" / "kenlm" / "bin"
needs_kenlm = pytest.mark.skipif(not (KENLM / "lmplz").exists(), reason="tools/need-lmplz has not been run")

SMOOTHINGS = ("kneser-ney", "witten-bell", "katz")
WORDS = ["a", "b", "c", "d", "wake", "गाना", "क्षमा", "é"]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def generated(lines: int, seed: int, vocabulary: int = 60) -> list[str]:
    """Sentences with a few frequent words, many rare ones, and pairs that like each other; some are blank.

    It draws on random() alone, which gives the same numbers in every version of Python.
    """
    random = Random(seed).random
    names = [f"w{number}" if number % 3 else f"शब्द{number}" for number in range(vocabulary)]
    made = []
    for _ in range(lines):
        word, words = 0, []
        for _ in range(int(random() * 12)):
            follows = random() < 0.6
            word = (word * 7 + int(4 ** random())) % vocabulary if follows else int(vocabulary ** random()) - 1
            words.append(names[word])
        made.append(" ".join(words))
    return made


@contextlib.contextmanager
def in_parts(rows: int):
    """Every pass over n-grams looks at so many at a time."""
    with (
        patch.object(columns, "ROWS", rows),
        patch.object(columns, "HELD", rows),
        patch.object(levels, "LINKED", rows),
        patch.object(counting, "MERGED", rows),
        patch.object(counting, "_BYTES_A_TOKEN", 40),
    ):
        yield


def text(lines: Iterable[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def counted(
    lines: Sequence[str],
    order: int,
    *,
    weights: Sequence[float] | None = None,
    vocabulary: Sequence[bytes] | None = None,
    memory: int = 1 << 30,
    least: float = 0,
    batch: int = 1000,
    cases: int = interpolated.CASES,
) -> Counts:
    """The counts of lines, given to the counter ``batch`` at a time."""
    words = Vocabulary(vocabulary)
    counter = Counter(order, words, memory, cases)
    for start in range(0, len(lines), batch):
        part = slice(start, start + batch)
        counter.add(words.identifiers(text(lines[part])), None if weights is None else np.array(weights[part], float))
    return counter.counts(least)


def estimated(
    lines: Sequence[str], order: int, smoothing: str = "kneser-ney", cuts: Sequence[int] = (0,), warn=None, **counting
) -> Backoff:
    """A model as build-arpa makes it; ``warn`` is a list for what it says."""
    cases = katz.CASES if smoothing == "katz" else interpolated.CASES
    counts = counted(lines, order, cases=cases, **counting)
    cuts = [*cuts, *cuts[-1:] * (order - len(cuts))]
    said = [].append if warn is None else warn.append
    if smoothing == "katz":
        return katz.estimate(counts, cuts, said)
    return estimate(counts, kneser_ney(said) if smoothing == "kneser-ney" else witten_bell, cuts)


@st.composite
def models(draw, smoothings: Sequence[str] = SMOOTHINGS, orders: tuple[int, int] = (2, 6)) -> Backoff:
    """Models of all kinds, of texts from one line to two hundred."""
    some = st.builds(generated, st.integers(1, 200), st.integers(0, 10**6), st.integers(2, 40))
    lines = draw(st.lists(SENTENCES, min_size=1, max_size=15) | some)
    smoothing, order = draw(st.sampled_from(smoothings)), draw(st.integers(*orders))
    weight = st.sampled_from([1e-6, 0.1, 0.25, 0.5, 1, 1.75, 3, 1e4])
    counting = {}
    if draw(st.booleans()):
        counting["weights"] = draw(st.lists(weight, min_size=len(lines), max_size=len(lines)))
    unknown = draw(st.sampled_from([None, "closed", "rare"]))
    if unknown == "closed":
        counting["vocabulary"] = sorted({word.encode() for word in " ".join(lines).split()[::2]} | {b"unseen"})
    elif unknown == "rare":
        counting["least"] = 2
    cuts = [0, *sorted(draw(st.lists(st.integers(0, 2), max_size=order - 1)))]
    model = estimated(lines, order, smoothing, cuts, **counting)
    threshold = draw(st.sampled_from([0, 0, 1e-5, 1e-3, 1e-1]))
    return pruned(model, threshold) if threshold else model


def saved(model: Backoff, path) -> str:
    """The path of the model's ARPA file."""
    with open(path, "wb") as file:
        file.writelines(written(model, "a test"))
    return str(path)


def loaded(path) -> kenlm.Model:
    """The model of a file, as KenLM has it."""
    settings = kenlm.Config()
    settings.arpa_complain, settings.show_progress = kenlm.ARPALoadComplain.NONE, False
    return kenlm.Model(str(path), settings)


def listed(model: Backoff) -> dict[tuple[str, ...], tuple[float, float]]:
    """log10 p and back-off weight of every n-gram."""
    words = [word.decode() for word in model.words]
    below: list[tuple[str, ...]] = [()]
    found = {}
    for level in model.levels:
        below = [(*below[context], words[word]) for context, word in zip(level.context, level.word)]
        found.update(zip(below, zip(level.logp.tolist(), level.bow.tolist())))
    return found


def log10_of(grams: dict[tuple[str, ...], tuple[float, float]], *words: str) -> float:
    """log10 p of the last word given the others: the definition of a back-off model."""
    if words in grams:
        return grams[words][0]
    return grams.get(words[:-1], (0, 0))[1] + log10_of(grams, *words[1:])


def histories(model: Backoff, most: int = 60) -> list[tuple[str, ...]]:
    """Histories that the model knows, all of a small model's, with the empty one and some that it does not know."""
    grams = [gram for gram in listed(model) if len(gram) < len(model.levels) and gram[-1] != "</s>"]
    if len(grams) > most:
        grams = Random(1).sample(grams, most)
    return [(), ("unheard",), *grams, *((*gram[-3:], gram[-1]) for gram in grams[:5] if gram[-1] != "<s>")]


def sum_after(lm: kenlm.Model, words: Iterable[bytes], history: Sequence[str]) -> float:
    """The sum of the probabilities that KenLM gives ``words``, without <s>, after a history."""
    state, after = kenlm.State(), kenlm.State()
    if history[:1] == ("<s>",):
        lm.BeginSentenceWrite(state)
        history = history[1:]
    else:
        lm.NullContextWrite(state)
    for word in history:
        lm.BaseScore(state, word, after)
        state, after = after, state
    return sum(10 ** lm.BaseScore(state, word.decode(), after) for word in words if word != b"<s>")


def check_sums(model: Backoff, lm: kenlm.Model) -> None:
    """Every history's probabilities sum to 1."""
    for history in histories(model):
        assert abs(sum_after(lm, model.words, history) - 1) < 1e-5, history
