"""English words in Devanagari: whether a word of one script sounds like a word of the other.

A word becomes a key of consonants and, around and between them, slots of vowels.  Devanagari says what it sounds like,
up to its inherent vowel; English spelling has readings (c is k or s, gh is g, f or nothing), each with the vowels that
its letters can stand for.  Two words are alike if a reading has the other's key; their similarity is the share of
consonants and vowels that agree, 0 to 1.  The rules are our own.

Strict rules hold for English words alone, whose t and d are written retroflex and which have no aspirates, so that
Hindi words (तो, थे, धीरे) are not taken for English ones; loose rules take names as well, whose d is often dental
(Delhi).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

# Consonants; capitals and signs are sounds that English words in Devanagari do not have.
_CONSONANTS = dict(zip(
    "कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह",
    "kKgGncCjJntQdXNTHDZnpfbBmyrllvSSsh",
))  # fmt: skip
_DOTTED = {"ज": "z", "फ": "f", "क": "q", "ख": "K", "ग": "G", "ड": "R", "ढ": "R", "य": "y", "र": "r", "न": "n"}
_LOOSE = str.maketrans("KGCJQXNTHDZBqR", "kgcjtdnttddbkd")
_SIGNS = dict(zip("ािीुूृेैॅॉोौॆॊ", "Aiiuu!eeeOooeo"))
_VOWELS = {**dict(zip("अआइईउऊऋएऐऍऑओऔऎऒ", "@Aiiuu!eeeOooeo")), **_SIGNS}
_VIRAMA, _NUKTA, _NASAL, _LABIAL = "\u094d", "\u093c", "ंँ", "पफबभम"


class Sound(NamedTuple):
    key: str  # consonants, one character each
    slots: tuple[str, ...]  # the vowels before each of them and after the last; @ is the inherent one

    @property
    def length(self) -> int:
        """How many sounds, the inherent vowel not counted."""
        return len(self.key) + sum(1 for slot in self.slots if slot.strip("@"))


class Reading(NamedTuple):
    key: str
    slots: tuple[frozenset[str], ...]  # the vowels that each can be


@lru_cache(1 << 16)
def sound(word: str) -> Sound | None:
    """What a word in Devanagari sounds like; None where it has other characters or no consonant."""
    letters = unicodedata.normalize("NFD", word)
    key: list[str] = []
    slots = [""]
    end = len(letters)
    position = 0
    while position < end:
        letter = letters[position]
        position += 1
        if letter in _CONSONANTS:
            made = _CONSONANTS[letter]
            if letters[position : position + 1] == _NUKTA:
                made = _DOTTED.get(letter, made)
                position += 1
            after = letters[position : position + 1]
            if made == "y" and _is_glide(letters, position, bool(key or slots[-1])):
                slots[-1] = slots[-1].rstrip("@")
            elif key and not slots[-1] and key[-1] == made:
                pass  # doubled
            else:
                key.append(made)
                slots.append("")
            if after == _VIRAMA:
                position += 1
            elif after not in _SIGNS:
                slots[-1] += "@"
        elif letter in _VOWELS:
            slots[-1] = (slots[-1] + _VOWELS[letter]).replace("@e", "e")
        elif letter in _NASAL:
            following = letters[position : position + 1]
            # at the end of a word it is a nasal vowel, which English has none of
            key.append("m" if following and following in _LABIAL else "n" if following else "M")
            slots.append("")
        else:
            return None
    if not key:
        return None
    slots[-1] = slots[-1].removesuffix("@")
    return Sound("".join(key), tuple(slots))


def _is_glide(letters: str, position: int, inside: bool) -> bool:
    """Whether the य that ends at ``position`` only joins vowels: म्यूज़िक, रेडियो, शेयर, but not प्यार, विषय."""
    after = letters[position : position + 1]
    return inside and (after in "ुूो" and after != "" if letters[position - 2] == _VIRAMA else after != "")


# Letters, where they stand, and the consonants they can be, @ for an inherent vowel between two.  The first that fits
# is taken; what none fits is a vowel.
_RULES = (
    (r"ss?ion(?=s?$)", "S@n,z@n,j@n"), (r"[tc]ion", "S@n"), (r"[tc]i(?=al|ent|ous)", "S"), (r"ture", "c@r"),
    (r"sure", "S@r,j@r,z@r"), (r"(?<=[aeiouy])dg(?=e)", "j"), (r"tch", "c"), (r"sch", "sk,S"), (r"ch(?=[lr])", "k"),
    (r"^ch|ch$", "c,S"), (r"ch", "c,k,S"), (r"ck", "k"), (r"sh", "S"), (r"ph", "f"), (r"th", "H"), (r"^gh", "g"),
    (r"(?<=i)gh", ""), (r"(?<=[aou])gh", ",f"), (r"wh(?=o)", "h,v,vh"), (r"wh", "v,vh"), (r"^kn", "n"), (r"^wr", "r"),
    (r"^ps", "s"), (r"^gn|gn$", "n"), (r"mb$", "m"), (r"mn$", "m"), (r"bt$", "t"), (r"qu", "kv,k"), (r"q", "k"),
    (r"^x", "z,j"), (r"x", "ks,gz,gj"), (r"cc(?=[eiy])", "ks"), (r"cc", "k"), (r"sc(?=[eiy])", "s"),
    (r"c(?=[ei])", "s,S"), (r"c(?=y)", "s"), (r"c", "k"), (r"g(?=e$)", "j"), (r"gg?(?=[eiy])", "j,g"), (r"gg?", "g"),
    (r"^y(?=[aeiou])", "y"), (r"(?<=[aeiou])w(?=[aeiou])", "v,"), (r"w(?=[aeiou])", "v"), (r"^h(?=our|one)", "h,"),
    (r"(?<=[bdgjklmnrt])h", "h,"), (r"h(?=[aeiouy])", "h"), (r"h", ""), (r"(?<=a)l(?=[kfm])", ",l"),
    (r"(?<=ou)l(?=d)", ""), (r"(?<=[aeiouylrmndbgvw])s(?=[aeiouym]|$)", "s,z,j"), (r"ss?(?=u)", "s,S"),
    (r"zz", "z,j,ts"), (r"z", "z,j"), (r"(?<=[aeiouy][^aeiouytd])ed$", "d,t"),
    (r"(?<=[aeiouy][^aeiouyszxcgh])es$", "s,z,j"), (r"(?<=[fs])t(?=en$|le$)", ",t"),
    (r"(?P<one>[bdfjklmnprstv])(?P=one)?", None),
)  # fmt: skip

# The vowels that letters can stand for.
_SPELLED = {
    "": "", "a": "@,A,e,O", "e": "e,i,@", "i": "i,Ai,@", "o": "O,o,@", "u": "@,u,i", "y": "i,Ai",
    "ae": "e,@,A,i", "ai": "e", "au": "O,o", "aw": "O,o", "ay": "e,Ai", "aye": "e", "ea": "i,e,iA,i@,@", "eau": "u,o",
    "ee": "i", "ei": "e,i,Ai", "eigh": "e", "eo": "i,io,iO", "eu": "u,iu", "ew": "u", "ey": "i,e", "ia": "iA,i@,Ai@",
    "ie": "i,Ai,i@,Ae", "io": "io,iO,@,Aio", "iou": "i@,@", "iu": "iu,i@", "oa": "o,O", "oe": "o,oe", "oi": "Oi,oi,@i",
    "oo": "u,o,@", "ou": "Au,o,u,@", "ow": "Au,o", "oy": "Oi,oi,OA,@A", "oya": "O@,OA", "ua": "uA,A,@,ue",
    "uay": "ue", "ue": "u,iu", "ui": "u,i,Ai", "uu": "u,iu", "uy": "Ai", "ya": "iA", "ye": "Ai,ie",
    "iya": "iA,i@", "aya": "AA,@A,A@",
}  # fmt: skip
_BEFORE_R = {
    "ai": "e,e@", "ea": "i,i@,e@,@,A", "ee": "i,i@", "ei": "e@,i@", "oa": "O,o,oA", "oo": "O,o,u@",
    "ou": "O,o,Au@,A@,u@",
}  # fmt: skip
_MOST_VOWELS = 1024  # that meet where letters are silent
_BEFORE_SILENT_E = {"a": "e,e@,@,i", "i": "Ai,i", "o": "o,@", "u": "u,iu", "y": "Ai"}
_ALONE = {"a": "e,A,O", "e": "e", "i": "i,Ai", "o": "O,o,@", "u": "@,u"}  # the only vowel, before several consonants
_ALONE_BEFORE_R = {"a": "A", "e": "@", "i": "@", "o": "O,o,@", "u": "@"}
_ALONE_BEFORE_ONE = {"a": "e", "e": "e", "i": "i", "o": "O,@", "u": "@"}
_FIRST = {"a": "@,A,e,O", "e": "e,i", "i": "i,Ai", "o": "O,o", "u": "@,u,iu"}


@lru_cache
def _rules() -> tuple[re.Pattern[str], dict[str | None, Sequence[str] | None]]:
    """All rules as one expression, of which the first that fits is taken as well, and the outputs by its groups."""
    pattern = re.compile("|".join(f"(?P<rule{number}>{pattern})" for number, (pattern, _) in enumerate(_RULES)))
    outputs = [made if made is None else made.split(",") for _, made in _RULES]
    return pattern, {f"rule{number}": made for number, made in enumerate(outputs)}


@lru_cache(1 << 16)
def readings(word: str) -> tuple[Reading, ...]:
    """The ways to read a word in Latin letters, an apostrophe left out; none where it has other characters."""
    word = word.lower().replace("'", "")
    if not re.fullmatch("[a-z]+", word):
        return ()
    keys: list[Sequence[str]] = []  # in turn the vowel letters' possible values and the consonants' outputs
    slots: list[frozenset[str]] = []
    begun = 0
    pattern, rules = _rules()
    for found in pattern.finditer(word):
        slots.append(_vowels(word, begun, found.start()))
        outputs = rules[found.lastgroup]
        keys.append(outputs if outputs is not None else [found["one"]])
        begun = found.end()
    slots.append(_vowels(word, begun, len(word)))
    made = {}
    for choice in product(*keys):
        if len(made) == 64:
            break
        reading = _reading(choice, slots)
        if reading.key:
            made.setdefault(reading)
    return tuple(made)


def _reading(choice: Sequence[str], slots: Sequence[frozenset[str]]) -> Reading:
    key, around = "", [slots[0]]
    for output, slot in zip(choice, slots[1:]):
        sounds = output.replace("@", "")
        if not sounds:  # silent: the vowels on both sides meet
            both = {a + b for a in around[-1] for b in slot} if len(around[-1]) * len(slot) <= _MOST_VOWELS else set()
            around[-1] = around[-1] | slot | both
        elif key[-1:] == sounds and around[-1] == {""}:
            around[-1] = slot
        else:
            key += sounds
            around += [frozenset(["", "@"] if "@" in output else [""])] * (len(sounds) - 1) + [slot]
    return Reading(key, tuple(around))


def _vowels(word: str, start: int, end: int) -> frozenset[str]:
    """What the vowel letters at start to end of ``word`` can be."""
    letters, before, rest = word[start:end], word[:start], word[end:]
    vowel = re.compile("[aeiouy]")
    if not letters:
        return frozenset(["", "@"] if before and re.match("les?$", rest) else [""])
    if letters == "e" and not rest and vowel.search(before):
        return frozenset([""])
    if letters == "a" and rest in ("", "h") and before:
        return frozenset("A")
    if letters == "ai" and not rest:
        return frozenset(["e", "Ai", "@i"])
    if letters in _BEFORE_R and rest[:1] == "r":
        return frozenset(_BEFORE_R[letters].split(","))
    if letters == "o" and rest[:1] in ("v", "w"):
        return frozenset(["A", "o", "O"] if rest[0] == "w" else ["O", "o", "@", "u"])
    if letters in ("a", "e", "i", "o", "u", "y"):
        if letters in _BEFORE_SILENT_E and re.fullmatch("[^aeiouy](e|es|ed|er|ely|ement)", rest):
            if rest[0] == "r":
                return frozenset({"a": "e,e@", "i": "A@,Ai@"}.get(letters, _BEFORE_SILENT_E[letters]).split(","))
            return frozenset(_BEFORE_SILENT_E[letters].split(","))
        if letters != "y" and rest and not vowel.search(before + rest):
            return _only(letters, before, rest)
        if letters == "a" and re.match(r"([^aeiouysl])\1", rest):
            return frozenset("e")
        if letters in _FIRST and not before:
            return frozenset(_FIRST[letters].split(","))
        if letters == "u" and before:
            return frozenset(["@", "u", "i", "iu"])
        if letters == "e" and rest in ("n", "l", "r", "rs"):
            return frozenset(["e", "i", "@", ""])
    if letters in _SPELLED:
        return frozenset(_SPELLED[letters].split(","))
    parts = [_SPELLED.get(letter, "").split(",") for letter in letters[:4]]
    return frozenset("".join(made) for made in product(*parts))


def _only(letter: str, before: str, rest: str) -> frozenset[str]:
    """What a word's only vowel can be, where a consonant follows."""
    if rest[0] == "r":
        table = {**_ALONE_BEFORE_R, **({"a": "O"} if before.endswith("w") else {})}
    elif letter == "a" and re.match("l[lkt]|w", rest) or letter == "o" and re.match("ck|ng|hn", rest):
        table = {"a": "O", "o": "O"}
    else:
        table = _ALONE_BEFORE_ONE if len(rest) == 1 else _ALONE
    return frozenset(table[letter].split(","))


@lru_cache(1 << 16)
def similarity(english: str, devanagari: str, loose: bool = False) -> float:
    """How alike a word in Latin letters and one in Devanagari sound, 0 to 1; 0 where their consonants differ."""
    other = sound(devanagari)
    if other is None or (_folded(other.key) if loose else other.key) not in _keys(english, loose):
        return 0.0
    return max((_alike(reading, other, loose) for reading in readings(english)), default=0.0)


def places_like(english: str, devanagari: Sequence[str]) -> list[int]:
    """The places of the words whose consonants are those of a word in Latin letters, by the loose rules: all others
    have a similarity of 0."""
    keys = _keys(english, True)
    if keys.isdisjoint(map(_loose_key, devanagari)):
        return []
    return [place for place, key in enumerate(map(_loose_key, devanagari)) if key in keys]


@lru_cache(1 << 16)
def _loose_key(devanagari: str) -> str | None:
    made = sound(devanagari)
    return made and _folded(made.key)


@lru_cache(1 << 16)
def _keys(english: str, loose: bool) -> frozenset[str]:
    """The consonants of a word's readings."""
    return frozenset([_folded(reading.key) if loose else reading.key for reading in readings(english)])


def _alike(reading: Reading, other: Sound, loose: bool) -> float:
    key, theirs = (_folded(reading.key), _folded(other.key)) if loose else (reading.key, other.key)
    if key != theirs or len(reading.key) != len(other.key):
        return 0.0
    if any(_at_edge(reading.slots[edge], other.slots[edge]) for edge in (0, -1)):
        return 0.0
    agree = places = len(key)
    for possible, vowels in zip(reading.slots, other.slots):
        if vowels or "" not in possible:
            places += 1
            agree += _agreement(possible, vowels)
    return agree / places


def _at_edge(possible: frozenset[str], vowels: str) -> bool:
    """Whether one begins or ends in a vowel and the other does not."""
    return possible == {""} if vowels else "" not in possible


def _agreement(possible: frozenset[str], vowels: str) -> float:
    if vowels in possible:
        return 1.0
    if vowels == "@" and possible == {""} or not vowels and "@" in possible:
        return 0.5
    return 0.0


@lru_cache(1 << 16)
def _folded(key: str) -> str:
    return re.sub(r"(?<=[bdgjkt])h", "", key.translate(_LOOSE))


class Sounds:
    """Words in Devanagari, found by a word in Latin letters that sounds like them."""

    def __init__(self, words: Iterable[str], shortest: int = 1, loose: bool = False):
        """``shortest``: words of fewer sounds (the inherent vowel none) or of one consonant alone are left out."""
        self._loose = loose
        self._by_key: dict[str, list[str]] = {}
        for word in words:
            made = sound(word)
            if made and made.length >= shortest and (shortest == 1 or len(made.key) > 1):
                self._by_key.setdefault(_folded(made.key) if loose else made.key, []).append(word)

    def like(self, english: str, least: float) -> Iterator[tuple[str, float]]:
        """The words of at least this similarity, each with it, in the order they came in."""
        for key in sorted(_keys(english, self._loose)):
            for word in self._by_key.get(key, ()):
                alike = similarity(english, word, self._loose)
                if alike >= least:
                    yield word, alike
