"""Training and translating: what is learned, that the file computes it, that a killed run goes on, n-best lists."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from peaks import peak

from datasel.errors import DataError, ModelError
from datasel.records.folder import FolderSink, members, packed, unpacked
from datasel.translation import model as models
from datasel.translation.checkpoint import Checkpoint, sum_of
from datasel.translation.decoding import Decoder, Hypothesis, oddities
from datasel.translation.export import exported
from datasel.translation.fitting import precision_for
from datasel.translation.nbest import as_moses
from datasel.translation.network import BEGIN, END, PAD, Shape, transformer
from datasel.translation.pairs import Pairs, batches
from datasel.translation.pieces import Pieces, learned, words
from datasel.translation.training import Settings, Trainer

# A language of its own: every word has one translation, in the same order.
WORDS = ["play", "stop", "the", "music", "light", "turn", "on", "off", "kitchen", "please", "now", "alarm"]
DICTIONARY = dict(zip(WORDS, ["चला", "रोक", "वह", "संगीत", "बत्ती", "कर", "चालू", "बंद", "रसोई", "कृपया", "अभी", "अलार्म"]))
SETTINGS = Settings(
    epochs=50, updates=None, batch=256, rate=5e-3, warm_up=30, smoothing=0.1, guide=0.0, every=None, patience=60,
    precision="f32", threads=1, seed=1,
)  # fmt: skip


def sentence(draw) -> tuple[str, str]:
    chosen = [WORDS[n] for n in draw.integers(len(WORDS), size=draw.integers(1, 6))]
    return " ".join(chosen), " ".join(DICTIONARY[word] for word in chosen)


TEXTS = [sentence(draw) for draw in [np.random.Generator(np.random.PCG64(7))] for _ in range(400)]
DEV = TEXTS[:40]


@pytest.fixture(autouse=True, scope="module")
def _deterministic():
    """What a Trainer switches on is switched off after these tests."""
    threads = torch.get_num_threads()
    yield
    torch.use_deterministic_algorithms(False)
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def pieces():
    return Pieces(learned((text for pair in TEXTS for text in pair), 80))


def made(pieces):
    return Pairs.of(TEXTS[40:], pieces, 50)


def trainer_of(pieces, **changes):
    shape = Shape(len(pieces.names), 32, 64, 2, 1, 1, 0.0)
    return Trainer(shape, SETTINGS._replace(**changes), pieces, None)


@pytest.fixture(scope="module")
def trained(pieces):
    trainer = trainer_of(pieces)
    trainer.fit(made(pieces), DEV, lambda _: None, lambda _: None, lambda _: None)
    return trainer


@pytest.fixture(scope="module")
def path(trained, tmp_path_factory):
    """The trained model's file."""
    network = exported(trained.shape, trained.best(), trained.pieces.names)
    text = learned((text for pair in TEXTS for text in pair), 80)
    place = tmp_path_factory.mktemp("model") / "m.tar"
    facts = {"shape": trained.shape._asdict()}
    place.write_bytes(packed(models.pack("made by a test", facts, network, [text], trained.best())))
    return str(place)


def decoder(path, n=3, beam=None, **more):
    options = {"length_penalty": 1.0, "batch_tokens": 2048, "longest": 100, **more}
    return Decoder(models.Model(path), n, beam or n, **options)


# -- pieces and pairs --------------------------------------------------------------------------------------------


def test_words_are_between_ascii_white_space():
    assert words(" a\u00a0b \t c\u2028d\n") == ["a\u00a0b", "c\u2028d"]
    assert words("a\u2581b") == ["a_b"]
    assert words("") == []


def test_pieces_give_the_text_back(pieces):
    for source, target in TEXTS[:50]:
        assert pieces.texts(pieces.tokens([source, target])) == [source, target]
    assert pieces.texts(pieces.tokens(["  play\tmusic ", ""])) == ["play music", ""]
    blanks = ["<s>", "hin_Deva", "\u2581play", "</s>", "<pad>", "\u2581", "\u2581", "\u2581stop", "\u2581"]
    assert pieces.texts([blanks]) == ["play stop"]
    for text in ("play the music", "unknown zebra ज़", "x\u2581y z"):
        (names,), (numbers,) = pieces.tokens([text]), pieces.numbers([text])
        assert len(names) == len(numbers)
        apart = [name for word in words(text) for name in pieces.tokens([word])[0]]
        assert apart == names  # no piece is of two words


def test_symbols_are_whole_pieces_wherever_they_stand():
    of_symbols = Pieces(learned((text for pair in TEXTS for text in pair), 80, ["[e1]", "<bt>"]))
    assert of_symbols.whole("[e1]") and of_symbols.whole("<bt>") and not of_symbols.whole("[e2]")
    (names,) = of_symbols.tokens(["<bt> play [e1] now"])
    assert names[0] == "\u2581<bt>" and names.count("\u2581[e1]") == 1
    assert of_symbols.texts([names]) == ["<bt> play [e1] now"]


def test_too_small_a_vocabulary_and_no_text_are_errors():
    with pytest.raises(DataError, match="--vocabulary 10 is too small"):
        learned(["abcdefghijklmnopqrstuvwxyz" * 3], 10)
    with pytest.raises(DataError, match="SentencePiece"):
        learned(["", " "], 100)


def test_an_epoch_has_every_pair_once_and_no_batch_too_large(pieces):
    pairs = made(pieces)
    seen = []
    for batch in batches(pairs, 60, 1, 1):
        assert batch.source.size <= 60 or len(batch.source) == 1
        assert batch.wanted.size <= 60 or len(batch.wanted) == 1
        assert (batch.given[:, 0] == BEGIN).all()
        assert ((batch.wanted == END).sum(1) == 1).all()
        seen += [tuple(row[row != PAD].tolist()) for row in batch.wanted]
    assert sorted(seen) == sorted((*row.tolist(), END) for row in pairs.targets)


def test_batches_depend_on_seed_and_epoch_alone(pieces):
    pairs = made(pieces)
    first, again = ([b.source.tobytes() for b in batches(pairs, 60, 1, 1)] for _ in range(2))
    assert first == again
    assert first != [b.source.tobytes() for b in batches(pairs, 60, 1, 2)]
    assert first != [b.source.tobytes() for b in batches(pairs, 60, 2, 1)]


LINKED = ["stop", "रोक", "play", "the", "kitchens", "रसोईरोक", "चला", "वह"]


def test_links_of_words_guide_their_pieces(pieces):
    """Each piece of a word has equal shares of the pieces of the words it is linked with, or else the source's end."""
    texts = [("stop", "रोक"), ("", "चला"), ("play the kitchens", "रसोईरोक चला वह")]
    assert all(len(each) > 1 for each in pieces.tokens(["kitchens", "रसोईरोक"]))
    aligned = [np.array(links, int).reshape(-1, 2) for links in ([], [], [[0, 1], [2, 0], [1, 1]])]
    pairs = Pairs.of(texts, pieces, 50, aligned)
    (batch,) = batches(pairs, 500, 1, 1)
    lengths = {word: len(found) for word, found in zip(LINKED, pieces.tokens(LINKED))}
    long = int((batch.source != PAD).sum(1).argmax())
    s, t = (np.cumsum([0] + [lengths[word] for word in words(text)]) for text in texts[2])
    wanted = np.zeros((t[-1] + 1, s[-1] + 1))
    wanted[t[0] : t[1], s[2] : s[3]] = 1 / (s[3] - s[2])  # रसोईरोक of kitchens
    wanted[t[1] : t[2], list(range(s[0], s[2]))] = 1 / (s[2] - s[0])  # चला of both other words
    wanted[t[2] :, s[-1]] = 1  # वह of none, and the end
    assert np.allclose(batch.guide[long], wanted)
    assert (batch.guide[1 - long, : lengths["रोक"], lengths["stop"]] == 1).all()
    assert next(batches(Pairs.of(texts, pieces, 50), 500, 1, 1)).guide is None


def test_empty_and_long_pairs_are_left_out(pieces):
    assert len(Pairs.of([("play", ""), ("", "चला"), ("play", "चला"), ("play " * 60, "चला")], pieces, 50).sources) == 1
    assert Pairs.of([], pieces, 50).sources == []


# -- training ----------------------------------------------------------------------------------------------------


def test_the_language_is_learned(trained):
    assert trained.looks[-1].chrf > 90
    assert trained.looks[-1].loss < trained.looks[0].loss / 3


def test_a_guided_head_looks_where_the_alignment_says(pieces):
    """Even where that is the wrong way round: what is learned of looking is the alignment's."""
    texts = [pair for pair in TEXTS if len(words(pair[0])) == 3]
    backwards = Pairs.of(texts, pieces, 50, [np.array([[0, 2], [1, 1], [2, 0]])] * len(texts))
    looks = {}
    for guide in (0.0, 1.0):
        trainer = trainer_of(pieces, guide=guide, every=1000)
        trainer.fit(backwards, DEV[:2], lambda _: None, lambda _: None, lambda _: None)
        trainer.network.eval()
        right = []
        for batch in batches(backwards, 500, 1, 1):
            _, scores = trainer.network(*map(torch.from_numpy, batch[:2]))
            there = batch.wanted != PAD
            right.append(batch.guide[there][np.arange(there.sum()), scores.detach().numpy().argmax(-1)[there]] > 0)
        looks[guide] = np.concatenate(right).mean()
    assert looks[1.0] > 0.9 > 0.6 > looks[0.0]


def test_the_file_computes_what_was_trained(trained, path):
    """In eight bits: nearly."""
    network = transformer(trained.shape)
    network.load_state_dict({name: torch.from_numpy(array) for name, array in trained.best().items()})
    network.eval()
    opened = models.Model(path)
    translator, names = opened.translator(), opened.pieces.names
    off = []
    for source, target in DEV:
        s, t = opened.pieces.numbers([source, target])
        vectors, _ = network(torch.tensor([[*s, END]]), torch.tensor([[BEGIN, *t]]))
        exact = (vectors @ network.table.weight.T).log_softmax(-1)[0].gather(1, torch.tensor([*t, END])[:, None])[:, 0]
        (score,) = translator.score_batch([[names[n] for n in s]], [[names[n] for n in t]])
        off.append(np.abs(exact.detach().numpy() - score.log_probs).mean())
    assert np.mean(off) < 0.03


@pytest.mark.parametrize("wanted, has, used", [
    ("auto", {"avx2": True, "avx512_bf16": False}, "f32"), ("auto", {"amx_bf16": True}, "bf16"),
    ("bf16", {}, "bf16"), ("f32", {"avx512_bf16": True}, "f32"),
])  # fmt: skip
def test_products_are_in_bf16_where_the_processor_has_it(monkeypatch, wanted, has, used):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: has, raising=False)
    assert precision_for(wanted) == used


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.9])
@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_dropout_drops_its_share_and_keeps_the_mean(rate, kind):
    drop = transformer(Shape(4, 8, 8, 2, 1, 1, rate)).drop.train()
    torch.manual_seed(1)
    ones = torch.ones(501, 203, dtype=kind, requires_grad=True)
    dropped = drop(ones)
    dropped.sum().backward()
    assert dropped.dtype == kind and torch.equal(ones.grad, dropped)
    assert float((dropped.detach() == 0).float().mean()) == pytest.approx(rate, abs=0.005)
    assert float(dropped.detach().float().mean()) == pytest.approx(1, abs=0.02)
    assert torch.equal(drop.eval()(ones), ones)


def test_no_piece_sees_what_follows_it_nor_padding():
    torch.manual_seed(1)
    network = transformer(Shape(20, 8, 16, 2, 2, 2, 0.1)).eval()
    source, target = torch.tensor([[5, 6, END, PAD], [5, 6, END, PAD]]), torch.tensor([[BEGIN, 7, 8], [BEGIN, 7, 9]])
    with torch.no_grad():
        vectors, _ = network(source, target)
    assert torch.equal(vectors[0, :2], vectors[1, :2]) and not torch.equal(vectors[0, 2], vectors[1, 2])
    assert torch.allclose(network(source[:, :3], target)[0].detach(), vectors, atol=1e-6)


def test_a_run_that_was_ended_goes_on_as_if_it_had_not_been(pieces, tmp_path):
    pairs = made(pieces)
    changes = {"epochs": 4, "every": 7, "precision": "bf16"}

    def run(trainer, save=lambda _: None):
        trainer.fit(pairs, DEV, lambda _: None, lambda _: None, save)
        return trainer

    class Killed(Exception):
        pass

    def kill(trainer):
        place.save(trainer)
        if trainer.update == 21:
            raise Killed

    whole = run(trainer_of(pieces, **changes))
    place = Checkpoint(str(tmp_path / "state"), f"run {sum_of(pairs)}")
    with pytest.raises(Killed):
        run(trainer_of(pieces, **changes), kill)
    resumed = trainer_of(pieces, **changes)
    assert place.resume(resumed)
    assert resumed.update == 21
    run(resumed, place.save)
    assert resumed.looks == whole.looks
    assert all((whole.best()[name] == array).all() for name, array in resumed.best().items())
    assert not Checkpoint(str(tmp_path / "none"), "run").resume(trainer_of(pieces))
    with pytest.raises(DataError, match="other data or options"):
        Checkpoint(str(tmp_path / "state"), "another").resume(trainer_of(pieces))
    (tmp_path / "state" / "state.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match="damaged"):
        place.resume(trainer_of(pieces))


def test_training_ends_when_dev_stays_the_same(pieces):
    trainer = trainer_of(pieces, rate=1e-12, patience=2, epochs=50)
    trainer.fit(made(pieces), DEV, lambda _: None, lambda _: None, lambda _: None)
    assert len(trainer.looks) == 3


# -- translating -------------------------------------------------------------------------------------------------


def test_translations(path):
    found = decoder(path).translations([source for source, _ in DEV])
    right = [best[0].text == target for best, (_, target) in zip(found, DEV)]
    assert sum(right) > 34
    for best in found:
        assert [each.mt_score_per_token for each in best] == sorted((e.mt_score_per_token for e in best), reverse=True)
        assert all(each.mt_score <= 0 and each.mt_tokens > 0 for each in best)


def test_the_score_is_that_of_the_text(path):
    """What the search says, and what scoring the same pieces says."""
    translate = decoder(path)
    texts = [source for source, _ in DEV]
    for penalty in (0.0, 1.0, 0.6):
        best = [found[0] for found in decoder(path, length_penalty=penalty).translations(texts)]
        given = translate.forced(texts, [each.text for each in best])
        for one, (other,) in zip(best, given):
            assert one.mt_tokens == other.mt_tokens
            assert one.mt_score == pytest.approx(other.mt_score, abs=0.02)


def test_what_stands_beside_a_text_changes_nothing(path):
    translate = decoder(path, 4)
    texts = [source for source, _ in DEV] + ["", "zebra", "play " * 30]
    together = translate.translations(texts)
    assert together == [translate.translations([text])[0] for text in texts]
    assert together[::-1] == translate.translations(texts[::-1])
    assert together == decoder(path, 4, batch_tokens=16).translations(texts)
    forced = translate.forced(texts, [target for _, target in DEV] + ["चला", "चला", ""])
    assert forced[:5] == translate.forced(texts[:5], [target for _, target in DEV[:5]])


def test_a_text_without_words_has_one_empty_hypothesis(path):
    for text in ("", " ", "\t"):
        ((only,),) = decoder(path).translations([text])
        assert only == ("", 0.0, 0, 0.0, [])


def test_long_texts_are_translated_in_parts(path):
    text = " ".join(source for source, _ in DEV)
    translate = decoder(path, 2, longest=12)
    for found in translate.translations([text])[0]:
        assert len(found.text.split()) > len(text.split()) / 2
    word = "plst" * 500
    ((copied, _),) = translate.translations([f"play {word} now"])
    assert word in copied.text.split()


@pytest.mark.parametrize(
    "source, target, odd",
    [
        ("play it", "चला", []), ("play it", "", ["empty"]), ("", "", []), ("play", "a b c d e f g", ["length"]),
        ("play", "a b c d e f", []), ("a b c d e f g h", "a", ["length"]), ("go", "a a a", ["repetition"]),
        ("go now you", "a b a b a b", ["repetition"]), ("go go go", "a a a", []), ("go", "a a", []),
        ("ha ha ha ha", "ha ha ha ha ha", ["repetition"]), ("one", "a b c d a b c d a b c d", ["length", "repetition"]),
    ],
)  # fmt: skip
def test_oddities(source, target, odd):
    assert oddities(source.split(), target.split()) == odd


def test_moses_lines(path):
    lists = decoder(path, 2).translations(["play music", "stop"])
    lines = list(as_moses([1, 2], lists))
    assert [line.split(" ||| ")[0] for line in lines] == ["1", "1", "2", "2"]
    for line, each in zip(lines, [each for found in lists for each in found]):
        _, text, _, score = line.rstrip("\n").split(" ||| ")
        assert (text, float(score)) == (each.text, each.mt_score)


# -- models on disk ----------------------------------------------------------------------------------------------


def test_a_folder_is_the_archive_unpacked(path, tmp_path):
    archive = Path(path).read_bytes()
    for _ in range(2):  # made, and made anew
        sink = FolderSink(str(tmp_path / "model") + "/")
        sink.write(archive)
        sink.close()
        assert members(str(tmp_path / "model")) == unpacked(archive) == members(path)
        assert [each.name for each in tmp_path.iterdir()] == ["model"]
    assert decoder(str(tmp_path / "model")).translations(["play"]) == decoder(path).translations(["play"])
    (tmp_path / "model" / "model.bin").write_bytes(b"other")
    with pytest.raises(ModelError, match="damaged"):
        models.Model(str(tmp_path / "model"))


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(DataError, match="left alone"):
        FolderSink(f"{tmp_path}/")
    with pytest.raises(ModelError, match="Is a directory"):
        members(str(tmp_path))
    sink = FolderSink(f"{tmp_path}/new/")
    sink.abort()
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 2000])
def test_archives_are_whole_or_refused(size):
    files = {"datasel.json": b"{}", "ones": b"\1" * size}
    archive = packed(files)
    assert unpacked(archive) == files
    for cut in (1, 512, 700, len(archive) - 1):
        with pytest.raises((ValueError, EOFError)):
            unpacked(archive[:-cut])


@pytest.mark.parametrize(
    "some, many, each", [(300, 2000, 20_000), pytest.param(2000, 8000, 300, marks=pytest.mark.slow)]
)
def test_memory_does_not_grow_on_an_endless_stream(some, many, each, path, tmp_path):
    """New texts all the time: the peak of many is that of some."""
    def held(count):
        draw = np.random.Generator(np.random.PCG64(3))
        feed = tmp_path / f"{count}.jsonl"
        lines = [json.dumps({"text": f"{sentence(draw)[0]} n{n}", "note": "x" * each}) + "\n" for n in range(count)]
        feed.write_text("".join(lines))
        return peak("translate-nbest", "--model", path, "-n", "1", str(feed))

    assert held(many) < held(some) + 20_000 * 1024


def test_moses_has_a_line_for_each():
    found = Hypothesis("one\ntwo ||| three", -1.0, 2, -0.5, [])
    assert list(as_moses([7], [[found]])) == ["7 ||| one two | | | three ||| PerToken= -0.5 ||| -1.0\n"]
