"""The paraphrase detector: what it learns, and that the file computes what was trained."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from datasel.errors import ModelError
from datasel.evaluation.classification import auc, calibration_error
from datasel.nlu import annotations
from datasel.paraphrase.detector import KIND, Detector
from datasel.paraphrase.network import to_onnx
from datasel.paraphrase.pairs import PairMaker
from datasel.paraphrase.sources import FromDetector
from datasel.paraphrase.training import PairReader, Pairs, Settings, Trainer, calibrate
from datasel.paraphrase.units import LONGEST, PIECES, Vocabulary, _pieces
from datasel.records import onnxfile
from datasel.records.jsonl import Records, read
from datasel.records.streams import Block
from datasel.selection.vectors import UNIT, VectorPool

ANNOTATED = Path(__file__).resolve().parent.parent / "examples" / "samples" / "annotated.jsonl"
TINY = Settings(buckets=1024, embedding=8, hidden=8, dimensions=8, epochs=1, threads=1)
LARGE = Settings(threads=1)
TEXTS = ["play adele", "Play Adele!", "adele play", "नमस्ते दुनिया, गाना बजाओ", "", "?!", "é", "e\u0301", "𝄞 𝄢",
         "x" * 300, "two\nlines", *("word " * count for count in (1, 5, 31, 32, 40)),
         *(f"what is number {n} of {n % 7}" for n in range(40))]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _deterministic():
    """What a Trainer switches on is switched off after these tests."""
    threads = torch.get_num_threads()
    yield
    torch.use_deterministic_algorithms(False)
    torch.set_num_threads(threads)


def model(trainer, path, **more):
    facts = {"pieces": PIECES, "scale": 8.0, "shift": -4.0, **more}
    path.write_bytes(onnxfile.pack(KIND, "made by a test", {**trainer.settings._asdict(), **facts}, to_onnx(trainer)))
    return str(path)


@pytest.fixture(scope="module", params=[TINY, LARGE], ids=["tiny", "large"])
def untrained(request, tmp_path_factory):
    """A trainer before its first step, its reader, and the detector of its file."""
    reader = PairReader(request.param.buckets)
    reader.vocabulary.numbers(TEXTS)
    trainer = Trainer(reader.vocabulary, request.param)
    return trainer, Detector.load(model(trainer, tmp_path_factory.mktemp("model") / "m.onnx"))


def test_the_file_gives_the_vectors_of_the_encoder(untrained):
    trainer, detector = untrained
    encoder = trainer.encoder.eval()
    vocabulary = Vocabulary(trainer.settings.buckets)
    rows = vocabulary.numbers(TEXTS)
    lengths = torch.tensor([len(row) for row in rows])
    words = torch.tensor([row + [0] * (LONGEST - len(row)) for row in rows])  # padding with what is a word elsewhere
    exact = encoder.table.weight.detach().clone()
    with torch.no_grad():
        encoder.table.weight.copy_(exact.half().float())  # as the file holds it
        expected = encoder(torch.from_numpy(vocabulary.pieces.astype(np.int64)), words, lengths).numpy()
        encoder.table.weight.copy_(exact)
        unrounded = encoder(torch.from_numpy(vocabulary.pieces.astype(np.int64)), words, lengths).numpy()
    found = detector.vectors(TEXTS)
    assert found.dtype == np.int16 and found.shape == (len(TEXTS), trainer.settings.dimensions)
    assert np.abs(found - expected * UNIT).max() < 0.51
    assert np.abs(found - unrounded * UNIT).max() < 2
    assert np.linalg.norm(found.astype(float), axis=1) == pytest.approx(UNIT, rel=0.005)


def test_similarities_are_those_of_the_vectors(untrained):
    trainer, detector = untrained
    first, second = TEXTS, TEXTS[::-1]
    rows = [[np.array(row, np.int32) for row in trainer_numbers(trainer, texts)] for texts in (first, second)]
    expected = trainer.similarities(Pairs(*rows, np.zeros(len(first), np.int8)))
    one, other = (detector.vectors(texts).astype(np.int64) for texts in (first, second))
    assert (one * other).sum(axis=1) / UNIT**2 == pytest.approx(expected, abs=0.01)


def trainer_numbers(trainer, texts):
    """By the words that the trainer knows: all of TEXTS, in the order of their first reading."""
    vocabulary = Vocabulary(trainer.settings.buckets)
    vocabulary.numbers(TEXTS)
    return vocabulary.numbers(texts)


def test_a_vector_depends_on_its_text_alone(untrained):
    _, detector = untrained
    draw = np.random.default_rng(1)
    texts = TEXTS * 8 + [f"what is number {n} of {n % 7}" for n in range(40, 700)]
    together = detector.vectors(texts)
    for size in (1, 2, 15, 16, 17, 255, 256, 257):
        some = draw.permutation(len(texts))[:size]
        assert (detector.vectors([texts[index] for index in some]) == together[some]).all()
    for index in range(len(TEXTS)):
        assert (detector.vectors([texts[index]])[0] == together[index]).all()
    assert (together[: len(TEXTS) * 8] == np.tile(together[: len(TEXTS)], (8, 1))).all()


def test_words_are_what_counts(untrained):
    _, detector = untrained
    made = dict(zip(TEXTS, detector.vectors(TEXTS)))
    assert (made["play adele"] == made["Play Adele!"]).all()
    assert (made[""] == made["?!"]).all()
    assert (made["é"] == made["e\u0301"]).all()
    assert (made["word " * 32] == made["word " * 40]).all()  # LONGEST
    assert (made["play adele"] != made["adele play"]).any()


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_texts_have_no_vectors(jobs, untrained, tmp_path):
    trainer, detector = untrained
    assert detector.vectors([]).shape == (0, detector.dimensions)
    source = FromDetector(model(trainer, tmp_path / "m.onnx"), jobs)
    with VectorPool(source, source, jobs) as pool:
        for texts in ([], TEXTS, []):  # of a block whose records were all rejected there are none
            records = Records(Block("texts", 1, b""), {"text": texts}, range(len(texts)))
            pool.add(records, "text")
            pool.hold(records, "text")
        pool.end()
        assert (pool.vectors == detector.vectors(TEXTS)).all()
        assert (pool.held == detector.vectors(TEXTS)).all()


def test_a_vocabulary_that_is_full_begins_anew(untrained, monkeypatch):
    _, detector = untrained
    expected = detector.vectors(TEXTS)
    monkeypatch.setattr("datasel.paraphrase.detector._WORDS", 5)
    for _ in range(3):
        assert (detector.vectors(TEXTS) == expected).all()


def test_probability_rises_with_the_product(untrained):
    _, detector = untrained
    made = detector.probability(np.array([-(UNIT**2), 0, UNIT**2 // 2, UNIT**2]))
    assert made == pytest.approx([1 / (1 + np.exp(12)), 1 / (1 + np.exp(4)), 0.5, 1 / (1 + np.exp(-4))])


def test_pieces_of_a_word():
    assert _pieces("adele") == ["=adele", "<ad", "<ade", "ade", "adel", "del", "dele", "ele", "ele>", "le>"]
    assert _pieces("") == ["="]
    assert _pieces("a") == ["=a", "<a>"]
    assert len(_pieces("x" * 300)) == PIECES
    vocabulary = Vocabulary(1024)
    numbers = vocabulary.numbers(["a b", "b a", ""])
    assert numbers == [[0, 1], [1, 0], [2]]
    assert (vocabulary.pieces[:, 0] > 0).all() and vocabulary.pieces.max() < 1024
    assert (vocabulary.pieces[0] > 0).sum() == 2


@pytest.mark.parametrize("wrong", [{"pieces": 1}, {"scale": 0.0}, {"scale": None}, {"shift": "x"}, {"buckets": []}])
def test_a_file_with_settings_that_do_not_fit_is_no_model(wrong, tmp_path):
    trainer = Trainer(PairReader(1024).vocabulary, TINY)
    with pytest.raises(ModelError, match="m.onnx"):
        Detector.load(model(trainer, tmp_path / "m.onnx", **wrong))


class Corpus:
    """Pairs of the samples: of some domains to learn from, of others to ask about."""

    def __init__(self, vocabulary, domains, count, seed):
        maker, self.texts = PairMaker(seed), []
        for records in read([str(ANNOTATED)], {"text": str, **annotations.SCHEMA}):
            for index, text in enumerate(records.column("text")):
                domain, intent = records.column("domain")[index], records.column("intent")[index]
                if domain in domains:
                    maker.add(domain, intent, text, annotations.slots(records, index))
        made = list(maker.pairs(count, 0.5, {"same-structure": 1, "other-intent": 1, "random": 1}))
        self.texts = [pair.text for pair in made], [pair.other for pair in made]
        self.label = np.array([pair.label for pair in made], np.int8)
        sides = ([np.array(row, np.int32) for row in vocabulary.numbers(side)] for side in self.texts)
        self.pairs = Pairs(*sides, self.label)


SMALL = Settings(buckets=4096, embedding=24, hidden=24, dimensions=24, epochs=6, batch=32, rate=0.01, threads=1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    vocabulary = Vocabulary(SMALL.buckets)
    train, dev = (Corpus(vocabulary, {"music", "weather", "shopping"}, *each) for each in ((1200, 1), (400, 2)))
    trainer, said = Trainer(vocabulary, SMALL), []
    before = trainer.similarities(dev.pairs)
    trainer.fit(train.pairs, dev.pairs, said.append, lambda _message: None)
    scale, shift, found = trainer.calibrated(dev.pairs)
    path = model(trainer, tmp_path_factory.mktemp("trained") / "m.onnx", scale=scale, shift=shift)
    return trainer, dev, before, found, said, Detector.load(path)


def test_training_learns(trained):
    trainer, dev, before, found, said, _ = trained
    after, truth = trainer.similarities(dev.pairs), dev.label > 0
    assert auc(before[truth], before[~truth]) < 0.65
    assert auc(after[truth], after[~truth]) > 0.85
    assert found.auc > 0.85 and found.accuracy > 0.75 and found.error < 0.15
    assert 1 <= len(said) <= SMALL.epochs


def test_the_best_epoch_is_kept(trained):
    trainer, dev, _, _, said, _ = trained
    after, truth = trainer.similarities(dev.pairs), dev.label > 0
    told = [float(line.partition("dev AUC ")[2].partition(",")[0]) for line in said]
    assert auc(after[truth], after[~truth]) == pytest.approx(max(told), abs=1e-4)


def test_the_file_tells_paraphrases(trained):
    _, dev, _, _, _, detector = trained
    one, other = (detector.vectors(texts).astype(np.int64) for texts in dev.texts)
    probability = detector.probability((one * other).sum(axis=1))
    truth = dev.label > 0
    assert auc(probability[truth], probability[~truth]) > 0.85
    assert probability[truth].mean() > probability[~truth].mean() + 0.4
    assert calibration_error(probability, truth) < 0.1


def test_the_same_training_makes_the_same_model():
    def made(seed):
        vocabulary = Vocabulary(TINY.buckets)
        pairs = Corpus(vocabulary, {"music"}, 100, 1).pairs
        trainer = Trainer(vocabulary, TINY._replace(seed=seed))
        trainer.fit(pairs, pairs, lambda _said: None, lambda _shown: None)
        return to_onnx(trainer)

    one, again, other = map(made, (1, 1, 2))
    assert one == again != other


def test_calibration_error():
    truth = np.array([0, 1] * 500)
    assert calibration_error(np.full(1000, 0.5), truth) == pytest.approx(0)
    assert calibration_error(np.full(1000, 0.9), truth) == pytest.approx(0.4)
    assert calibration_error(truth.astype(float), truth) == 0
    assert calibration_error(1.0 - truth, truth) == 1
    # half of them 0.2 too high, half 0.1 too low: bins do not make up for one another
    assert calibration_error(np.repeat([0.7, 0.4], 500), truth) == pytest.approx(0.15)
    draw = np.random.default_rng(2)
    probability = draw.random(100_000)
    assert calibration_error(probability, draw.random(100_000) < probability) < 0.01


def test_auc_counts_pairs_in_the_right_order():
    draw = np.random.default_rng(3)
    high, low = draw.integers(0, 9, 60).astype(float), draw.integers(-3, 6, 50).astype(float)
    expected = np.mean([(one > other) + (one == other) / 2 for one in high for other in low])
    assert auc(high, low) == pytest.approx(expected)


@pytest.mark.parametrize("scale, shift", [(8.0, -4.0), (2.0, 1.0), (15.0, 0.0)])
def test_calibration_finds_the_logistic_function(scale, shift):
    draw = np.random.default_rng(4)
    similarity = draw.uniform(-1, 1, 100_000)
    label = (draw.random(100_000) < 1 / (1 + np.exp(-(scale * similarity + shift)))).astype(np.int8)
    assert calibrate(similarity, label) == pytest.approx((scale, shift), rel=0.05, abs=0.05)


def test_probability_rises_even_where_similarity_misleads():
    similarity = np.linspace(-1, 1, 100)
    assert calibrate(similarity, (similarity < 0).astype(np.int8))[0] > 0
    scale, shift = calibrate(similarity, (similarity > 0.2).astype(np.int8))  # told apart without a fault
    assert np.isfinite([scale, shift]).all() and 1 / (1 + np.exp(-(scale + shift))) > 0.99


def test_labels_that_take_turns_are_calibrated_and_asked_about_alike():
    vocabulary = Vocabulary(TINY.buckets)
    corpus = Corpus(vocabulary, {"music"}, 200, 1)
    high, low = (np.flatnonzero(corpus.label == label)[:40] for label in (1, 0))
    order = np.stack([high, low], axis=1).ravel()
    pairs = Pairs(*([side[index] for index in order] for side in corpus.pairs[:2]), corpus.label[order])
    scale, shift, found = Trainer(vocabulary, TINY).calibrated(pairs)
    assert np.isfinite([scale, shift, *found]).all() and 0 < found.auc < 1
