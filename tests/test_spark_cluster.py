"""The selection half of both systems on a real cluster: a master and two workers, as processes on the loopback address.

What comes out is what one machine writes, byte for byte, whatever happens to the workers.
"""

import gzip
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, which is not installed", allow_module_level=True)

ROOT = Path(__file__).parents[1]
BIN = sysconfig.get_path("scripts")
EXAMPLE = ROOT / "examples" / "spark"
SMALL = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.executor.memory": "512m",
         "spark.driver.memory": "512m"}  # fmt: skip
K, PARTS = 30, 6

pytestmark = pytest.mark.slow


def alone(command, data=b"", folder=None):
    """What one machine writes."""
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    words = ["bash", "-o", "pipefail", "-c", command]
    return subprocess.run(words, input=data, stdout=subprocess.PIPE, env=env, cwd=folder, check=True).stdout


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("laid") / "samples"
    alone(f"datasel samples -q {folder}")
    return folder


@pytest.fixture(scope="module")
def pool(samples, tmp_path_factory):
    """Compressed parts with repeats in them and between them."""
    folder = tmp_path_factory.mktemp("pool")
    lines = [line for name in ("pool", "seed", "test", "pool") for line in
             (samples / f"{name}.jsonl").read_bytes().splitlines(keepends=True)]  # fmt: skip
    for part in range(PARTS):
        some = lines[part * len(lines) // PARTS : (part + 1) * len(lines) // PARTS]
        (folder / f"part-{part}.jsonl.gz").write_bytes(gzip.compress(b"".join(some)))
    return folder


@pytest.fixture
def cluster(tmp_path):
    """A master and two workers that do not know where the commands are."""
    loaded = importlib.util.spec_from_file_location("cluster", EXAMPLE / "cluster.py")
    module = importlib.util.module_from_spec(loaded)
    loaded.loader.exec_module(module)
    (tmp_path / "cluster").mkdir()
    made = module.Cluster(tmp_path / "cluster", environment={"PATH": "/usr/bin:/bin"})
    yield made
    made.stop()


def submit(cluster, *words, **more):
    """A finished spark-submit; what the script says, on either of its streams, is in stdout."""
    given = [part for name, value in {**SMALL, **more}.items() for part in ("--conf", f"{name}={value}")]
    words = [f"{_spark()}/bin/spark-submit", "--master", cluster.url, *given, *map(str, words)]
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.run(words, capture_output=True, text=True, env=env)


def _spark():
    import pyspark

    return os.path.dirname(pyspark.__file__)


def contents(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


SCRIPT = """
import sys
from pyspark import SparkContext
from datasel.spark import parts, piping
_, pool, marks, model, out, command = sys.argv
context = SparkContext()
paths = parts.listed(pool)
scored = piping.pipe(piping.pool(context, paths), command, {"model": model}, {"marks": [marks] * len(paths)},
                     rejects=out + ".rejects")
piping.save(scored, paths, out)
context.stop()
"""


@pytest.fixture
def script(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "marks").mkdir()
    return tmp_path / "script.py"


def test_both_systems_are_what_one_machine_writes(cluster, samples, pool, tmp_path):
    out = tmp_path / "out"
    done = submit(
        cluster, EXAMPLE / "selection.py", pool, out, "--rejects", "-k", K, "--relevance", samples / "relevance.npz",
        "--held", samples / "seed.jsonl", "--target", samples / "seed.jsonl", "--vectors", samples / "vectors.bin",
        "--in-domain", samples / "corpus.txt", "--lm", samples / "target.arpa", "--minus", samples / "general.arpa",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    clean = alone(f"dedup --rejects {tmp_path}/one.tsv {pool}/*")
    assert contents(out / "rejects") == (tmp_path / "one.tsv").read_bytes()
    (tmp_path / "clean.jsonl").write_bytes(clean)
    for command, made in {
        f"ngram-score --model relevance.npz | select-topk -k {K} --by ngram_score --sorted": out / "relevant.jsonl",
        f"ngram-score --model relevance.npz | select-topk -k {K} --by ngram_score --sorted"
        " | ngram-diverse --held seed.jsonl --keep 50% --prefer ngram_score=2": out / "diverse.jsonl",
        f"ngram-fit --method importance --positive seed.jsonl --negative {tmp_path}/clean.jsonl --negative-ratio 1e6"
        f" -o {tmp_path}/dsir.npz && ngram-score --model {tmp_path}/dsir.npz {tmp_path}/clean.jsonl"
        f" | select-topk -k {K} --by ngram_score --sample gumbel --key text": out / "sampled.jsonl",
        "embed-filter --model vectors.bin --in-domain corpus.txt --keep 25%": out / "near",
        "lm-prune --lm target.arpa --minus general.arpa --keep 25%": out / "probable",
    }.items():
        wanted = alone(command, clean, folder=samples)
        assert (contents(made) if made.is_dir() else made.read_bytes()) == wanted and wanted, command
    assert not [path for path in out.rglob(".*")]


def test_a_worker_killed_in_the_middle(cluster, samples, pool, script, tmp_path):
    """Marks tell how often a part was begun; the first worker dies while it holds one."""
    command = "touch {marks}/$$ && sleep 3 && ngram-score --model {model} --rejects {rejects}"
    marks = tmp_path / "marks"

    def kill():
        while len(list(marks.iterdir())) < 3:
            time.sleep(0.2)
        cluster.kill(0)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    done = submit(cluster, script, pool, marks, samples / "relevance.npz", tmp_path / "out", command)
    assert done.returncode == 0, done.stdout + done.stderr
    killer.join(5)
    assert cluster.workers[0].poll() is not None, "the worker was not killed while the job ran"
    assert len(list(marks.iterdir())) > PARTS
    assert contents(tmp_path / "out") == alone(f"ngram-score --model {samples}/relevance.npz {pool}/*")
    assert len(list((tmp_path / "out").iterdir())) == PARTS


def test_a_bad_record_ends_the_job_with_file_and_line_or_goes_to_the_rejects(cluster, samples, pool, tmp_path):
    whole = tmp_path / "pool"
    shutil.copytree(pool, whole)
    bad = whole / "part-7.jsonl"
    bad.write_bytes(b"no record\n" b'{"text":"one more"}\n{"text":7}\n')
    words = [EXAMPLE / "selection.py", whole, tmp_path / "out", "--relevance", samples / "relevance.npz", "-k", K]
    done = submit(cluster, *words)
    assert done.returncode == 1
    (told,) = [line for line in done.stdout.splitlines() if line.startswith("selection.py: ")]
    assert told.startswith(f"selection.py: {bad}:1: not valid JSON")
    done = submit(cluster, *words, "--rejects")
    assert done.returncode == 0, done.stdout + done.stderr
    clean = alone(f"dedup --rejects {tmp_path}/one.tsv {whole}/*")
    assert contents(tmp_path / "out" / "rejects") == (tmp_path / "one.tsv").read_bytes()
    assert f"{bad}\t3\tfield 'text': ".encode() in (tmp_path / "one.tsv").read_bytes()
    command = f"ngram-score --model relevance.npz | select-topk -k {K} --by ngram_score --sorted"
    assert (tmp_path / "out" / "relevant.jsonl").read_bytes() == alone(command, clean, folder=samples)


def test_speculation_makes_nothing_twice(cluster, samples, pool, script, tmp_path):
    """The first attempt at one part hangs; another overtakes it."""
    whole = tmp_path / "pool"
    shutil.copytree(pool, whole)
    (whole / "part-9.jsonl").write_bytes(b'{"text":7}\n{"text":"one more"}\n')
    command = (
        "touch {marks}/$$; if mkdir {marks}/held 2> /dev/null; then while test -e {marks}/held; do sleep 1; done; fi;"
        " ngram-score --model {model} --rejects {rejects}"
    )
    marks = tmp_path / "marks"
    speculative = {"spark.speculation": "true", "spark.speculation.quantile": "0.5",
                   "spark.speculation.multiplier": "1.5", "spark.speculation.interval": "200ms"}  # fmt: skip
    release = threading.Timer(900, (marks / "held").rmdir)  # a job that waits for the first attempt is found out
    release.start()
    done = submit(cluster, script, whole, marks, samples / "relevance.npz", tmp_path / "out", command, **speculative)
    release.cancel()
    assert done.returncode == 0, done.stdout + done.stderr
    assert (marks / "held").exists(), "the first attempt was waited for"
    assert len(list(marks.iterdir())) - 1 > PARTS + 1
    (marks / "held").rmdir()
    wanted = alone(f"ngram-score --model {samples}/relevance.npz --rejects {tmp_path}/one.tsv {whole}/*")
    assert contents(tmp_path / "out") == wanted
    assert contents(tmp_path / "out.rejects") == (tmp_path / "one.tsv").read_bytes()
    assert len(list((tmp_path / "out").iterdir())) == PARTS + 1
