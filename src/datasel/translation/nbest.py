"""N-best lists in Moses' format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from datasel.translation.decoding import Hypothesis


def as_moses(numbers: Sequence[int], lists: Iterable[Sequence[Hypothesis]]) -> Iterator[str]:
    """Lines ``number ||| text ||| features ||| score`` for lists with these numbers."""
    for number, found in zip(numbers, lists):
        for each in found:
            text = each.text.replace("\n", " ").replace("|||", "| | |")
            yield f"{number} ||| {text} ||| PerToken= {each.mt_score_per_token} ||| {each.mt_score}\n"
