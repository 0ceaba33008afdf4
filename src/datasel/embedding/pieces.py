"""A text as the pieces that a transformer reads: by SentencePiece, or by a tokenizer.json of the package tokenizers."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple, Protocol

from datasel.errors import ModelError
from datasel.extras import missing

_BEGIN, _END, _UNKNOWN, _SHIFT = 0, 2, 3, 1  # ids as XLM-RoBERTa numbers them: SentencePiece's and one more


class Pieces(NamedTuple):
    """The pieces of one text, with its beginning and end."""

    ids: list[int]
    spans: list[tuple[int, int]]  # start and end in the text, in code points; of what stands for no text both are 0


class Tokenizer(Protocol):
    def of(self, text: str) -> Pieces:
        """The pieces of a text, those beyond the longest left out."""


def tokenizer(name: str, content: bytes, longest: int) -> Tokenizer:
    """From the bytes of a file; ModelError for one that is neither, DataError where the package is not installed."""
    if content.lstrip()[:1] == b"{":
        return _Json(name, content, longest)
    return _SentencePiece(name, content, longest)


class _SentencePiece:
    def __init__(self, name: str, content: bytes, longest: int):
        from sentencepiece import SentencePieceProcessor

        try:
            self._model, self._longest = SentencePieceProcessor(model_proto=content), longest
            self._unknown = self._model.unk_id()
            self._model.encode("", out_type="proto")  # of no bytes at all a model is made that does not work
        except RuntimeError:
            raise ModelError(f"{name}: neither a SentencePiece model nor a tokenizer.json") from None

    def of(self, text: str) -> Pieces:
        found = self._model.encode(text, out_type="proto").pieces[: self._longest - 2]
        ids = [_UNKNOWN if each.id == self._unknown else each.id + _SHIFT for each in found]
        # the package counts offsets in bytes or in code points, by its version; surfaces side by side are the text
        ends = list(accumulate((len(each.surface) for each in found), initial=0))
        return Pieces([_BEGIN, *ids, _END], [(0, 0), *zip(ends, ends[1:]), (0, 0)])


class _Json:
    def __init__(self, name: str, content: bytes, longest: int):
        try:
            from tokenizers import Tokenizer as Made
        except ImportError:
            raise missing(name, "tokenizers", "encode") from None
        try:
            self._model = Made.from_str(content.decode())
        except Exception:  # the package raises nothing narrower
            raise ModelError(f"{name}: neither a SentencePiece model nor a tokenizer.json") from None
        self._model.no_padding()
        self._model.enable_truncation(longest)

    def of(self, text: str) -> Pieces:
        found = self._model.encode(text)
        return Pieces(found.ids, found.offsets)
