"""Words as the index compares them, in German and English alike: without case, accents and endings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UMLAUT = re.compile("([aou])e")
"""An umlaut may be written with an e."""
_LONGEST = 60
_STOP = """
    a about all also an and any are as at be been but by can could did do does for from had has have he her his how i if
    in into is it its just may me more most my no not of on only or other our out over she should so some such than
    that the their them then there these they this those to too up us was we were what when where which who why will
    with would you your
    aber alle als also am an auch auf aus bei beim bin bis da damit dann das dass dem den der des die dies diese dieser
    dieses doch dort du durch ein eine einem einen einer eines er es etwas für hat haben hatte hier ich ihr ihre ihrer
    im in ist ja kann kein keine können man mein mehr mich mir mit muss nach nicht noch nur ob oder ohne sehr sein seine
    sich sie sind so soll sowie über um und uns unser unsere unter vom von vor war waren was wenn wer werden wie wieder
    wir wird wo wurde wurden zu zum zur zwischen
"""
STOP = frozenset(_STOP.split())
"""Words that say nothing about what a text is about."""


def terms(text: str) -> str:
    """Every word of a text as it is compared, in order, separated by blanks."""
    return " ".join(map(_term, _WORD.findall(text)))


def asked(query: str, most: int = 24) -> list[str]:
    """The different words of a query, the first `most`, without those that say nothing unless there are no others."""
    words = [word for word in _WORD.findall(query) if len(word) <= _LONGEST]
    telling = [word for word in words if word.lower() not in STOP] or words
    return list(dict.fromkeys(_term(word) for word in telling))[:most]


@lru_cache(maxsize=1 << 17)
def _term(word: str) -> str:
    plain = word.lower().replace("ß", "ss").partition("'")[0].partition("’")[0]
    if not plain.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return _UMLAUT.sub(r"\1", _stem(plain[:_LONGEST]))


def _stem(word: str) -> str:
    """Endings of inflection taken off until four letters are left, after CISTEM (Weissweiler and Fraser 2017) with the
    English -ing and -ed: both ends of a comparison lose the same, so that it need not know the language."""
    if any(letter.isdigit() for letter in word):
        return word
    for ending, instead in (("ies", "y"), ("ing", ""), ("ed", "")):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            word = word[: -len(ending)] + instead
            break
    while len(word) > 4:
        if len(word) > 5 and word.endswith(("em", "er", "nd")):
            word = word[:-2]
        elif word.endswith(("e", "s", "n", "t")):
            word = word[:-1]
        else:
            break
    return word
