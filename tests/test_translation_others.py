"""Translators of others: models of three families, converted here, translate as our own do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
from translators import ENGLISH, FAMILIES, HINDI

from datasel.errors import DataError, ModelError
from datasel.records.folder import unpacked
from datasel.translation import describing
from datasel.translation.decoding import Decoder
from datasel.translation.model import Frame, Model

_OPTIONS = ("--pieces", "--target-pieces", "--source-prefix", "--source-suffix", "--target-prefix")


@pytest.fixture(scope="module", params=FAMILIES)
def made(request, tmp_path_factory):
    return FAMILIES[request.param](tmp_path_factory.mktemp(request.param))


def told(options):
    """The options as describing.described takes them."""
    given = dict(zip(options[::2], options[1::2]))
    return [given.get(name, None if name == "--target-pieces" else "") for name in _OPTIONS]


@pytest.fixture(scope="module")
def path(made, tmp_path_factory):
    place = tmp_path_factory.mktemp("described") / "model.tar"
    place.write_bytes(describing.described(str(made.network), *told(made.options)))
    return str(place)


def decoder(path, n=3, **more):
    return Decoder(Model(path), n, n, **{"length_penalty": 1.0, "batch_tokens": 2048, "longest": 100, **more})


def test_scores_are_those_of_the_original(made, path):
    """Nearly, as weights are in eight bits; and no more so where the tokens around texts are missing."""
    model = Model(path)
    wants_none = not any(model.frame[:3])
    for right in (True, False):
        model.frame = model.frame if right else Frame(places=model.frame.places)
        found = Decoder(model, 3, 3, 1.0, 2048, 100).forced(ENGLISH, HINDI)
        assert [one.mt_tokens for (one,) in found] == [len(row) + 1 for row in model.target_pieces.tokens(HINDI)]
        wanted = [made.score(source, target) for source, target in zip(ENGLISH, HINDI)]
        same = [one.mt_score for (one,) in found] == pytest.approx(wanted, rel=0.01)
        assert same == (right or wants_none)


@pytest.mark.parametrize("penalty", [0.0, 0.7, 1.0])
def test_the_score_is_that_of_the_pieces_found(path, penalty):
    """Without what a translation has to begin with, and with its end if it has one."""
    translate, model = decoder(path, 4, length_penalty=penalty), Model(path)
    begin = len(model.frame.target)
    rows = model.pieces.tokens(ENGLISH)
    framed = [[*model.frame.before, *row, *model.frame.after] for row in rows]
    for row, source, found in zip(rows, framed, translate._found(rows)):
        for one, pieces in zip(found, translate._searched([row], None)[0].hypotheses):
            assert pieces[:begin] == list(model.frame.target)
            (told,) = model.translator().score_batch([source], [pieces])
            scores = told.log_probs[begin:] if one.ended else told.log_probs[begin:-1]
            assert (one.total, one.tokens) == (pytest.approx(sum(scores), rel=0.01, abs=0.02), len(scores))


def test_what_stands_beside_a_text_changes_nothing(path):
    texts = [*ENGLISH, "", "zebra", "play " * 40]
    together = decoder(path).translations(texts)
    assert together == [decoder(path).translations([text])[0] for text in texts]
    assert together == decoder(path, batch_tokens=8).translations(texts)


def test_places_are_known(made, path):
    translate = decoder(path)
    frame = Model(path).frame
    assert frame.places == min(made.places, 1100)
    assert translate.most == min(
        1000, made.places - 1 - max(len(frame.before) + len(frame.after), len(frame.target) + 1)
    )
    word = "music "
    size = len(Model(path).pieces.tokens([word])[0])
    fits, not_quite = (word * (translate.most // size + more) for more in (0, 1))
    assert translate.forced([fits], ["संगीत"])[0] and not translate.forced([not_quite], ["संगीत"])[0]
    assert len(decoder(path, longest=400).translations([not_quite, word * 1500])) == 2


def test_the_command_and_jobs(path):
    """Two processes make the same bytes as one."""
    feed = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(ENGLISH * 30))
    command = [str(Path(sys.executable).parent / "translate-nbest"), "--model", path, "-n", "2"]
    one, two = (
        subprocess.run([*command, *jobs], input=feed.encode(), capture_output=True, check=True).stdout
        for jobs in ([], ["--jobs", "2"])
    )
    assert one == two
    first = json.loads(one.splitlines()[0])
    assert list(first) == ["id", "text", "nbest", "source"] and len(first["nbest"]) == 2


def test_what_is_made_is_a_model_with_sums_and_cannot_be_trained_on(made, path, tmp_path):
    again = describing.described(str(made.network), *told(made.options))
    assert again == Path(path).read_bytes()
    files = unpacked(again)
    assert {"datasel.json", "model.bin", "config.json", "pieces.model"} <= files.keys()
    with pytest.raises(ModelError, match="cannot be trained on"):
        Model(path).weights()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(again.replace(files["model.bin"][:200], files["model.bin"][:199] + b"?", 1))
    with pytest.raises(ModelError, match="damaged"):
        Model(str(cut))
    with pytest.raises(ModelError, match="'datasel translator' makes one"):
        Model(str(made.network))


def test_what_does_not_fit_is_refused_by_name(made, tmp_path):
    good = told(made.options)
    for place, option in ((2, "--source-prefix"), (3, "--source-suffix"), (4, "--target-prefix")):
        wrong = [*good[:place], "xyz_Latn", *good[place + 1 :]]
        with pytest.raises(ModelError, match=f"its vocabulary has no 'xyz_Latn', of {option}"):
            describing.described(str(made.network), *wrong)
    from translators import _pieces

    other = tmp_path / "other.model"
    _pieces(["αβγ δεζ ηθικ", "λμν ξοπ ρστυ"], other, 40)
    with pytest.raises(ModelError, match="not the source pieces of"):
        describing.described(str(made.network), str(other), *good[1:])
    other.write_bytes(b"?")
    with pytest.raises(ModelError, match="not a SentencePiece model"):
        describing.described(str(made.network), str(other), *good[1:])
    with pytest.raises(ModelError, match="has no model"):
        describing.described(str(tmp_path), *good)
    with pytest.raises(DataError):
        describing.described(str(tmp_path / "none"), *good)


def test_a_frame_that_is_none_is_a_damaged_model():
    from datasel.translation.model import _frame

    assert _frame({}) == Frame()
    for wrong in ({"before": [1]}, {"places": 3}, {"places": "9"}, {"other": 1}, {"before": 5}):
        with pytest.raises((ValueError, TypeError)):
            _frame(wrong)
