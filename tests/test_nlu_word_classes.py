"""Word classes put words of the same contexts together."""

import random

from datasel.nlu import word_classes


def corpus():
    draw = random.Random(1)
    groups = {kind: [f"{kind}{number}" for number in range(150)] for kind in ("city", "song", "verb")}
    for _ in range(3000):
        city, song, verb = (draw.choice(groups[kind]) for kind in ("city", "song", "verb"))
        yield draw.choice([f"weather in {city} today", f"play {song} for me", f"please {verb} it now"])


def test_words_of_one_kind_share_classes():
    classes = word_classes.learn(corpus())
    kinds: dict[str, set] = {}
    for word in classes.words:
        kinds.setdefault(classes.of(word)[0], set()).add(word.rstrip("0123456789"))
    mixed = sum(len(kind) > 1 for kind in kinds.values())
    assert mixed / len(kinds) < 0.1


def test_unknown_words_case_and_determinism():
    texts = list(corpus())
    one, two = word_classes.learn(texts), word_classes.learn(texts)
    assert one.words == two.words
    assert (one.labels == two.labels).all()
    assert one.of("neverseen") == ("?", "?")
    assert one.of("Weather") == one.of("weather") != ("?", "?")


def test_too_little_text_gives_none():
    assert word_classes.learn(["a few words only"] * 5) is None
