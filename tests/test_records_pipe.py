"""What every filter's way from input to output does with single records."""

from types import SimpleNamespace

import pytest

from datasel.errors import DataError
from datasel.records.pipe import Pipe, _printed
from datasel.records.streams import Block


def test_a_value_with_a_line_feed_is_not_printed():
    assert _printed(b'{"text":"a"}\n{"text":["b"]}\n', "text") == b'a\n["b"]\n'
    with pytest.raises(DataError, match="a value holds a line feed"):
        _printed(b'{"text":"a\\nb"}\n', "text")


@pytest.mark.parametrize("eager, waiting", [(True, 1), (False, 3)])
def test_kept_lines_wait_for_no_other_where_each_is_to_be_seen_at_once(eager, waiting):
    drawn, passed = [], []
    pipe = SimpleNamespace(
        eager=eager, kept=0, text=False, print_field=None,
        pass_on=lambda data, block: passed.append((data, len(drawn))),
    )  # fmt: skip
    Pipe.keep_lines(pipe, (drawn.append(line) or line for line in (b"{}", b'{"a":1}', b"[]")))
    assert passed[0][1] == waiting and b"".join(data for data, _ in passed) == b'{}\n{"a":1}\n[]\n'
    assert pipe.kept == 3


def test_rejects_are_in_the_order_of_their_lines():
    aside = []
    pipe = SimpleNamespace(
        read=0, kept=0, reject=lambda *rejected: aside.append(rejected), progress=SimpleNamespace(show=lambda _: None)
    )
    block = Block("FILE", 1, b"")
    block.rejected = [("FILE", 3, "not valid JSON", b"{"), ("FILE", 1, "no words", b"{}")]
    Pipe._account(pipe, block)
    assert [line for _, line, *_ in aside] == [1, 3] and block.rejected == []
