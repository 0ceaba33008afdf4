"""The selection half of both systems on Spark: see README.md here.

    spark-submit selection.py POOL OUT --relevance relevance.npz -k 5000 --held seed.jsonl ...

POOL is a folder of parts, *.jsonl (.gz, .bz2, .xz, .zst) or *.parquet.  POOL and OUT are where all machines see them.
What one machine would write of the parts, in the order of their names, is what is written here, byte for byte.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

from pyspark import SparkContext

from datasel.errors import DataselError
from datasel.parameters import Percentage
from datasel.spark import parts, piping, running, shares
from datasel.spark.distinct import distinct


def main() -> None:
    options = parsed()
    context, told = SparkContext(appName="datasel selection"), None
    try:
        run(context, options)
    except Exception as error:
        told = str(error) if isinstance(error, DataselError) else piping.reason(error)
        if not told:
            raise
    finally:
        context.stop()
    if told:
        sys.exit(f"selection.py: {told}")


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pool", metavar="POOL", help="folder of parts")
    parser.add_argument("out", metavar="OUT", help="folder for what is made; new, or empty")
    parser.add_argument("--field", default="text", help="the text field (%(default)s)")
    parser.add_argument("--rejects", action="store_true", help="set bad records and repeats aside: OUT/rejects/")
    parser.add_argument("--keep", default="25%", help="share that --vectors and --lm keep (%(default)s)")
    parser.add_argument("-k", type=int, default=5000, help="records that --relevance and --target keep (%(default)s)")
    parser.add_argument("--relevance", metavar="MODEL", help="of ngram-fit: OUT/relevant.jsonl, the k best")
    parser.add_argument("--held", metavar="FILE", help="annotated already: OUT/diverse.jsonl, a choice of the k best")
    parser.add_argument("--diverse", default="50%", help="share of the k best that is chosen (%(default)s)")
    parser.add_argument("--vectors", metavar="MODEL", help="of embed-fit: OUT/near/, the nearest to --in-domain")
    parser.add_argument("--in-domain", metavar="FILE", help="plain text of the domain")
    parser.add_argument("--lm", metavar="ARPA", help="OUT/probable/, the most probable")
    parser.add_argument("--minus", metavar="ARPA", help="a model of general text, whose score is taken off")
    parser.add_argument("--target", metavar="FILE", help="OUT/sampled.jsonl, k drawn as alike these texts (DSIR)")
    options = parser.parse_args()
    if bool(options.vectors) != bool(options.in_domain):
        parser.error("--vectors and --in-domain go together")
    if options.held and not options.relevance or options.minus and not options.lm:
        parser.error("--held needs --relevance, and --minus needs --lm")
    if not (options.relevance or options.vectors or options.lm or options.target):
        parser.error("give --relevance, --vectors, --lm or --target")
    return options


def run(context: SparkContext, options: argparse.Namespace) -> None:
    paths = parts.listed(options.pool)
    out = parts.new_folder(options.out)
    rejects = os.path.join(out, "rejects") if options.rejects else None
    pool = distinct(context, paths, options.field, rejects=rejects)
    if options.relevance:
        relevant(pool, options, out)
    if options.target:
        sampled(pool, options, out)
    if options.vectors:
        piping.save(near(pool, options), paths, os.path.join(out, "near"))
    if options.lm:
        piping.save(probable(pool, options), paths, os.path.join(out, "probable"))


def relevant(pool, options, out: str) -> None:
    """The k best of the k best of the parts; of those, on this machine, the ones that cover most."""
    values = {"field": options.field, "k": options.k, "held": options.held, "keep": options.diverse}
    values |= {name: os.path.join(out, f"{name}.jsonl") for name in ("relevant", "diverse")}
    best = piping.pipe(
        pool, f"ngram-score -f {options.field} --model {{model}} | select-topk -k {options.k} --by ngram_score",
        {"model": options.relevance},
    )  # fmt: skip
    running.whole("select-topk -k {k} --by ngram_score --sorted -o {relevant}", values, best.collect())
    if options.held:
        command = "ngram-diverse -f {field} --held {held} --keep {keep} --prefer ngram_score=2 -o {diverse} {relevant}"
        running.whole(command, values)


def sampled(pool, options, out: str) -> None:
    """DSIR: weights from counts of the parts, added up; noise that belongs to a text, so that k of each part do."""
    with tempfile.TemporaryDirectory() as folder:
        count = f"ngram-fit -f {options.field} --method importance --positive {{target}} --negative - --counts-only"
        counts = written(folder, piping.outputs(pool, count, {"target": options.target}))
        model = os.path.join(folder, "importance.npz")
        given = " ".join(f"--counts {path}" for path in counts)
        running.whole(f"ngram-fit --method importance {given} -o {{model}}", {"model": model})
        draw = f"select-topk -k {options.k} --by ngram_score --sample gumbel --key {options.field}"
        score = f"ngram-score -f {options.field} --model {{importance}}"
        best = piping.pipe(pool, f"{score} | {draw}", {"importance": model})
        running.whole(f"{draw} -o {{out}}", {"out": os.path.join(out, "sampled.jsonl")}, best.collect())


def near(pool, options):
    """The nearest share to the domain: centroids of the parts added up, one look for the bar, another for the parts."""
    with tempfile.TemporaryDirectory() as folder:
        embed = f"embed-filter -f {options.field} --model {{vectors}}"
        files = {"vectors": options.vectors}
        found = written(folder, piping.outputs(pool, f"{embed} --save-centroids /dev/stdout", files))
        files["centroids"] = os.path.join(folder, "centroids.npz")
        given = " ".join(f"--centroids {path}" for path in found)
        merge = f"{embed} --in-domain {{domain}} {given} --save-centroids {{centroids}} /dev/null"
        running.whole(merge, {**files, "domain": options.in_domain})
        measure = f"{embed} --centroids {{centroids}}"
        distances = piping.pipe(pool, f"{measure} --threshold 1e300 --print embed_distance", files)
        quotas = shares.quotas(distances, Percentage().convert(options.keep, None, None), lowest=True)
        return piping.pipe(pool, f"{measure} -k {{k}}", files, {"k": quotas})


def probable(pool, options):
    """The most probable share: one look for the bar, another for the parts."""
    models, files = "--lm {lm}", {"lm": options.lm}
    if options.minus:
        models, files = "--lm {lm} --minus {minus}", {**files, "minus": options.minus}
    scores = piping.pipe(pool, f"lm-score -f {options.field} {models} --print lm_score", files)
    quotas = shares.quotas(scores, Percentage().convert(options.keep, None, None))
    return piping.pipe(pool, f"lm-prune -f {options.field} {models} -k {{k}}", files, {"k": quotas})


def written(folder: str, pieces: list[bytes]) -> list[str]:
    """Pieces as files."""
    paths = [os.path.join(folder, f"{number}.part") for number in range(len(pieces))]
    for path, piece in zip(paths, pieces):
        with open(path, "wb") as file:
            file.write(piece)
    return paths


if __name__ == "__main__":
    main()
