"""How words are pronounced, by espeak-ng: their phones in the IPA, and these as the tokens of an acoustic model."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import unicodedata
from collections.abc import Mapping, Sequence
from os.path import commonprefix

from datasel.errors import DataError
from datasel.speech.inventory import NOTHING

# What stands for no phone: stress, the voice that a foreign word is read by, and signs that have no width.
_MARKS = re.compile("[ˈˌ]|\\([\\w-]+\\)|[\u200b-\u200d]")
_APART = re.compile(r"[_\s]+")
# Of espeak-ng's speak_lib.h.
_UTF8, _IPA = 1, 2
# A script's name is sought among letters up to that far from one, every fifth; no shorter beginning is one.
_NEAR, _STEP, _SHORTEST = 60, 5, 3


class Voice:
    """A voice of espeak-ng, whose library is called: its program would also compute the sound, and takes many times
    as long."""

    def __init__(self, language: str):
        """DataError where espeak-ng is missing or has no such voice."""
        self._library, self._name = _library(), language.encode()
        self._names: dict[str, tuple[list[str], bool]] = {}  # of scripts met, and whether it is all that is said
        self._choose()

    def _choose(self) -> None:
        if b"\0" in self._name or self._library.espeak_SetVoiceByName(self._name) != 0:
            raise DataError(f"espeak-ng has no voice '{self._name.decode()}' ('espeak-ng --voices' lists them)")

    def phones(self, words: Sequence[str]) -> list[list[str]]:
        """The phones of each word as it is said alone, in the IPA without stress; none for what is not said."""
        self._choose()  # the library has one voice at a time
        return [self._phones(word) for word in words]

    def names_script(self, word: str, phones: Sequence[str]) -> bool:
        """Whether the phones of a word hold the name of a script, which espeak-ng says before a letter that its voice
        does not know: "Hindi na" for न in English."""
        for script, letter in {_script(letter): letter for letter in word if not letter.isascii()}.items():
            if script not in self._names:
                self._names[script] = self._name_of(script, letter)
            name, alone = self._names[script]
            if list(phones) == name and not alone:
                continue  # the word that is the name
            if name and any(list(phones[at : at + len(name)]) == name for at in range(len(phones))):
                return True
        return False

    def _name_of(self, script: str, letter: str) -> tuple[list[str], bool]:
        """What letters of the script all begin with when each is said alone; nothing for a script that is known."""
        near = map(chr, range(max(ord(letter) - _NEAR, 0), ord(letter) + _NEAR, _STEP))
        others = [other for other in near if other.isalpha() and _script(other) == script]
        said = [phones for phones in self.phones([letter, *others]) if phones]
        name = commonprefix(said) if len(said) > 2 else []
        return (name if len(name) >= _SHORTEST else []), all(phones == name for phones in said)

    def _phones(self, word: str) -> list[str]:
        said, left = [], ctypes.c_char_p(word.replace("\0", " ").encode())
        while left.value is not None:  # it takes a clause at a time
            clause = self._library.espeak_TextToPhonemes(ctypes.byref(left), _UTF8, _IPA | ord("_") << 8)
            said.append((clause or b"").decode(errors="replace"))
        return [phone for phone in _APART.split(_MARKS.sub("", " ".join(said))) if phone]


def _script(letter: str) -> str:
    """The first word of its name in Unicode: DEVANAGARI, HIRAGANA, CJK."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _library() -> ctypes.CDLL:
    for name in (ctypes.util.find_library("espeak-ng"), "libespeak-ng.so.1"):
        try:
            library = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if not library:
            continue
        library.espeak_ng_InitializePath(None)
        # not espeak_Initialize, which opens a sound device as well
        if library.espeak_ng_Initialize(None) == 0:
            library.espeak_TextToPhonemes.restype = ctypes.c_char_p
            return library
    raise DataError("espeak-ng is missing: install it (Debian and Ubuntu: apt-get install espeak-ng)")


def version_of_espeak() -> str:
    """As espeak-ng says it; DataError where it is missing."""
    library = _library()
    library.espeak_Info.restype = ctypes.c_char_p
    return library.espeak_Info(None).decode(errors="replace")


class Classes:
    """Phones as the classes of a token map."""

    def __init__(self, classes: Mapping[str, str]):
        """``classes`` is that of each IPA symbol: a phone, or a part of one."""
        self._classes = classes
        self._longest = max(map(len, classes), default=0)
        self._known: dict[str, list[str]] = {}  # the classes of the phones met

    def of(self, phones: Sequence[str]) -> tuple[str, ...]:
        """The classes of phones, those without one left out; KeyError with a symbol that the map lacks."""
        return tuple(name for phone in phones for name in self._found(phone))

    def _found(self, phone: str) -> list[str]:
        if phone not in self._known:
            names, start = [], 0
            while start < len(phone):
                ends = range(min(len(phone), start + self._longest), start, -1)
                end = next((end for end in ends if phone[start:end] in self._classes), None)
                if end is None:
                    raise KeyError(phone[start])
                names.append(self._classes[phone[start:end]])
                start = end
            self._known[phone] = [name for name in names if name != NOTHING]
        return self._known[phone]
