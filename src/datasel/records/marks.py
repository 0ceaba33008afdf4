"""Text is UTF-8: a byte order mark at its start is no part of it, and UTF-16 and UTF-32 are errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from datasel.errors import DataError

UTF8 = b"\xef\xbb\xbf"
# UTF-32 first: its little-endian mark begins with that of UTF-16
_MARKS = ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_LOOKED_AT = 1 << 12  # bytes
_PLANES = 3  # of Unicode, those that have characters but for tags
_CONTROLS = bytes(range(32))
_STRANGE = re.compile("[\0-\x08\x0e-\x1f\ud800-\udfff]")


def unmarked(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The bytes of a text without the byte order mark; DataError for one in UTF-16 or UTF-32, marked or not."""
    head = b""
    rest = iter(chunks)
    for chunk in rest:
        head += chunk
        if not any(mark.startswith(head) for mark in (UTF8, *(mark for mark, _ in _MARKS))):
            break
    if found := foreign(head):
        raise DataError(f"the text is in {found}, not in UTF-8; 'iconv -f {found} -t UTF-8' converts it", name)
    head = head.removeprefix(UTF8)
    if head:
        yield head
    yield from rest


def foreign(head: bytes) -> str | None:
    """The encoding of a text that begins so, as iconv calls it, if it is UTF-16 or UTF-32."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    head = head[:_LOOKED_AT]
    if b"\0" not in head:
        return None
    whole = head[: len(head) // 4 * 4]
    if len(whole) >= 8:
        for order, encoding in ((slice(None, None, -1), "UTF-32LE"), (slice(None), "UTF-32BE")):
            first, second = (whole[place::4] for place in (range(4)[order])[:2])
            if not first.strip(b"\0") and max(second) <= _PLANES:
                return encoding
    whole = head[: len(head) // 2 * 2]
    for high, encoding in ((whole[1::2], "utf-16-le"), (whole[::2], "utf-16-be")):
        if _is_utf16(high, whole.decode(encoding, "surrogatepass"), head):
            return encoding.upper().replace("-LE", "LE").replace("-BE", "BE")
    return None


def _is_utf16(high: bytes, text: str, head: bytes) -> bool:
    """Whether the first bytes of a text make sense as UTF-16.

    NUL is an ordinary character in UTF-8, so that one is there proves nothing.  But lines end in a LF of two bytes, and
    the upper bytes of a script below U+2000 (any but those of East Asia) are control characters.  The letters of East
    Asia are seldom UTF-8.
    """
    if _STRANGE.search(text) or text.isspace() or 0 not in high or b"\n" in head and "\n" not in text:
        return False
    if len(high) < 2 or len(high) < 4 and high.strip(b"\0"):
        return False  # too little to tell
    if len(high.translate(None, _CONTROLS)) * 10 <= len(high):
        return True
    return not _is_utf8(head)


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # cut in the middle of a character
    return True
