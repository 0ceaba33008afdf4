"""Emissions recognised: the search against trying everything, its settings, several models, and the samples."""

import gzip
import itertools
import json
from math import log
from pathlib import Path

import numpy as np
import pytest

from datasel.errors import DataError, ModelError
from datasel.lm.query import Scorer
from datasel.records.streams import Block
from datasel.speech import lexicon
from datasel.speech.decoding import Decoder, Settings
from datasel.speech.emissions import Emissions, inline, load, pack
from datasel.speech.recognition import recognised, tuned
from datasel.speech.targets import read_lexicon

SAMPLES = Path(__file__).parent.parent / "examples" / "samples"
TOKENS = ("-", "sil", "a", "b", "c")
ENTRIES = [("ab", ("a", "b")), ("ba", ("b", "a")), ("b", ("b",)), ("cac", ("c", "a", "c")), ("b", ("c", "b"))]
EXACT = Settings(0.7, 0.3, 0.0, 100_000, len(TOKENS), 1e9)
ARPA = """\\data\\
ngram 1=7
ngram 2=4

\\1-grams:
-2\t<unk>
-99\t<s>\t-0.3
-1\t</s>
-0.7\tab\t-0.2
-0.9\tba\t-0.1
-0.6\tb\t-0.4
-1.1\tcac\t-0.2

\\2-grams:
-0.2\t<s> ab
-0.3\tab b
-0.4\tb </s>
-0.5\tcac ba

\\end\\
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("lm") / "tiny.arpa"
    path.write_text(ARPA)
    return str(path)


def random_emissions(seed, frames=7):
    logits = np.random.default_rng(seed).normal(0, 2, (frames, len(TOKENS)))
    return Emissions((logits - np.log(np.exp(logits).sum(1, keepdims=True))).astype(np.float32), TOKENS, 0, 1, 50.0)


def best_path(log_probs, some, gaps):
    """ln p of the best path that says pronunciations, with blank or silence around them where ``gaps`` says so.

    A token lasts as long as it likes, with blank after it if it likes, but for the last of a word without a gap.
    """
    rest = log_probs[:, :2].max(1)  # blank or silence
    states, before = [], []  # the emissions of a state, and whether it lasts; the states that may stand before it

    def add(emitted, lasts, *previous):
        states.append((emitted, lasts))
        before.append([*previous, *([len(states) - 1] if lasts else [])])
        return len(states) - 1

    ends = [add(rest, True)] if gaps[0] else [-1]  # -1: the beginning
    for tokens, gap in zip(some, gaps[1:]):
        for place, token in enumerate(tokens):
            last = place == len(tokens) - 1
            if place and token == tokens[place - 1]:
                ends = ends[1:]  # blank alone may stand between two that are alike
            here = add(log_probs[:, TOKENS.index(token)], not last or bool(gap), *ends)
            ends = [here] if last else [here, add(log_probs[:, 0], True, here)]
        if gap:
            ends = [add(rest, True, *ends)]
    scores = np.full(len(states), -np.inf)
    for frame in range(len(log_probs)):
        new = np.full(len(states), -np.inf)
        for place, (emitted, _) in enumerate(states):
            if frame == 0:
                reached = 0.0 if -1 in before[place] or (place == 0 and gaps[0]) else -np.inf
            else:
                reached = max((scores[each] for each in before[place] if each >= 0), default=-np.inf)
            new[place] = reached + emitted[frame]
        scores = new
    return scores[ends[0]] if ends[0] >= 0 else -np.inf


def everything(emissions, model, settings, entries=ENTRIES):
    """The best score of each text of up to three words, all pronunciations and gaps tried."""
    scorer, found = Scorer(model), {}
    log_probs = emissions.log_probs.astype(float)
    for count in range(4):
        for some in itertools.product(entries, repeat=count):
            text = " ".join(word for word, _ in some)
            lm = scorer.log10([text.encode()])[0] * log(10)
            for gaps in itertools.product((0, 1), repeat=count + 1):
                tokens = [said for _, said in some]
                # the same token twice needs something between
                if any(a[-1] == b[0] and not gap for a, b, gap in zip(tokens, tokens[1:], gaps[1:])):
                    continue
                score = best_path(log_probs, tokens, gaps)
                score += settings.lm_weight * lm + settings.word_score * count
                found[text] = max(found.get(text, -np.inf), score)
    return sorted(found.items(), key=lambda item: -item[1])


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_what_trying_everything_finds(model, seed):
    emissions = random_emissions(seed)
    heard = Decoder(ENTRIES, model, EXACT).heard(emissions, 3)
    wanted = everything(emissions, model, EXACT)
    assert heard[0].text == wanted[0][0]
    for each, (_, score) in zip(heard[:1], wanted):
        words = len(each.text.split())
        found = each.am_score + EXACT.lm_weight * each.lm_score + EXACT.word_score * words
        assert found == pytest.approx(score, abs=2e-3)
        assert each.lm_score == pytest.approx(Scorer(model).log10([each.text.encode()])[0] * log(10), abs=1e-3)


def test_lists_hold_different_texts_the_best_first(model):
    heard = Decoder(ENTRIES, model, EXACT).heard(random_emissions(3), 5)
    scores = [each.am_score + 0.7 * each.lm_score + 0.3 * len(each.text.split()) for each in heard]
    assert len({each.text for each in heard}) == len(heard) == 5
    assert scores == sorted(scores, reverse=True)


def test_words_that_the_model_does_not_know_are_not_heard(model):
    decoder = Decoder([*ENTRIES, ("new", ("a",)), ("<unk>", ("b",))], model, EXACT)
    assert {word for word, _ in decoder.known} == {"ab", "ba", "b", "cac"}
    texts = {each.text for seed in range(20) for each in decoder.heard(random_emissions(seed), 5)}
    assert not any("new" in text or "unk" in text for text in texts)
    with pytest.raises(DataError, match="no word of the lexicon"):
        _ = Decoder([("new", ("a",))], model, EXACT).known


def test_of_words_that_sound_the_same_the_six_likeliest_are_heard(tmp_path):
    words = [f"w{n}" for n in range(9)]
    lines = "".join(f"-{n + 1}\tw{n}\n" for n in range(9))
    path = tmp_path / "alike.arpa"
    unigrams = f"-9\t<unk>\n-99\t<s>\n-1\t</s>\n{lines}"
    path.write_text(f"\\data\\\nngram 1=12\nngram 2=1\n\n\\1-grams:\n{unigrams}\n\\2-grams:\n-1\tw0 w1\n\n\\end\\\n")
    entries = [(word, ("a",)) for word in reversed(words)]
    decoder = Decoder(entries, str(path), EXACT._replace(beam=1000))
    heard = decoder.heard(spoken("w0", entries, TOKENS), 100)
    assert {each.text for each in heard if len(each.text.split()) == 1} == {f"w{n}" for n in range(6)}
    assert decoder.unheard == 3


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    """A model that finds b, bi and bo equally probable alone, and entries where they sound the same."""
    path = tmp_path_factory.mktemp("lm") / "alike.arpa"
    more = ARPA.replace("ngram 1=7", "ngram 1=9").replace("ngram 2=4", "ngram 2=7")
    more = more.replace("-1.1\tcac", "-0.6\tbi\t-0.4\n-0.6\tbo\t-0.4\n-1.1\tcac")
    path.write_text(more.replace("-0.4\tb </s>\n", "-0.01\tba bo\n-0.1\tbi ab\n-0.4\tb </s>\n-0.4\tbo </s>\n"))
    return str(path), [*ENTRIES, ("bi", ("b",)), ("bo", ("b",)), ("bo", ("c", "b"))]


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 12))])
def test_of_words_that_sound_the_same_and_are_as_probable_the_context_decides(alike, seed):
    model, entries = alike
    emissions = random_emissions(seed)
    decoder = Decoder(entries, model, EXACT)
    heard, wanted = decoder.heard(emissions, 4), everything(emissions, model, EXACT, entries)
    best = heard[0].am_score + 0.7 * heard[0].lm_score + 0.3 * len(heard[0].text.split())
    assert best == pytest.approx(wanted[0][1], abs=2e-3)
    assert heard[0].text in [text for text, score in wanted if score > best - 2e-3]
    assert decoder.unheard == 0
    for each in heard:
        assert each.lm_score == pytest.approx(Scorer(model).log10([each.text.encode()])[0] * log(10), abs=1e-3)


@pytest.mark.parametrize("beam", [20, pytest.param(EXACT.beam, marks=pytest.mark.slow)])
def test_an_equal_word_is_heard_where_its_context_has_it(alike, beam):
    model, entries = alike
    decoder = Decoder(entries, model, EXACT._replace(beam=beam), Decoder(entries, model, EXACT))
    assert decoder.heard(spoken("ba b", entries, TOKENS), 1)[0].text == "ba bo"
    assert decoder.heard(spoken("b ab", entries, TOKENS), 1)[0].text == "bi ab"


def test_tokens_that_differ_are_errors(model):
    with pytest.raises(ValueError, match="the lexicon has the token 'z' \\(in 'ab'\\), the emissions do not"):
        Decoder([("ab", ("a", "z"))], model, EXACT).heard(random_emissions(1), 1)
    decoder = Decoder(ENTRIES, model, EXACT)
    decoder.heard(random_emissions(1), 1)
    with pytest.raises(ValueError, match="other tokens than those before"):
        decoder.heard(random_emissions(1)._replace(silence=2), 1)


def test_no_frames_say_nothing(model):
    empty = random_emissions(1)._replace(log_probs=np.zeros((0, len(TOKENS)), np.float32))
    (heard,) = Decoder(ENTRIES, model, EXACT).heard(empty, 2)
    assert heard == ("", 0.0, pytest.approx(-1.3 * log(10), abs=1e-4))


def spoken(text, entries, tokens):
    """Emissions that say a text clearly: two frames a token of nine tenths, blank after each."""
    said = dict(reversed(entries))
    row = ["sil"]
    for word in text.split():
        row += [*said[word], "sil"]
    states = [state for token in row for state in (token, token, "-")]
    rest = 0.1 / (len(tokens) - 1)
    probabilities = np.array([[0.9 if token == state else rest for token in tokens] for state in states])
    return Emissions(np.log(probabilities).astype(np.float16), tuple(tokens), 0, 1, 50.0)


def records(texts, entries=ENTRIES, tokens=TOKENS):
    lines = [
        json.dumps({"id": f"s{n}", "reference": text, "emissions": inline(pack(spoken(text, entries, tokens)))})
        for n, text in enumerate(texts)
    ]
    return [Block("f", n + 1, line.encode() + b"\n") for n, line in enumerate(lines)]


TEXTS = ["ab b", "cac ba", "b ba ab", "", "ba"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_models_hear_every_record_whatever_the_jobs(model, jobs):
    some = EXACT._replace(beam=100)
    decoders = {"one": Decoder(ENTRIES, model, some), "two": Decoder(ENTRIES, model, some._replace(lm_weight=0.0))}
    found = recognised(records(TEXTS), decoders, 2, (), "reference", jobs, lambda _: None)
    assert [each.texts[0] for each in found.references] == TEXTS
    for name in decoders:
        assert [each.texts[0] for each in found.hypotheses[name]] == TEXTS
        assert [each.name for each in found.hypotheses[name]] == ["s0", "s1", "s2", "s3", "s4"]
    assert found.seconds == pytest.approx(found.frames / 50)


def test_bad_emissions_are_named_by_their_place(model):
    blocks = [*records(["b"]), Block("f", 2, b'{"emissions":"npz;base64,AAAA"}\n')]
    with pytest.raises(DataError, match="f:2: no emissions: truncated"):
        recognised(blocks, {"": Decoder(ENTRIES, model, EXACT)}, 1, (), None, 1, lambda _: None)


def test_tuning_finds_settings_that_hear_more(model):
    """The model is against 'ba', which is said; a lower weight lets it be heard."""
    quiet = [spoken("ba", ENTRIES, TOKENS)] * 3
    blocks = []
    for n, each in enumerate(quiet):
        dull = np.log(np.exp(each.log_probs.astype(float)) ** 0.3)
        dull -= np.log(np.exp(dull).sum(1, keepdims=True))
        value = inline(pack(each._replace(log_probs=dull.astype(np.float32))))
        blocks.append(Block("f", n + 1, json.dumps({"reference": "ba", "emissions": value}).encode() + b"\n"))
    start = Decoder(ENTRIES, model, EXACT._replace(lm_weight=1.2, word_score=-1.0))
    assert start.heard(load(json.loads(blocks[0].data)["emissions"]), 1)[0].text != "ba"
    told = []
    trial = tuned(blocks, start, "reference", 1, told.append, lambda _: None)
    assert trial.wer == 0
    assert trial.settings.lm_weight < 1.2 or trial.settings.word_score != -1.0
    assert len(told) == 13


def test_the_sample_emissions_say_their_references():
    entries = lexicon.entries(str(SAMPLES / "spoken.lexicon"))
    tokens = ["-", "sil", *sorted({token for _, said in entries for token in said})]
    lines = [json.loads(line) for line in (SAMPLES / "spoken.jsonl").read_text().splitlines()]
    assert len(lines) == 4
    for record in lines:
        wanted = spoken(record["reference"], entries, tokens)
        found = load(record["emissions"])
        assert found[1:] == wanted[1:]
        assert np.array_equal(found.log_probs, wanted.log_probs)


def test_a_word_has_every_pronunciation_once_and_a_target_the_first(tmp_path):
    path = tmp_path / "some.lexicon"
    path.write_text("ab\ta b\nc\tc\nab\tb a\nab\ta  b\n")
    found = lexicon.read(str(path))
    assert found == {"ab": [("a", "b"), ("b", "a")], "c": [("c",)]}
    assert lexicon.entries(str(path)) == [("ab", ("a", "b")), ("ab", ("b", "a")), ("c", ("c",))]
    assert lexicon.written(found) == b"ab\ta b\nab\tb a\nc\tc\n"
    assert read_lexicon(str(path)) == {"ab": ("a", "b"), "c": ("c",)}


@pytest.mark.parametrize("line", ["word", "word\t", "\ta b", "word a b"])
def test_lines_of_another_form_are_named(tmp_path, line):
    path = tmp_path / "bad.lexicon"
    path.write_text(f"ab\ta b\n{line}\n")
    with pytest.raises(DataError, match="bad.lexicon:2: not WORD<TAB>TOKEN"):
        lexicon.read(str(path))


@pytest.mark.parametrize("form", [gzip.compress, lambda content: b"\xef\xbb\xbf" + content])
def test_a_model_in_another_form_is_the_same_model(form, model, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(form(Path(model).read_bytes()))
    emissions = random_emissions(5)
    assert Decoder(ENTRIES, str(other), EXACT).heard(emissions, 5) == Decoder(ENTRIES, model, EXACT).heard(emissions, 5)


def test_a_model_of_single_words_is_heard_with_and_one_of_order_seven_is_refused(tmp_path):
    words = {word for word, _ in ENTRIES}
    unigrams = ["-2\t<unk>", "-99\t<s>", "-0.5\t</s>", *(f"-0.7\t{word}" for word in sorted(words))]
    for order in (1, 7):
        counts = "".join(f"ngram {n}={len(unigrams) if n == 1 else 0}\n" for n in range(1, order + 1))
        rest = "".join(f"\\{n}-grams:\n\n" for n in range(2, order + 1))
        lines = "".join(line + "\n" for line in unigrams)
        (tmp_path / str(order)).write_text(f"\\data\\\n{counts}\n\\1-grams:\n{lines}\n{rest}\\end\\\n")
    (best, *_) = Decoder(ENTRIES, str(tmp_path / "1"), EXACT).heard(random_emissions(2), 1)
    said = len(best.text.split())
    assert best.lm_score == pytest.approx((-0.7 * said - 0.5) * np.log(10), abs=1e-3)
    with pytest.raises(ModelError, match="7: of a higher order than 6"):
        Decoder(ENTRIES, str(tmp_path / "7"), EXACT).heard(random_emissions(2), 1)


def test_tokens_that_cannot_be_have_scores_that_are_numbers(model):
    """ln 0 in every frame but for one token."""
    said = [2, 2, 3, 0, 3, 2]
    with np.errstate(divide="ignore"):
        log_probs = np.log(np.eye(len(TOKENS), dtype=np.float32)[said])
    for settings in (EXACT, Settings()):
        (heard,) = Decoder(ENTRIES, model, settings).heard(Emissions(log_probs, TOKENS, 0, 1, 50.0), 1)
        assert heard.text == "ab ba"
        assert heard.am_score == 0
    (heard,) = Decoder([("cac", ("c", "a", "c"))], model, Settings()).heard(
        Emissions(log_probs, TOKENS, 0, 1, 50.0), 1
    )
    assert -1e6 < heard.am_score < -1e4


def test_utterances_without_end_are_errors(model):
    few = np.full((1, len(TOKENS)), -np.log(len(TOKENS)), np.float32)
    with pytest.raises(ValueError, match="100,001 frames, more than 100,000"):
        Decoder(ENTRIES, model, Settings()).heard(Emissions(np.repeat(few, 100_001, 0), TOKENS, 0, 1, 50.0), 1)
