"""Commands over a pool in parts, in two threads of Spark on this machine, against the commands alone."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, which is not installed", allow_module_level=True)

from datasel.errors import DataError, UsageError
from datasel.spark import parts, piping, running, shares
from datasel.spark.distinct import distinct
from datasel.spark.parts import Lines

SAMPLES = Path(__file__).parents[1] / "examples" / "samples"
BIN = sysconfig.get_path("scripts")


@pytest.fixture(scope="module")
def context():
    from pyspark import SparkConf, SparkContext

    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PATH", "/usr/bin:/bin")  # the commands stand beside Python alone
        made = SparkContext(conf=SparkConf().setMaster("local[2]").setAppName("test").setAll(list(settings.items())))
        made.setLogLevel("OFF")
        yield made
        made.stop()


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    """Parts of several kinds: repeats within and across them, and an empty one."""
    folder = tmp_path_factory.mktemp("pool")
    lines = (SAMPLES / "pool.jsonl").read_bytes().splitlines(keepends=True)
    seed = (SAMPLES / "seed.jsonl").read_bytes().splitlines(keepends=True)
    shouted = [line.replace(b"play", b"PLAY") for line in lines[:100]]
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[:300] + seed)))
    (folder / "b.jsonl").write_bytes(b"".join(shouted + lines[300:]).rstrip(b"\n"))
    (folder / "c.jsonl").write_bytes(b"")
    (folder / "d.jsonl").write_bytes(b"".join(seed + lines[650:] + seed))
    (folder / "_SUCCESS").write_bytes(b"")
    return parts.listed(str(folder))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    made = tmp_path_factory.mktemp("model") / "relevance.npz"
    alone(f"ngram-fit --positive {SAMPLES}/seed.jsonl --negative {SAMPLES}/pool.jsonl -o {made}")
    return str(made)


def alone(command, data=b"", paths=()):
    """What one machine writes."""
    words = ["bash", "-o", "pipefail", "-c", f'{command} "$@"', "bash", *paths]
    env = {**os.environ, "PATH": f"{BIN}:/usr/bin:/bin"}
    return subprocess.run(words, input=data, stdout=subprocess.PIPE, env=env, check=True).stdout


def joined(rdd):
    return b"".join(lines.data for lines in rdd.collect())


def test_dedup_by_partitioned_keys_is_dedup(context, pool, tmp_path):
    for buckets in (0, 3):
        found = distinct(context, pool, buckets=buckets, rejects=str(tmp_path / f"rejects{buckets}"))
        assert joined(found) == alone(f"dedup --rejects {tmp_path}/one.tsv", paths=pool)
        files = sorted((tmp_path / f"rejects{buckets}").iterdir())
        assert b"".join(file.read_bytes() for file in files) == (tmp_path / "one.tsv").read_bytes()
        assert len((tmp_path / "one.tsv").read_bytes().splitlines()) > 100


def test_a_command_over_parts_and_the_best_of_the_best(context, pool, model):
    top = "select-topk -k 40 --by ngram_score"
    found = piping.pipe(piping.pool(context, pool), f"ngram-score --model {{m}} | {top}", {"m": model})
    best = running.whole(top, {}, found.collect())
    assert best == alone(top, alone(f"ngram-score --model {model}", paths=pool))
    strings = context.parallelize(alone("cat", paths=pool[3:]).decode().splitlines(), 3)
    scored = piping.pipe(piping.of_text(strings), "ngram-score --model {m}", {"m": model})
    assert joined(scored) == alone(f"ngram-score --model {model}", paths=pool[3:])


@pytest.mark.parametrize("lowest", [False, True])
@pytest.mark.parametrize("size", [Fraction(1, 4), Fraction(0), Fraction(1), 123])
def test_quotas_are_what_of_each_part_is_among_the_best(context, lowest, size):
    draw = np.random.default_rng(5)
    values = [draw.integers(-5, 5, count) / 8 for count in (300, 0, 77, 1200)]  # many are equal
    values[2] = np.concatenate([values[2] * 1e9, [-0.0, 0.0, 5e-324, -1e300]])
    rows = [Lines("x", range(len(each)), "".join(f"{v}\n" for v in each.tolist()).encode()) for each in values]
    found = shares.quotas(context.parallelize(rows, len(rows)), size, lowest)
    scores, part = np.concatenate(values), np.repeat(range(len(values)), [len(each) for each in values])
    count = int(size * len(scores) + Fraction(1, 2)) if isinstance(size, Fraction) else size
    best = np.argsort(scores if lowest else -scores, kind="stable")[:count]
    assert found == np.bincount(part[best], minlength=len(values)).tolist()


def test_a_bad_record_fails_the_job_with_its_file_and_line_or_is_set_aside(context, pool, model, tmp_path):
    bad = tmp_path / "e.jsonl"
    lines = (SAMPLES / "pool.jsonl").read_bytes().splitlines(keepends=True)[:50]
    bad.write_bytes(b"".join([*lines[:20], b'{"text":\n', *lines[20:], b"7\n"]))
    paths, command = [*pool, str(bad)], "ngram-score --model {m}"
    for failing in (
        lambda: piping.pipe(piping.pool(context, paths), command, {"m": model}).count(),
        lambda: distinct(context, paths).count(),
    ):
        with pytest.raises(Exception) as raised:
            failing()
        assert f"{bad}:21: not valid JSON" in piping.reason(raised.value)
    folder = tmp_path / "rejects"
    lenient = f"{command} --rejects {{rejects}}"
    kept = piping.pipe(piping.pool(context, paths), lenient, {"m": model}, rejects=str(folder))
    assert joined(kept) == alone(f"{command.format(m=model)} --rejects {tmp_path}/one.tsv", paths=paths)
    assert b"".join(file.read_bytes() for file in sorted(folder.iterdir())) == (tmp_path / "one.tsv").read_bytes()
    with pytest.raises(DataError, match="is not empty"):
        piping.pipe(kept, "cat", rejects=str(folder))
    clean = distinct(context, paths, rejects=str(tmp_path / "aside"))
    assert joined(clean) == alone(f"dedup --rejects {tmp_path}/one.tsv", paths=paths)
    files = sorted((tmp_path / "aside").iterdir())
    assert b"".join(file.read_bytes() for file in files) == (tmp_path / "one.tsv").read_bytes()


def test_lines_know_their_place_after_repeats_are_gone(context, pool):
    rows = distinct(context, pool).collect()
    for lines in rows:
        there = [line for part in parts.read(lines.name) for line in part.data.splitlines(keepends=True)]
        assert b"".join(there[number - 1] for number in lines.numbers) == lines.data


@pytest.mark.parametrize("command, said", [
    ("false", "ended with status 1"),
    ("false | cat", "ended with status 1"),
    ("no-such-command", "no-such-command: command not found"),
    ("cat | select-topk -k 3 --by missing", "a.jsonl.gz: select-topk: stdin:1: no field 'missing'"),
])  # fmt: skip
def test_every_status_is_looked_at(context, pool, command, said):
    with pytest.raises(Exception) as raised:
        piping.pipe(piping.pool(context, pool[:1]), command).count()
    assert said in piping.reason(raised.value)


def test_what_reads_no_more_is_no_error(context, pool):
    assert joined(piping.pipe(piping.pool(context, pool[:1]), "head -n 2")).count(b"\n") == 2


def test_parquet_parts_and_saved_folders(context, pool, tmp_path):
    pytest.importorskip("pyarrow")
    (tmp_path / "in").mkdir()
    alone(f"dedup {SAMPLES}/pool.jsonl | from-jsonl --to parquet -o {tmp_path}/in/p.parquet")
    paths = parts.listed(str(tmp_path / "in"))
    rows = piping.pool(context, paths).collect()
    data = b"".join(lines.data for lines in rows)
    assert data == alone("to-jsonl --from parquet", paths=paths) and data.count(b"\n") > 500
    assert [number for lines in rows for number in lines.numbers] == list(range(1, data.count(b"\n") + 1))
    twin = str(tmp_path / "a.jsonl.zst")
    with pytest.raises(UsageError, match="a.jsonl.zst have the same name"):
        distinct(context, [*pool, twin])
    piping.save(distinct(context, [*paths, *pool]), [*paths, *pool], str(tmp_path / "out"))
    names = sorted(os.listdir(tmp_path / "out"))
    assert names == ["a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl", "p.jsonl"]
    assert (tmp_path / "out" / "p.jsonl").read_bytes() == data
    first = json.loads(data.splitlines()[0])["text"]
    assert first not in {json.loads(line)["text"] for line in open(tmp_path / "out" / "a.jsonl")}
