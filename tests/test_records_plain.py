"""Plain text that is records, or looks like a table."""

import warnings

import pytest

from datasel.errors import DataError, DataWarning
from datasel.records.plain import check
from datasel.records.streams import Block

ROWS = ["1,jouer du jazz,Play", '2,"arrête, tout de suite",Stop', "3,encore,Stop", "4,oui,Yes", "5,non,No"]


def said(*lines: str, first: int = 1, tabs: bool = False) -> str | None:
    """The warning about a file of these lines, or None."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check(Block("f", first, "".join(line + "\n" for line in lines).encode()), tabs)
    assert [each.category for each in caught] in ([], [DataWarning])
    return str(caught[0].message) if caught else None


@pytest.mark.parametrize("lines", [
    ['{"text":"a"}'], ['{"text":"a"}', "", '{"b":1}'], ['  {"text":"a"} \r', '{"text":"b","n":[1,{}]}'],
    ['{"text":"a"}'] * 100,
])  # fmt: skip
def test_records_are_refused(lines):
    with pytest.raises(DataError, match="^f:1: records .JSON Lines. where plain text is read"):
        said(*lines)


@pytest.mark.parametrize("lines", [
    ['{"text":"a"}', "and then"], ["{}"], ["{a}"], ['{"a" 1}'], ['["a"]', '"b"'], ["1", "2"], [],
])  # fmt: skip
def test_braces_alone_are_text(lines):
    assert said(*lines) is None


@pytest.mark.parametrize(("lines", "told"), [
    (["id,text,label", *ROWS[:1]], "CSV (columns id, text, label)"),
    (["id,text,label\r", ROWS[1] + "\r"], "CSV (columns id, text, label)"),
    (["id,text,label", '1,"two', 'lines",Play'], "CSV (columns id, text, label)"),
    (ROWS, "CSV (3 columns)"),
    (["id;Text der Anfrage", "1;spiel etwas, bitte"], "CSV (columns id, Text der Anfrage)"),
    (["id\ttext", "1\tplay"], "TSV (columns id, text)"),
    (["1\tplay jazz, please", "2\tstop"], "TSV (2 columns)"),
    (['"text"', '"play, please"', '"stop"', '"yes"', '"no"'], "CSV (columns text)"),
    (["[", '  {"text": "a"},', '  {"text": "b"}', "]"], "a JSON document"),
    (["{", '  "rasa": []', "}"], "a JSON document"),
])  # fmt: skip
def test_tables_are_told_of(lines, told):
    assert said(*lines).startswith(f"f: looks like {told}")


@pytest.mark.parametrize("lines", [
    ["no, thanks", "yes, please", "play jazz, now", "stop, stop", "wait, wait", "go, go"],
    ["hello,world", "and no more"], ["1,000 rupees", "2,500 rupees"], ["play jazz"] * 9, ["play,jazz", "stop"],
    ["text", "play"], ['"quoted"', "not"], ["a\tb", "c"], ["one\tline"], ["", "", ""], ["नमस्ते, जॉन", "अलविदा, जॉन"],
])  # fmt: skip
def test_honest_text_is_not(lines):
    assert said(*lines) is None


def test_tabs_with_a_meaning_are_no_columns():
    assert said("jazz\tजैज़", "blues\tब्लूज़", tabs=True) is None


def test_only_the_beginning_of_a_file_is_looked_at():
    assert said('{"text":"a"}', first=2) is None
    assert said("id,text", "1,a", first=2) is None


def test_a_brace_with_much_behind_it_is_text():
    assert said('{"x":' + "[" * 100_000) is None
