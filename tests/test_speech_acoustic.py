"""Acoustic models: training, the file, and what they say of audio."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
from onnx import TensorProto, helper

from datasel.errors import DataError, ModelError
from datasel.records import onnxfile
from datasel.records.streams import Block
from datasel.speech import acoustic, audio, emissions, features, inventory
from datasel.speech.emissions import Emissions
from datasel.speech.emitting import Emitter, Sound
from datasel.speech.fitting import Examples, Settings, Trainer, collapsed
from datasel.speech.network import to_onnx
from datasel.speech.targets import Targets, characters, needed, read_lexicon

SAMPLES = Path(__file__).resolve().parent.parent / "examples" / "samples"
SETTINGS = Settings(hidden=16, layers=2, width=3, epochs=12, batch=2, rate=1e-2, dropout=0.0)


@pytest.fixture(autouse=True, scope="module")
def _deterministic():
    """What a Trainer switches on is switched off after these tests."""
    threads = torch.get_num_threads()
    yield
    torch.use_deterministic_algorithms(False)
    torch.set_num_threads(threads)


def sample(name):
    found = [json.loads(line) for line in (SAMPLES / name).read_text().splitlines()]
    targets = Targets(read_lexicon(str(SAMPLES / "tones.lexicon")))
    sounds = [audio.read(str(SAMPLES / record["audio"]), 16000, 60) for record in found]
    return Examples([features.log_mel(each, 16000) for each in sounds], [targets.of(r["text"]) for r in found]), targets


def fitted(settings=SETTINGS, dev=True):
    train, targets = sample("tones.jsonl")
    held, _ = sample("tones-dev.jsonl")
    trainer = Trainer(train, len(targets.tokens), 0, 1, settings)
    said = []
    rate = trainer.fit(held if dev else Examples([], []), said.append, lambda message: None)
    return trainer, targets, held, rate, said


@pytest.fixture(scope="module")
def trained():
    return fitted()


@pytest.fixture(scope="module")
def model(trained, tmp_path_factory):
    trainer, targets, *_ = trained
    return written(tmp_path_factory.mktemp("model") / "tones.onnx", trainer, targets)


def written(path, trainer, targets, **more):
    facts = {
        "reads": "audio", "inputs": [], "sample_rate": 16000, "frame_rate": 50.0, "tokens": targets.tokens,
        "blank": "-", "silence": "sil", **more,
    }  # fmt: skip
    path.write_bytes(onnxfile.pack(acoustic.KIND, "made by a test", facts, to_onnx(trainer)))
    return str(path)


def test_it_learns_to_tell_tones(trained):
    trainer, _, held, rate, said = trained
    assert rate == trainer.error_rate(held) < 0.1
    untrained = Trainer(held, 5, 0, 1, SETTINGS)
    assert untrained.error_rate(held) > 0.7
    assert len(said) == SETTINGS.epochs


def test_the_same_seed_the_same_bytes(trained):
    short = SETTINGS._replace(epochs=2)
    assert to_onnx(fitted(short)[0]) == to_onnx(fitted(short)[0]) != to_onnx(fitted(short._replace(seed=2))[0])


def test_without_dev_the_last_epoch_stays():
    assert fitted(SETTINGS._replace(epochs=1), dev=False)[3] is None


def test_the_file_gives_what_the_network_gives(trained, model):
    trainer, _, held, *_ = trained
    _, session = onnxfile.load(model, acoustic.KIND)
    for frames in (*held.frames, held.frames[0][:1]):
        scaled = ((frames - trainer.mean) / trainer.deviation).astype(np.float32)
        with torch.no_grad():
            wanted = trainer.network.eval()(torch.from_numpy(scaled[None]), torch.ones(1, len(frames)))
        (found,) = session.run(None, {"frames": frames[None]})
        assert np.abs(found - wanted.numpy()).max() < 1e-3


def test_padding_in_training_is_as_if_it_were_not_there(trained):
    trainer, _, held, *_ = trained
    frames = torch.from_numpy(held.frames[0])
    with torch.no_grad():
        alone = trainer.network.eval()(frames[None], torch.ones(1, len(frames)))
        padded = torch.cat([frames, torch.randn(30, frames.shape[1])])[None]
        mask = (torch.arange(padded.shape[1]) < len(frames)).float()[None]
        beside = trainer.network(padded, mask)[:, : len(frames)]
    assert torch.allclose(alone, beside, atol=1e-5)


def test_emissions_of_a_fitted_model(model):
    found = acoustic.Fitted(model).of(audio.read(str(SAMPLES / "tones/00.wav"), 16000, 60))
    assert found.tokens == ("-", "sil", "H", "L", "M")
    assert (found.blank, found.silence, found.frame_rate) == (0, 1, 50.0)
    assert np.exp(found.log_probs.astype(float)).sum(axis=1) == pytest.approx(1, abs=0.01)
    said = [found.tokens[token] for token in collapsed(found.log_probs, 0, 1)]
    assert said == ["L", "M", "L", "M", "H"]  # low mid rise


def test_a_model_that_reads_emissions(trained, tmp_path):
    """One trained on the emissions of the other: letters for tones."""
    trainer, targets, held, *_ = trained
    train, _ = sample("tones.jsonl")
    path = written(tmp_path / "first.onnx", trainer, targets)
    _, session = onnxfile.load(path, acoustic.KIND)
    of = {
        name: [
            Emissions(session.run(None, {"frames": frames[None]})[0][0], tuple(targets.tokens), 0, 1, 50.0)
            for frames in each.frames
        ]
        for name, each in (("train", train), ("held", held))
    }
    second = Trainer(Examples([features.of_emissions(each) for each in of["train"]], train.said), 5, 0, 1, SETTINGS)
    other = Examples([features.of_emissions(each) for each in of["held"]], held.said)
    assert second.fit(other, lambda message: None, lambda message: None) < 0.1
    model = acoustic.Fitted(written(tmp_path / "b.onnx", second, targets, reads="emissions", inputs=targets.tokens))
    assert model.reads == "emissions"
    assert collapsed(model.of(of["held"][0]).log_probs, 0, 1) == second.greedy(other.frames[0])
    for wrong in ({"tokens": ("a", "b", "c", "d", "e")}, {"frame_rate": 25.0}):
        with pytest.raises(ValueError, match="than the model was trained on"):
            model.of(of["held"][0]._replace(**wrong))


def test_damaged_models_and_others_are_named(model, tmp_path):
    content = Path(model).read_bytes()
    for name, wrong in ("a", content[:-9]), ("b", content[:500] + b"x" + content[501:]), ("c", b""):
        (tmp_path / name).write_bytes(wrong)
        with pytest.raises(ModelError, match="make it again"):
            acoustic.Fitted(str(tmp_path / name))


def test_log_mel_hears_pitch_and_not_level():
    time = np.arange(16000) / 16000
    low, high = (np.sin(2 * np.pi * f * time) + 0.01 * np.random.default_rng(1).normal(size=16000) for f in (300, 3000))
    both = np.concatenate([low, high]).astype(np.float32)
    found = features.log_mel(both, 16000)
    assert found.shape == (99, features.mel_size()) and found.dtype == np.float32
    assert found[:49, :40].mean(axis=0).argmax() < 12 < 20 < found[50:, :40].mean(axis=0).argmax()
    assert np.allclose(found, features.log_mel(both * np.float32(0.3), 16000), atol=0.01)
    assert features.log_mel(both[:559], 16000).shape == (0, 80)
    assert features.log_mel(both[:560], 16000).shape == (1, 80)


def test_targets_and_the_frames_they_need(tmp_path):
    lexicon = tmp_path / "l"
    lexicon.write_text("aab\ta a b\naab\tb\nb\tb\n")
    targets = Targets(read_lexicon(str(lexicon)))
    assert targets.tokens == ["-", "sil", "a", "b"]
    assert targets.of("aab b").tolist() == [1, 2, 2, 3, 1, 3, 1]
    assert needed(targets.of("aab b")) == 8
    with pytest.raises(ValueError, match="the lexicon has no 'c'"):
        targets.of("b c")
    spelled = Targets(None, characters(["e\u0301a b"]))
    assert spelled.tokens == ["-", "sil", "a", "b", "é"]
    assert spelled.of("é").tolist() == [1, 4, 1]
    with pytest.raises(ValueError, match="has 'x'"):
        spelled.of("x")


@pytest.mark.parametrize("line", ["a", "a\t", "\tb", "a\t- b"])
def test_lines_that_are_no_lexicon(tmp_path, line):
    (tmp_path / "l").write_text(f"b\tb\n{line}\n")
    with pytest.raises(DataError, match="l:2: "):
        read_lexicon(str(tmp_path / "l"))


def test_probabilities_of_one_class_are_added(tmp_path):
    (tmp_path / "m").write_text("a\tV\ne\tV\nwb\tsil\nt\tT\nx\t-\nunused\tU\n")
    probs = np.array([[0.1, 0.2, 0.3, 0.05, 0.15, 0.2]], np.float32)
    made = inventory.inventory(["a", "e", "t", "wb", "x", "<b>"], "<b>", "wb", inventory.read_map(str(tmp_path / "m")))
    found = made.merged(np.log(probs), 50.0)
    assert found.tokens == ("-", "V", "sil", "T") and (found.blank, found.silence) == (0, 2)
    assert np.exp(found.log_probs.astype(float)) == pytest.approx(np.array([[0.35, 0.3, 0.05, 0.3]]), abs=1e-3)


@pytest.mark.parametrize(
    "content, reason",
    [
        ("a\tA\n", "no class for the token 'b'"),
        ("a A\n", ":1: not TOKEN"),
        ("a\tA\na\tB\n", ":2: token 'a'"),
        ("", "no class"),
    ],
)
def test_maps_that_do_not_fit(tmp_path, content, reason):
    (tmp_path / "m").write_text(content)
    with pytest.raises(DataError, match=reason):
        inventory.inventory(["a", "b", "<b>"], "<b>", None, inventory.read_map(str(tmp_path / "m")))


def foreign(path, tokens=3, lengths=False, hop=160):
    """A network that gives logits for each ``hop`` samples: 0, and for the last token 50 times their mean."""
    node, value = helper.make_node, helper.make_tensor_value_info
    weights = np.zeros((tokens, 1, hop), np.float32)
    weights[-1] = 50 / hop
    graph = helper.make_graph(
        [
            node("Unsqueeze", ["x", "one"], ["wide"]),
            node("Conv", ["wide", "w"], ["y"], strides=[hop]),
            node("Transpose", ["y"], ["logits"], perm=[0, 2, 1]),
        ],
        "net",
        [value("x", TensorProto.FLOAT, [1, "n"]), *([value("n", TensorProto.INT64, [1])] if lengths else [])],
        [value("logits", TensorProto.FLOAT, [1, "t", tokens])],
        [
            helper.make_tensor("one", TensorProto.INT64, [1], [1]),
            helper.make_tensor("w", TensorProto.FLOAT, weights.shape, weights.ravel()),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    path.write_bytes(model.SerializeToString())
    return str(path)


@pytest.mark.parametrize("lengths", [False, True])
def test_a_network_of_others(tmp_path, lengths):
    (tmp_path / "t").write_text("<b>\n|\na\n")
    path = foreign(tmp_path / "x.onnx", lengths=lengths)
    model = acoustic.Foreign(path, str(tmp_path / "t"), "<b>", "|", 16000)
    found = model.of(np.concatenate([np.zeros(1600), np.ones(1600)]).astype(np.float32))
    assert found.tokens == ("<b>", "|", "a") and (found.blank, found.silence, found.frame_rate) == (0, 1, 100.0)
    assert found.log_probs.shape == (20, 3)
    assert np.exp(found.log_probs[0].astype(float)) == pytest.approx(1 / 3, abs=1e-3)
    assert (found.log_probs[10:, 2] > -0.01).all()


def test_a_network_with_other_tokens(tmp_path):
    path = foreign(tmp_path / "x.onnx")
    (tmp_path / "t").write_text("<b>\na\n")
    with pytest.raises(ModelError, match="gives 3 numbers a frame, for 2 tokens"):
        acoustic.Foreign(path, str(tmp_path / "t"), "<b>", None, 16000)
    with pytest.raises(DataError, match="'x' is not one of its tokens"):
        acoustic.Foreign(path, str(tmp_path / "t"), "x", None, 16000)
    (tmp_path / "t").write_text("<b>\na\na\n")
    with pytest.raises(DataError, match="t:3: a token is named twice"):
        acoustic.Foreign(path, str(tmp_path / "t"), "<b>", None, 16000)


def test_an_utterance_does_not_depend_on_those_beside_it(model):
    emitter = Emitter(acoustic.Fitted(model), Sound(level=-20, noise_snr=10))
    lines = (SAMPLES / "tones.jsonl").read_bytes().splitlines(keepends=True)
    name = str(SAMPLES / "tones.jsonl")
    together = emitter(Block(name, 1, b"".join(lines)))
    assert together == b"".join(emitter(Block(name, 7, line)) for line in lines)
    record = json.loads(together.splitlines()[0])
    assert emissions.load(record["emissions"]).tokens == ("-", "sil", "H", "L", "M")


def test_files_are_named_by_id_or_by_number(model):
    line = (SAMPLES / "tones.jsonl").read_bytes().splitlines()[0]
    for given, name in (
        ('"a.b-c_1"', "a.b-c_1"),
        ('"../x"', "000107"),
        ('".x"', "000107"),
        ("5", "000107"),
        ('""', "000107"),
    ):
        block = Block(str(SAMPLES / "tones.jsonl"), 7, line.replace(b'"tones-00"', given.encode()) + b"\n", before=100)
        made = json.loads(Emitter(acoustic.Fitted(model), Sound(), "out")(block))
        assert made["emissions"] == f"out/{name}.npz" == block.files[0][1]
        assert emissions.unpack(block.files[0][2]).blank == 0


def test_a_network_that_gives_no_numbers_gives_no_emissions(model):
    class Broken(acoustic.Fitted):
        def of(self, given):
            found = super().of(given)
            return found._replace(log_probs=found.log_probs * np.nan)

    data = (SAMPLES / "tones.jsonl").read_bytes().splitlines()[0] + b"\n"
    block = Block(str(SAMPLES / "tones.jsonl"), 1, data)
    with pytest.raises(DataError, match="tones.jsonl:1: the model gives a frame whose probabilities do not sum to 1"):
        Emitter(Broken(model), Sound())(block)


def test_characters_do_not_join_across_words():
    assert characters(["e \u0301a"]) == {"e", "\u0301", "a"}


def test_the_phone_model_of_hama(tmp_path):
    pytest.importorskip("hama")
    waveform = audio.read(str(SAMPLES / "tones/00.wav"), 16000, 60)
    found = acoustic.Hama().of(waveform)
    assert len(found.tokens) == 191 and found.tokens[found.blank] == "<blank>" and found.tokens[found.silence] == "<wb>"
    assert found.frame_rate == 50 and len(found.log_probs) == pytest.approx(len(waveform) / 320, abs=2)
    assert np.exp(found.log_probs.astype(float)).sum(axis=1) == pytest.approx(1, abs=0.02)
    again = acoustic.Hama().of(waveform)
    assert (again.log_probs == found.log_probs).all()


def test_the_map_for_hindi_has_every_phone_of_the_model():
    pytest.importorskip("hama")
    path = SAMPLES.parent / "asr" / "hindi-phones.tsv"
    found = acoustic.Hama(str(path)).of(np.zeros(16000, np.float32))
    assert found.tokens[0] == "-" and found.tokens[found.silence] == "sil" and 25 < len(found.tokens) < 35


def test_copies_of_the_samples_are_enough(tmp_path, model):
    """Audio is found beside the records, wherever the program runs."""
    shutil.copytree(SAMPLES / "tones", tmp_path / "tones")
    block = Block(str(tmp_path / "x.jsonl"), 1, (SAMPLES / "tones.jsonl").read_bytes())
    assert Emitter(acoustic.Fitted(model), Sound())(block).count(b"\n") == 18


def test_blank_and_silence_are_two():
    with pytest.raises(DataError, match="'b' cannot be blank and silence"):
        inventory.inventory(["a", "b"], "b", "b")
