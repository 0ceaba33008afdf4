r"""Estimate a back-off n-gram language model.

Reads sentences and writes a model as an ARPA file, which KenLM, SRILM, Kaldi and others read. Words are what stands
between ASCII white space, as they are: normalize-text comes first where that is wanted. The vocabulary is the words of
the text, or those of --vocab; all other words are <unk>.

The model itself uses the words <unk>, <s> and </s>: a text that holds one is a bad record. With --skip-symbols they
are taken as white space, as by lmplz.

Smoothing:
    kneser-ney is modified Kneser-Ney, interpolated, with the discounts and the treatment of <unk> of KenLM's lmplz.
    witten-bell is interpolated too. katz is Katz back-off with Good-Turing discounts of counts up to 5. Where a
    text is too small for an order's discounts, standard error says what stands in for them: 0.5, 1 and 1.5 for
    kneser-ney; for katz fewer counts are discounted, or all by the same amount. With kneser-ney and witten-bell <unk>
    has the share of a word that occurs nowhere; with katz all unseen words share what is left.

Weights:
    With --weight a sentence counts for the number in that field (1 without the field), or with --text for the number
    after the last tab of the line. A weight of 2.5 stands for two occurrences and one more with probability
    a half; kneser-ney and the discounts of katz then work on the expected counts of counts (Zhang & Chiang, ACL 2014),
    witten-bell on expected counts and types.

Pruning:
    --min-count reads words that occur less often as <unk>. --prune 0,0,1,1 leaves out n-grams that occur that often or
    less, a number for each order (the last stands for the rest; none may be lower than the one before; unigrams stay);
    with --weight expected occurrences count, and a number may be a fraction.
    --prune-entropy leaves out the n-grams whose removal raises the model's perplexity on its own distribution by
    less than that share each (Stolcke 1998); n-grams that are the suffix of one that is kept are kept.

Memory:
    Holds the vocabulary, about --memory while it counts, and after that 100 to 300 MB and 8 bytes for every n-gram of
    the highest order; all else waits on disk, in TMPDIR: some 60 bytes for every different n-gram. The
    model is the same whatever --memory says.

Examples:
    $ build-arpa --text --order 4 corpus.txt > target.arpa
    $ build-arpa --order 3 --smoothing katz -o general.arpa pool.jsonl
    $ build-arpa --rejects bad.tsv --smoothing witten-bell -o pool.arpa pool.jsonl
    $ build-arpa --text --smoothing witten-bell --prune-entropy 1e-7 -v corpus.txt -o small.arpa
    $ printf 'wake up\t2\ncall me\t0.5\n' | build-arpa --text --weight n --smoothing witten-bell > weighted.arpa
"""

from __future__ import annotations

import click

from datasel.cli import DATA, FIELD, filter_command
from datasel.errors import UsageError
from datasel.options import memory_option


def _cuts(_ctx, _param, value):
    if value is None:
        return None
    numbers = value.split(",")
    try:
        cuts = [float(number) for number in numbers]
    except ValueError:
        cuts = [-1.0]
    if not all(0 <= cut < float("inf") for cut in cuts):
        raise click.BadParameter(f"'{value}' is not a list of counts such as 0,0,1")
    if cuts != sorted(cuts) or cuts[0] and len(cuts) > 1:
        raise click.BadParameter("counts start with 0 (unigrams stay) and never fall")
    return tuple(cuts) if not cuts[0] else (0, *cuts)


@filter_command(text=True, writes="model", field="text", rejects=True)
@click.option("--order", type=click.IntRange(2, 6), default=4, show_default=True, metavar="N", help="Longest n-gram.")
@click.option("--smoothing", type=click.Choice(["kneser-ney", "katz", "witten-bell"]), default="kneser-ney",
              show_default=True, help="How probability is kept for what was not seen.")  # fmt: skip
@click.option("--weight", type=FIELD, help="How many times a sentence counts; 1 without the field.")
@click.option("--vocab", type=DATA, help="The words of the model, one a line.")
@click.option("--skip-symbols", is_flag=True, help="Take <unk>, <s> and </s> in texts as white space.")
@click.option("--min-count", type=click.FloatRange(0), metavar="X", help="Rarer words are <unk>.")
@click.option("--prune", metavar="N,...", callback=_cuts, help="Leave out n-grams that occur that often or less.")
@click.option("--prune-entropy", type=click.FloatRange(0), metavar="X", help="Leave out n-grams that say less.")
@memory_option("Hold that much while counting.")
@click.option("--binary", is_flag=True, help="Write KenLM's binary format (needs its build_binary on the PATH).")
def command(
    pipe, order, smoothing, weight, vocab, skip_symbols, min_count, prune, prune_entropy, memory, binary, field
):
    from datasel.lm import arpa, corpus, interpolated, katz
    from datasel.lm.counting import Vocabulary
    from datasel.lm.pruning import pruned

    if vocab and min_count:
        raise UsageError("--vocab and --min-count exclude each other")
    cuts = prune or (0,)
    if len(cuts) > order:
        raise UsageError(f"--prune has more counts than the model has orders ({order})")
    cuts += cuts[-1:] * (order - len(cuts))
    if binary:
        arpa.builder()  # an error before the work, not after it
    words = corpus.vocabulary_of(vocab) if vocab else Vocabulary()
    cases = katz.CASES if smoothing == "katz" else interpolated.CASES
    counter = corpus.count(pipe, field, weight, cases, order, words, memory, skip_symbols)
    if counter.spilled:
        pipe.say(f"counted in parts, {counter.spilled / 1e6:,.0f} MB on disk")
    counts = counter.counts(min_count or 0)
    if smoothing == "katz":
        model = katz.estimate(counts, cuts, pipe.warn)
    else:
        method = interpolated.kneser_ney(pipe.warn) if smoothing == "kneser-ney" else interpolated.witten_bell
        model = interpolated.estimate(counts, method, cuts)
    if prune_entropy:
        model = pruned(model, prune_entropy)
    pipe.say(", ".join(f"{n}-grams {len(level.word):,}" for n, level in enumerate(model.levels, 1)))
    pieces = arpa.written(model, str(pipe.signature))
    for piece in arpa.binary(pieces) if binary else pieces:
        pipe.write_whole(piece)
