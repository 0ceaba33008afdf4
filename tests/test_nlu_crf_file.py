"""Models of CRFsuite that are damaged."""

import random
import signal
import struct

import pytest

from datasel.nlu import crf_file
from datasel.nlu.slots import UNSEEN, Slot, Tagger, train_crf
from datasel.records.parallel import run_apart

TEXTS = ["play fado", "play some jazz now", "जैज़ play", "stop", "fado and jazz, please"]
HEAD = struct.Struct("<4sI4s9I")


@pytest.fixture(scope="module")
def model():
    spans = [("play fado", 5, 9), ("play some jazz", 10, 14), ("stop", 0, 0), ("some fado now", 5, 9)]
    texts = [(text, [Slot("genre", text[a:b], a, b)] if b else [], UNSEEN, 3) for text, a, b in spans]
    return train_crf(texts, c1=0.1, c2=0.01, iterations=20)


def places(model):
    """Where features, names of labels and of attributes, and their lists of features begin."""
    return HEAD.unpack_from(model)[7:]


def with_number(model, place, number):
    return model[:place] + struct.pack("<I", number) + model[place + 4 :]


def test_a_sound_model_is_taken(model):
    crf_file.check(model)
    assert Tagger(model).tag("play jazz")[0] == [Slot("genre", "jazz", 5, 9)]


def damaged(model):
    features, labels, attributes, label_refs, attribute_refs = places(model)
    yield "cut", model[:-1]
    yield "longer", model + b"\0"
    yield "no head", model[:20]
    yield "another version", with_number(model, 12, 101)
    yield "more labels", with_number(model, 20, 99)
    yield "more attributes", with_number(model, 24, 1 << 30)
    for number in range(5):
        yield f"an offset outside {number}", with_number(model, 28 + 4 * number, len(model) - 2)
        yield f"an offset to elsewhere {number}", with_number(model, 28 + 4 * number, 52)
    yield "a label outside", with_number(model, features + 12 + 8, 77)
    yield "more features", with_number(model, features + 8, 1 << 28)
    nothing = struct.pack("<d", float("nan"))
    yield "a weight that is no number", model[: features + 24] + nothing + model[features + 32 :]
    for place in (label_refs, attribute_refs):
        first = struct.unpack_from("<I", model, place + 12)[0]
        yield f"a list outside {place}", with_number(model, place + 12, len(model))
        yield f"a list too long {place}", with_number(model, first, 1 << 29)
        yield f"a feature outside {place}", with_number(model, first + 4, 1 << 20)
    for place in (labels, attributes):
        tables = struct.unpack_from("<512I", model, place + 24)
        start, slots = next(pair for pair in zip(tables[::2], tables[1::2]) if pair[1])
        table = place + start
        used = next(table + 8 * n for n in range(slots) if struct.unpack_from("<I", model, table + 8 * n + 4)[0])
        record = place + struct.unpack_from("<I", model, used + 4)[0]
        full = model
        for n in range(slots):
            full = with_number(full, table + 8 * n + 4, record - place)
        yield f"no free slot {place}", full
        yield f"a record outside {place}", with_number(model, used + 4, len(model))
        yield f"a number outside {place}", with_number(model, record, 1 << 20)
        yield f"a name without an end {place}", with_number(model, record + 4, 1)
        yield f"a table outside {place}", with_number(model, place + 24 + 8 * tables[::2].index(start), len(model))


def test_what_is_damaged_is_refused(model):
    for what, data in damaged(model):
        with pytest.raises((ValueError, IndexError, struct.error)):
            crf_file.check(data)
            pytest.fail(what)


def test_labels_are_ours(model):
    with pytest.raises(ValueError):
        crf_file.check(model.replace(b"B-genre\0", b"X-genre\0"))
    with pytest.raises(ValueError):  # found by its hash no more
        Tagger(model.replace(b"B-genre\0", b"B-genra\0"))


def test_no_damage_is_a_crash_or_without_end(model):
    draw = random.Random(1)

    def work():
        signal.alarm(120)
        for _ in range(400):
            data = bytearray(model)
            for _ in range(draw.choice((1, 1, 3))):
                place = draw.randrange(len(data) - 4)
                data[place : place + 4] = struct.pack("<I", draw.choice((0, 1, 1 << 31, draw.randrange(len(data)))))
            try:
                tagger = Tagger(bytes(data))
            except ValueError:
                continue
            for text in TEXTS:
                tagger.tag(text)

    run_apart(work, "crashed")
