"""Keep the utterances that together cover most.

Chooses records one by one, each the one that adds most to a submodular function of all that is chosen and --held;
of equal ones the earlier. Kept lines pass through byte for byte, in input order, or first chosen first with --sorted:
then the first n lines are what -k n would have kept (not with --stochastic).

Objectives:
    coverage: the sum over word n-grams u of w(u) ln(1 + c(u)), c(u) being how often u occurs in what is held and
    chosen: the first time counts most (Cho et al., ASRU 2019). Weights w are 1, or with --weights tf-idf
    ln(utterances / utterances with u). N-grams that occur fewer than --min-count times in pool and held are left out.

    facility: the sum over all utterances of the pool of their highest similarity, at least 0, to anything held or
    chosen: the cosine of their vectors. These are of a paraphrase detector (--model), of an encoder (--encoder, a file
    of datasel encoder), or of anything else (--vectors: an .npy file with a row of floats for each line of the input,
    bad lines included; --held-vectors: the same for the lines of what is held). Of a pool of more than 5,792 a record
    counts for its nearest neighbours alone: 33,554,432 divided by the size of the pool, and 32 at least, sought among
    the 8,192 or more nearest to its kind, so that work does not grow with the square. With 168 of them (a pool of
    200,000 has as many) 0.3 to 1.7 % of the value was lost in choosing 10 to 400 of 8,000 utterances, by vectors of
    all-MiniLM-L6-v2, where random choice lost 13 to 24 %; with half of them up to 4 %.

--cost says what a record costs: nothing that matters (none), its number of words or of characters, or the number above
0 in a field. With a cost, each step takes the record with the highest gain for its cost; without one, long utterances
are preferred, since they cover more. In an experiment of choosing what to annotate, none was best for a fixed number of
utterances, and is the default for that; words was best for a fixed number of words. With --budget records are chosen
until the budget is spent, in place of a number of them. That reaches at least 39 % (1 - 1/sqrt(e)) of the best value
possible for the budget, because where one record alone is worth more than all chosen that one is kept instead (Lin &
Bilmes, NAACL 2010, with r = 1).

Of records with the same words one is a candidate, unless --repeats: the first, or the one --prefer prefers. The others
are not chosen, like any record beyond -k, --keep or --budget: these are no rejects.

--min FIELD=X leaves records out whose number in that field is lower. With --prefer FIELD=X every record brings X times
its percentile in that field (0 to 1) as well, where 1 is the highest gain that the objective offers at the start.

What is chosen is what plain greedy search gives, which reaches at least 63 % (1 - 1/e) of the best value possible where
--cost is none. Logarithms are added as whole numbers, so equal gains are equal, and of those the earlier record is
chosen. With --stochastic E each choice is the best of a random sample instead: the work no longer depends on how many
are kept, no bound is held for the records, and 1 - 1/e - E is reached in expectation (Mirzasoleiman et al., 2015).

Memory:
    Holds some 170 bytes a record, 40 with --stochastic, and 32 bytes for each n-gram that occurs; lines and
    counts are in temporary files (in TMPDIR). For facility some 300 MB, of more than a million records 260 bytes each;
    vectors, two bytes a dimension, and what their neighbours are, 12 bytes each, go by temporary files.

Examples:
    $ ngram-diverse --held seed.jsonl -k 10 relevant.jsonl > chosen.jsonl
    $ ngram-diverse --held seed.jsonl --keep 25% --prefer ngram_score=2 relevant.jsonl > chosen.jsonl
    $ ngram-diverse -v --keep 50% --order 2 --weights tf-idf --min confidence=0.5 labelled.jsonl > half.jsonl
    $ ngram-diverse --held seed.jsonl --cost words --budget 100 relevant.jsonl > chosen.jsonl
    $ ngram-diverse --objective facility --model paraphrase.onnx --held seed.jsonl -k 10 relevant.jsonl
    $ ngram-diverse --objective facility --vectors pool.npy --keep 10% pool.jsonl > chosen.jsonl
    $ ngram-diverse --stochastic 0.1 --seed 7 -k 10 --sorted --print text pool.jsonl | head -n 5
    $ ngram-diverse -q --text --held-text wanted.txt -k 10 --print text corpus.txt > chosen.txt
"""

from __future__ import annotations

import click

from datasel.cli import filter_command
from datasel.errors import UsageError
from datasel.options import choice_options, vector_options, was_given


@filter_command(text=True, field="text", drops=True, seed=True, jobs=True)
@vector_options
@choice_options
@click.option("--objective", type=click.Choice(["coverage", "facility"]), default="coverage", show_default=True,
              help="What is made as large as possible.")  # fmt: skip
@click.option("--order", type=click.IntRange(1, 9), default=4, show_default=True, metavar="N",
              help="Longest n-gram, in words.")  # fmt: skip
@click.option("--min-count", type=click.IntRange(1), default=2, show_default=True, metavar="N",
              help="Leave out n-grams that occur less often.")  # fmt: skip
@click.option("--weights", type=click.Choice(["uniform", "tf-idf"]), default="uniform", show_default=True,
              help="Of n-grams.")  # fmt: skip
@click.option("--bits", type=click.IntRange(8, 28), default=22, show_default=True, metavar="N",
              help="2^N buckets for n-grams.")  # fmt: skip
@click.option("--cost", default="none", show_default=True, metavar="none|words|characters|FIELD",
              help="Choose by gain for cost.")  # fmt: skip
@click.option("--budget", type=click.FloatRange(0), metavar="X", help="Keep what costs this much in all.")
@click.option("--repeats", is_flag=True, help="Choose records with the same words, too.")
@click.option("--stochastic", type=click.FloatRange(0, 1, min_open=True, max_open=True), metavar="E",
              help="Search in random samples; what may be lost by it, in expectation.")  # fmt: skip
def command(
    pipe, given, choice, objective, order, min_count, weights, bits, cost, budget, repeats, stochastic, field, seed,
    jobs,
):  # fmt: skip
    if (objective == "facility") != bool(given):
        raise UsageError("--objective facility takes one of --model, --vectors and --encoder, coverage none")
    for name in ("order", "min_count", "weights", "bits") if objective == "facility" else ():
        if was_given(name):
            raise UsageError(f"--{name.replace('_', '-')} is not for --objective facility, but for coverage")
    if budget is not None and cost == "none":
        raise UsageError("--budget needs --cost")
    if stochastic and cost != "none":
        raise UsageError("give one of --stochastic and --cost")
    from datasel.ngrams.counted import CountedPool
    from datasel.ngrams.hashing import hash_words, record_hashes
    from datasel.records.jsonl import joined
    from datasel.records.seeding import generator
    from datasel.selection import greedy
    from datasel.selection.choosing import ByText, choose
    from datasel.selection.costs import Costs
    from datasel.selection.facility import NearFacility
    from datasel.selection.vectors import VectorPool

    costs = None if cost == "none" else Costs(cost, field)

    def search(candidates, k, bonus):
        if given:
            function = NearFacility(pool.vectors, pool.held, candidates, jobs=jobs)
        else:
            function = pool.coverage(weights, min_count)
        wanted = greedy.Preferring(function, candidates, bonus) if bonus.any() else function
        before = function.value()
        if stochastic:
            yield from greedy.stochastic(wanted, candidates, k, stochastic, generator(seed, "ngram-diverse"))
        elif budget is not None:
            yield from greedy.within_budget(wanted, candidates, greedy.Budget(costs.all(), budget))
        else:
            yield from greedy.lazy(wanted, candidates, k, greedy.Budget(costs.all()) if costs else None)
        pipe.say(f"{objective}: {before:.6f} of what is held, {function.value():.6f} with what is chosen")

    def same(texts):
        return record_hashes(hash_words(joined(texts)))

    with VectorPool(*given.sources(jobs), jobs) if given else CountedPool(order, bits) as pool:
        known = pool if given else ByText(pool)
        choose(pipe, known, field, **choice, search=search, costs=costs, key=None if repeats else same)
