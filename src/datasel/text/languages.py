"""Languages by their codes: which are written in Latin script, which in another.

The two-letter codes of ISO 639-1, and three-letter ones (ISO 639-3) of languages of India that have no shorter one.  A
tag may go on as BCP 47 has it: hi-IN, or hi-Latn for Hindi in Latin script.
"""

from __future__ import annotations

from typing import NamedTuple

_LATIN = """
aa af ak an ay az bi bm br bs ca ch co cs cy da de ee en eo es et eu ff fi fj fo fr fy ga gd gl gn gv ha ho hr ht hu hz
ia id ie ig ik io is it jv kg ki kj kl kr kw la lb lg li ln lt lu lv mg mh mi ms mt na nb nd ng nl nn no nr nv ny oc om
pl pt qu rm rn ro rw sc se sg sk sl sm sn so sq ss st su sv sw tk tl tn to tr ts tw ty uz ve vi vo wa wo xh yo za zu
"""
_OTHER = """
ab am ar as av awa ba be bg bho bn bo brx ce cr cu cv doi dv dz el fa gom gu he hi hne hy ii iu ja ka kk km kn ko kok ks
ku kv ky lo mag mai mk ml mn mni mr my ne oj or os pa pi ps ru sa sat sd si sr syl ta tcy te tg th ti tt ug uk ur yi zh
"""


class Language(NamedTuple):
    code: str  # ISO 639, lower case
    latin: bool  # written in Latin script


def language(tag: str) -> Language:
    """The language that a tag names; ValueError for one that is not known."""
    code, *more = tag.replace("_", "-").lower().split("-")
    if code not in (_LATIN + _OTHER).split():
        raise ValueError(f"'{tag}' is no language that is known (en, hi, ta, ...)")
    scripts = [part for part in more[:2] if len(part) == 4 and part.isalpha()]
    return Language(code, scripts[0] == "latn" if scripts else code in _LATIN.split())
