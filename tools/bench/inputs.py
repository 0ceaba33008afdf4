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


def written(texts, seed: int = 4):
    """The sentences as people write them: capitals, commas, apostrophes, quotes, numbers, a sign at the end."""
    draw = random.Random(seed)
    for text in texts:
        words = [word + "'s" if draw.random() < 0.03 else word for word in text.split()]
        words = [f"{draw.randint(1, 9999):,}" if draw.random() < 0.03 else word for word in words]
        words = [f'"{word}"' if draw.random() < 0.02 else word for word in words]
        words = [word + "," if draw.random() < 0.08 else word for word in words[:-1]] + words[-1:]
        yield " ".join(words).capitalize() + draw.choice("....?!")


def devanagari(texts):
    """The sentences with a letter of Devanagari for each of their own; word by word one to one."""
    letters = dict(zip("bdfghjklmnprstvw", "बदफगहजकलमनपरसतवय")) | dict(zip("aeiou", ("ा", "े", "ि", "ो", "ु")))
    table = str.maketrans(letters)
    for text in texts:
        yield text.translate(table)


def record(kind: str, number: int, text: str, draw: random.Random, last: list[str]) -> dict:
    """A record of the kind that a command reads; ``last`` are the texts before."""
    made = {"id": f"u{number}", "text": text}
    words = text.split()
    first = draw.randrange(len(words) - 1)
    start, value = len(" ".join(words[:first])) + (first > 0), " ".join(words[first : first + 2])
    slots = [{"name": "thing", "value": value, "start": start, "end": start + len(value)}]
    if kind == "annotated":
        return {**made, "intent": "Play", "slots": slots}
    if kind == "two":
        return {**made, "other": draw.choice(last)}
    if kind == "nbest":
        listed = [text, *draw.choices(last, k=4)]
        return {
            "id": made["id"],
            "nbest": [{"text": each, "mt_score": round(-20 * draw.random(), 4)} for each in listed],
        }
    # translated: word by word, from last to first
    (target,) = devanagari([" ".join(reversed(words))])
    alignment = [[place, len(words) - 1 - place] for place in range(len(words))]
    return {"id": made["id"], "source": text, "slots": slots, "text": target, "alignment": alignment}


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
    if kind in ("written", "devanagari"):
        for text in {"written": written, "devanagari": devanagari}[kind](utterances(count)):
            print(text)
        return
    last = ["play"]
    for number, text in enumerate(utterances(count)):
        if kind in ("annotated", "two", "nbest", "translated"):
            print(json.dumps(record(kind, number, text, draw, last), ensure_ascii=False))
            last = [*last[-99:], text]
        elif kind == "text":
            print(text)
        elif kind == "jsonl":
            print(json.dumps({"id": f"u{number}", "text": text}))
        else:  # scored
            print(json.dumps({"id": f"u{number}", "text": text, "ngram_score": round(draw.gauss(0, 5), 6)}))


if __name__ == "__main__":
    main()
