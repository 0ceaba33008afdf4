"""A translator's files from what others publish: a model that CTranslate2's converters made, and its SentencePiece."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

import msgspec

from datasel.errors import DataError, ModelError
from datasel.records.described import digest
from datasel.records.folder import packed
from datasel.records.signature import signature
from datasel.records.streams import content
from datasel.translation import model
from datasel.translation.pieces import Pieces

_SIDES = "source", "target"
_NO_PLACE = re.compile(r"No position encodings are defined for positions >= (\d+)")
_KNOWN = 0.5  # least share of SentencePiece's pieces that the model's vocabulary has
_TRIED = 1100  # pieces of a text that tell how many places the network has


def described(
    network: str, pieces: str, target_pieces: str | None, source_prefix: str, source_suffix: str, target_prefix: str
) -> bytes:
    """The described files of a model as a tar archive.

    ``network`` is the folder of a CTranslate2 model; ``pieces`` and ``target_pieces`` are SentencePiece models, one of
    both sides or one each; prefixes and suffix are tokens with spaces between.  Raises ModelError for what is no
    translator or does not fit together.
    """
    files = _files(network)
    vocabularies = [_vocabulary(network, files, side) for side in _SIDES]
    frame = model.Frame(source_prefix.split(), source_suffix.split(), target_prefix.split())
    for option, tokens, vocabulary in (
        ("--source-prefix", frame.before, vocabularies[0]),
        ("--source-suffix", frame.after, vocabularies[0]),
        ("--target-prefix", frame.target, vocabularies[1]),
    ):
        if strange := [token for token in tokens if token not in vocabulary]:
            raise ModelError(f"{network}: its vocabulary has no '{strange[0]}', of {option}")
    given = [pieces] if target_pieces is None else [pieces, target_pieces]
    contents = [content(path) for path in given]
    for path, data, side in zip([pieces, given[-1]], [contents[0], contents[-1]], (0, 1)):
        _check(network, path, data, vocabularies[side], _SIDES[side])
    frame = frame._replace(places=_places(network, files, frame, vocabularies))
    made = signature(
        "datasel translator",
        {"network": digest(files["model.bin"])[:12], "pieces": ",".join(digest(data)[:12] for data in contents),
         "source-prefix": source_prefix, "source-suffix": source_suffix, "target-prefix": target_prefix},
    )  # fmt: skip
    return packed(model.pack(made, {"frame": frame._asdict()}, files, contents))


def _files(folder: str) -> dict[str, bytes]:
    """What CTranslate2 reads of a folder."""
    try:
        names = sorted(os.listdir(folder))
        wanted = [name for name in names if name in ("model.bin", "config.json") or "vocabulary" in name]
        found = {name: content(os.path.join(folder, name)) for name in wanted}
    except OSError as error:
        raise DataError(error.strerror or str(error), folder) from None
    if "model.bin" not in found:
        raise ModelError(f"{folder}: not a CTranslate2 model (it has no model.bin)")
    return found


def _vocabulary(folder: str, files: Mapping[str, bytes], side: str) -> frozenset[str]:
    for name in (f"{side}_vocabulary", "shared_vocabulary"):
        try:
            if (data := files.get(f"{name}.json")) is not None:
                return frozenset(msgspec.json.decode(data, type=list[str]))
            if (data := files.get(f"{name}.txt")) is not None:
                return frozenset(data.decode().split("\n"))
        except ValueError:
            raise ModelError(f"{folder}: its {name} is damaged") from None
    raise ModelError(f"{folder}: no vocabulary of the {side} texts; is it a translator?")


def _check(folder: str, path: str, data: bytes, vocabulary: frozenset[str], side: str) -> None:
    """ModelError where these are not the pieces of that vocabulary."""
    try:
        names = Pieces(data).names
    except ValueError:
        raise ModelError(f"{path}: not a SentencePiece model") from None
    share = sum(name in vocabulary for name in names) / max(len(names), 1)
    if share < _KNOWN:
        raise ModelError(f"{path}: not the {side} pieces of {folder}, whose vocabulary has {share:.0%} of them")


def _places(folder: str, files: Mapping[str, bytes], frame: model.Frame, vocabularies: Sequence[frozenset[str]]) -> int:
    """How many pieces, frame and end included, a text may have on either side; it is tried."""
    translator = model.translator(files, path=folder)
    sides = [[min(vocabulary)] for vocabulary in vocabularies]
    least = _TRIED
    for side in (0, 1):
        tried = [sides[0] * (_TRIED if side == 0 else 2), sides[1] * (_TRIED if side else 2)]
        try:
            translator.score_batch([tried[0]], [tried[1]], max_input_length=0)
        except (RuntimeError, ValueError) as error:
            found = _NO_PLACE.search(str(error))
            if not found:
                raise ModelError(
                    f"{folder}: CTranslate2 cannot translate with it ({str(error).splitlines()[0]})"
                ) from None
            least = min(least, int(found[1]))
    if least < len(frame.before) + len(frame.after) + 16:
        raise ModelError(f"{folder}: texts of {least} pieces are too short to translate")
    return least
