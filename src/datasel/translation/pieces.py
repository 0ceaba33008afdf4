"""Words cut into pieces by SentencePiece, one vocabulary for both languages.

Words are what stands between ASCII white space; every piece is of one word.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

import numpy as np

from datasel.errors import DataError
from datasel.translation.network import BEGIN, END, PAD, UNKNOWN

_SPACE = "\u2581"  # how SentencePiece writes a space: in a text it would part words
_TOO_SMALL = re.compile(r"smaller than required_chars\. \d+ vs (\d+)")
_ASCII_SPACES = " \t\n\x0b\x0c\r"
_PLAIN = str.maketrans({**dict.fromkeys(_ASCII_SPACES, " "), _SPACE: "_"})
_ODD = re.compile(f"[{_ASCII_SPACES[1:]}{_SPACE}]")


def learned(texts: Iterable[str], size: int, symbols: Sequence[str] = ()) -> bytes:
    """A SentencePiece model (unigram, Kudo 2018) of at most ``size`` pieces; every character of the texts has one.

    Each of ``symbols``, words, is a piece that is never cut or merged, whether the texts have it or not.

    Raises DataError where there is nothing to learn from or ``size`` is too small for the characters.
    """
    import sentencepiece

    made = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=(text for text in (" ".join(words(text)) for text in texts) if text),
            model_writer=made,
            vocab_size=size,
            model_type="unigram",
            hard_vocab_limit=False,
            character_coverage=1.0,
            normalization_rule_name="identity",
            pad_id=PAD,
            unk_id=UNKNOWN,
            bos_id=BEGIN,
            eos_id=END,
            user_defined_symbols=[_SPACE + symbol for symbol in symbols],
            num_threads=1,
            minloglevel=9,
        )
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1].rpartition("] ")[2] or "no text"
        if found := _TOO_SMALL.search(reason):
            least = f"{found[1]}: their characters and what stands for itself"
            raise DataError(f"--vocabulary {size} is too small: the texts take {least}") from None
        raise DataError(f"SentencePiece cannot learn pieces of the texts ({reason})") from None
    return made.getvalue()


def words(text: str) -> list[str]:
    """The words of a text: what stands between ASCII white space."""
    plain = text.translate(_PLAIN) if _ODD.search(text) else text  # most need no change, which takes long
    return [word for word in plain.split(" ") if word]


class Pieces:
    """The pieces of a SentencePiece model; raises ValueError for one that is not sound."""

    def __init__(self, model: bytes):
        import sentencepiece

        try:
            self._processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        except RuntimeError:
            raise ValueError("not a SentencePiece model") from None
        self.names = [self._processor.id_to_piece(number) for number in range(self._processor.get_piece_size())]
        self._known = set(self.names)
        self._begins = np.array([name.startswith(_SPACE) for name in self.names])

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """The pieces of each text as numbers."""
        return self._processor.encode([" ".join(words(text)) for text in texts])

    def word_of(self, numbers: np.ndarray) -> np.ndarray:
        """The word, from 0, that each piece of a text belongs to."""
        return np.cumsum(self._begins[numbers]) - 1

    def whole(self, word: str) -> bool:
        """Whether this word is one piece."""
        return _SPACE + word in self._known

    def tokens(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text by their names."""
        return self._processor.encode([" ".join(words(text)) for text in texts], out_type=str)

    def texts(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """The texts of pieces by their names, single spaces between words; control pieces, and names that
        are no pieces (a model's tokens for languages), count as nothing."""
        kept = [[name for name in row if name in self._known] for row in rows]
        return [" ".join(words(text)) for text in self._processor.decode(kept)]
