"""Which records an embedding keeps."""

import json
import os
import subprocess

import pytest


@pytest.mark.parametrize("outside", ["", "--out-domain general.txt"])
def test_what_is_exactly_at_the_threshold_is_kept(outside, laid_out, warm_path):
    def kept(threshold: float) -> dict[str, float]:
        words = f"embed-filter --model vectors.bin --in-domain requests.hi.txt {outside} --threshold={threshold!r}"
        done = subprocess.run(
            f"{words} pool.jsonl", shell=True, cwd=laid_out(), env={**os.environ, "PATH": warm_path},
            capture_output=True, text=True,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        return {record["id"]: record["embed_distance"] for record in map(json.loads, done.stdout.splitlines())}

    scored = kept(9.0)
    middle = sorted(scored.values())[len(scored) // 2]
    assert kept(middle) == {name: distance for name, distance in scored.items() if distance <= middle}
