"""The word aligner: what it learns of a language of its own, what it compares, what it refuses."""

import json

import numpy as np
import pytest
from peaks import peak

from datasel.commands import align_words
from datasel.errors import DataError, ModelError
from datasel.records import modelfile
from datasel.records.jsonl import parse
from datasel.records.streams import Block
from datasel.translation import sides
from datasel.translation.aligner import KIND, LONGEST, Forms, fitted, read

SUBJECTS = ["anna", "otto", "emil", "ida", "karl", "maya"]
VERBS = ["sees", "likes", "takes", "finds"]
THINGS = ["trees", "houses", "songs", "lamps", "books", "roads"]


def foreign(word):
    return word[::-1] + "ta"


def pair(draw):
    """A sentence, and its words in the order of another language."""
    subject, verb, thing = (some[draw.integers(len(some))] for some in (SUBJECTS, VERBS, THINGS))
    return [subject, verb, thing], [foreign(subject), foreign(thing), foreign(verb)]


DRAW = np.random.default_rng(4)
PAIRS = [pair(DRAW) for _ in range(300)]
RIGHT = [[0, 0], [1, 2], [2, 1]]


@pytest.fixture(scope="module")
def packed():
    told = []
    made = modelfile.pack(KIND, "made by a test", *fitted(PAIRS, 0, 5, 3, 1, told.append))
    assert len(told) == 30 and told[0] == "forward, round 1 of 15" and told[-1] == "backward, round 15 of 15"
    return made


@pytest.fixture(scope="module")
def path(packed, tmp_path_factory):
    place = tmp_path_factory.mktemp("model") / "a.align"
    place.write_bytes(packed)
    return str(place)


def test_the_language_is_learned(path):
    draw = np.random.default_rng(9)
    found = read(path, "intersection")([pair(draw) for _ in range(50)])
    assert sum(links == RIGHT for links in found) >= 48


HEURISTICS = next(option for option in align_words.command.params if option.name == "heuristic").type.choices


@pytest.mark.parametrize("heuristic", HEURISTICS)
def test_what_stands_beside_a_pair_changes_nothing(path, heuristic):
    align = read(path, heuristic)
    some = PAIRS[:20]
    assert align(some) == [align([each])[0] for each in some] == align(some[::-1])[::-1]


def test_what_is_unknown_is_aligned_to_its_like(path):
    (links,) = read(path, "intersection")([(["[e1]", "sees", "trees"], [foreign("trees"), "[e1]", foreign("sees")])])
    assert [0, 1] in links
    assert read(path, "union")([(["zz", "yy"], ["xx"])])  # nothing known is no error


def test_no_links_where_a_side_is_empty_or_too_long(path):
    align = read(path, "union")
    long = ["anna"] * (LONGEST + 1)
    assert align([]) == []
    found = align([([], ["x"]), (["x"], []), ([], []), (long, ["x"]), (["x"], long), PAIRS[0], (long[1:], long[1:])])
    assert found[:5] == [[]] * 5 and found[5] and found[6]


@pytest.mark.parametrize(
    "word, form",
    [
        ("Playing,", "play"), ("(जैज़)", "जैज"), ("प्ले", "प्ले"), ("चाँद", "चांद"), ("12345", "12345"), ("...", "..."),
        ("=", "='"), ("[e1]", "e1"), ("don't", "don'"), ("क्\u200dया", "क्या"),
    ],
)  # fmt: skip
def test_what_is_compared_of_a_word(word, form):
    assert Forms(4)(word) == form


def test_forms_are_not_held_without_end():
    form = Forms(4)
    for number in range(120_000):
        form(f"word{number:x}")
    assert len(form._known) <= 60_000


def test_all_letters():
    assert Forms(0)("Playing!") == "playing"


def test_nothing_to_learn_from():
    with pytest.raises(DataError, match="no pairs"):
        fitted([], 4, 1, 1, 1, print)


def test_another_seed_makes_another_model(packed):
    again = modelfile.pack(KIND, "made by a test", *fitted(PAIRS, 0, 5, 3, 1, lambda _: None))
    other = modelfile.pack(KIND, "made by a test", *fitted(PAIRS, 0, 5, 3, 2, lambda _: None))
    assert again == packed != other


def test_a_damaged_table_is_refused_before_the_library_sees_it(path, tmp_path):
    settings, arrays = modelfile.unpack(path, KIND)
    for name in arrays:
        content = arrays[name].tobytes()
        for bad in (b"", content[: len(content) // 2], content + b"x"):
            place = tmp_path / "bad.align"
            place.write_bytes(modelfile.pack(KIND, "x", settings, {**arrays, name: bad or np.empty(0, np.uint8)}))
            with pytest.raises(ModelError, match="make it again"):
                read(str(place), "union")
    missing = {name: array for name, array in arrays.items() if name != "source"}
    place.write_bytes(modelfile.pack(KIND, "x", settings, missing))
    with pytest.raises(ModelError):
        read(str(place), "union")
    assert json.dumps(settings)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("some, many", [(1500, 6000), pytest.param(15_000, 120_000, marks=pytest.mark.slow)])
def test_memory_does_not_grow_on_an_endless_stream(some, many, jobs, path, tmp_path):
    """New words all the time: the peak of many pairs is that of some."""
    def held(count):
        draw = np.random.Generator(np.random.PCG64(3))
        feed = tmp_path / f"{count}.jsonl"
        with feed.open("w") as file:
            for number in range(count):
                source, target = (" ".join([*side, f"n{number}"]) for side in pair(draw))
                file.write(json.dumps({"source": source, "text": target, "note": "x" * 2000}) + "\n")
        return peak("align-words", "--model", path, "--jobs", jobs, str(feed))

    assert held(many) < held(some) + 8_000 * 1024


def test_the_source_is_not_its_own_translation():
    block = Block("f", 1, '{"text":"call mina","target":"मीना को बुलाओ"}\n'.encode())
    records = parse(block, sides.schema(None, "text"))
    assert sides.translations(records, 0, None, "text") == ([], "मीना को बुलाओ")
