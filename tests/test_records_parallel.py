"""Blocks mapped by several processes."""

import os
import signal

from datasel.records.parallel import ordered_map
from datasel.records.streams import Block


def test_workers_leave_ctrl_c_to_their_parent(capfd):
    """A terminal sends it to all of them: whoever is told says nothing, and ends when the parent does."""

    def told(block: Block) -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        return block.data * 2

    blocks = [Block("input", number, b"%d\n" % number) for number in range(1, 6)]
    assert [made for made, _ in ordered_map(told, blocks, 2)] == [b"%d\n" % number * 2 for number in range(1, 6)]
    assert capfd.readouterr() == ("", "")
