"""Inputs for the benchmarks: utterance-like text drawn from a Zipf vocabulary, the same every time."""

from __future__ import annotations

import json
import random
import sys


def utterances(count: int, seed: int = 1):
    """Lower-case sentences of 3 to 14 words, as long and as repetitive as assistant utterances are."""
    draw = random.Random(seed)
    syllables = [c + v for c in "bdfghjklmnprstvw" for v in "aeiou"]
    vocabulary = ["".join(draw.choice(syllables) for _ in range(draw.choice((1, 2, 2, 3)))) for _ in range(30_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    pool = draw.choices(vocabulary, weights, k=count * 8)
    place = 0
    for _ in range(count):
        length = draw.randint(3, 13)
        place = (place + length) % (len(pool) - 16)
        yield " ".join(pool[place : place + length])


def corpus(count: int, seed: int = 1):
    """Sentences of 3 to 14 words with the counts of counts of real text, in which n-grams recur and words do not end.

    A word is most often what once followed the word before it, else one drawn from an endless Zipf-like vocabulary.
    """
    draw = random.Random(seed)
    followers: dict[str, list[str]] = {}
    for _ in range(count):
        word, line = "", []
        for _ in range(draw.randint(3, 14)):
            known = followers.setdefault(word, [])
            if known and draw.random() < 0.6:
                following = known[int(draw.random() * len(known))]
            else:
                following = f"w{int(8 * ((1 - draw.random()) ** -1.5 - 1))}"
            known.append(following)
            line.append(following)
            word = following
        yield " ".join(line)


def misheard(texts, seed: int = 3):
    """The sentences as a recogniser with a WER of about 13 % may write them."""
    draw = random.Random(seed)
    heard = [""]
    for text in texts:
        line = []
        for word in text.split():
            chance = draw.random()
            if chance > 0.03:
                line.append(draw.choice(heard) if chance < 0.1 else word)
            if chance > 0.97:
                line.append(draw.choice(heard))
        heard = [*heard[-1000:], *text.split()]
        yield " ".join(line)


def main() -> None:
    kind, count = sys.argv[1], int(sys.argv[2])
    draw = random.Random(2)
    if kind == "corpus":
        for text in corpus(count):
            print(text)
        return
    if kind.startswith("misheard"):
        for number, text in enumerate(misheard(utterances(count))):
            print(text if kind == "misheard" else json.dumps({"id": f"u{number}", "hypothesis": text}))
        return
    for number, text in enumerate(utterances(count)):
        if kind == "text":
            print(text)
        elif kind == "jsonl":
            print(json.dumps({"id": f"u{number}", "text": text}))
        else:  # scored
            print(json.dumps({"id": f"u{number}", "text": text, "ngram_score": round(draw.gauss(0, 5), 6)}))


if __name__ == "__main__":
    main()
