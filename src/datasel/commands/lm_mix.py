"""Interpolate language models linearly.

Reads two or more ARPA files (plain or compressed) and writes one: the n-grams that any of them lists, each with the
weighted mean of the probabilities that the models give it. The back-off weight of a history is such that the words that
it does not list get the weighted mean of what the models give them: where the models sum to 1, so does the result. For
an n-gram that no model lists the result backs off as one model does, so its probability is close to the mean of theirs,
not equal to it. The vocabulary is all words of all models; a model's <unk> shares its probability evenly with the words
that it alone does not know.

Weights:
    --tune is plain text, one sentence a line: the weights are those that make it most likely, found by EM. Words that
    no model knows are left out. --floor NAME=X keeps the weight of a model at X or above. Without --tune, --weight
    NAME=X gives the weight of each model; one may be left out and gets the rest. A NAME is a model's path as given, or
    its last part.

Report:
    -v says weights and perplexities. --report writes one record for each model (model, weight, floor, perplexity:
    each model alone on the text of --tune) and one for the mixture of probabilities. Each model's <unk> is shared among
    the words of the others, so perplexities compare within one call, not with those of a mixture of other models.

Memory:
    Holds all models and their union, about 100 bytes an n-gram.

Examples:
    $ lm-mix --tune heldout.txt --floor general.arpa=0.25 -v target.arpa general.arpa > mixed.arpa
    $ lm-mix --weight target.arpa=0.7 -o mixed.arpa target.arpa general.arpa
    $ lm-mix --tune heldout.txt --report weights.jsonl -o mixed.arpa target.arpa general.arpa
"""

from __future__ import annotations

import click

from datasel.cli import DATA, MODEL, FieldNumber, filter_command
from datasel.errors import DataError, UsageError


@filter_command(reads=False, writes="model")
@click.option("--tune", type=DATA, help="Text that the weights are to fit, one sentence a line.")
@click.option("--floor", multiple=True, type=FieldNumber(), metavar="NAME=X",
              help="Give this model at least this weight. May be repeated.")  # fmt: skip
@click.option("--weight", multiple=True, type=FieldNumber(), metavar="NAME=X",
              help="Give this model this weight. May be repeated.")  # fmt: skip
@click.option("--report", type=DATA, help="Write a record for each model and one for the mixture to FILE.")
@click.argument("models", nargs=-1, type=MODEL, required=True, metavar="ARPA...")
def command(pipe, tune, floor, weight, models):
    if len(models) < 2:
        raise UsageError("give two models or more")
    if bool(tune) == bool(weight) or floor and weight:
        raise UsageError("give either --tune, perhaps with --floor, or --weight")
    if pipe.report and weight:
        raise UsageError("--report tells of --tune, and with --weight there is nothing to tell")
    weights, least = _by_model(models, weight, "--weight"), _by_model(models, floor, "--floor")
    if weight:
        weights = _filled(weights)
    elif sum(x or 0 for x in least) >= 1:
        raise UsageError("floors sum to less than 1")
    from datasel.lm import corpus
    from datasel.lm.arpa import written
    from datasel.lm.arpa_reader import read
    from datasel.lm.mixture import mixed, over_union, tuned
    from datasel.records.streams import display_name

    parts = over_union([read(path) for path in models])
    if tune:
        tokens = corpus.sentences(tune, parts[0].words)
        if not len(tokens):
            raise DataError("no sentences to tune on", display_name(tune))
        found = tuned(parts, tokens, [x or 0.0 for x in least])
        weights = found.weights.tolist()
        for model, share, lowest, alone in zip(models, weights, least, found.each):
            pipe.say(f"{model}: weight {share:.4f}, perplexity {alone:.2f}")
            pipe.tell({"model": model, "weight": round(share, 6), "floor": lowest, "perplexity": round(alone, 4)})
        pipe.say(f"mixture: perplexity {found.perplexity:.2f} of {found.tokens:,} tokens, {found.unknown:,} unknown")
        pipe.tell({"mixture": list(models), "perplexity": round(found.perplexity, 4), "tokens": found.tokens,
                   "unknown": found.unknown, "rounds": found.rounds, "signature": str(pipe.signature)})  # fmt: skip
    for piece in written(mixed(parts, weights), str(pipe.signature)):
        pipe.write_whole(piece)


def _by_model(models, given, option) -> list[float | None]:
    values: list[float | None] = [None] * len(models)
    for name, value in given:
        places = [n for n, path in enumerate(models) if name == path] or [
            n for n, path in enumerate(models) if name == path.rpartition("/")[2]
        ]
        if len(places) != 1 or not 0 <= value <= 1 or values[places[0]] is not None:
            raise UsageError(f"{option} {name}={value:g}: a share from 0 to 1 for one of the models, once")
        values[places[0]] = value
    return values


def _filled(weights: list[float | None]) -> list[float]:
    rest = 1 - sum(weight or 0 for weight in weights)
    if weights.count(None) > 1 or rest < -1e-9 or abs(rest) > 1e-9 and None not in weights:
        raise UsageError("give weights that sum to 1, for all models or all but one")
    return [max(rest, 0.0) if weight is None else weight for weight in weights]
