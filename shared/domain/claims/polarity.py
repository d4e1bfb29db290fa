"""Which words of a clause are denied: those that its negation reaches."""

from __future__ import annotations

import re
from typing import NamedTuple

from shared.domain.claims.lexicon import denies, stated

_BOUND = r"(?!(?: \w+){0,3} (?:more|less|fewer|later|earlier|mehr|weniger|später|früher) (?:than|als)\b)"
"""'Never more than five' is a bound, no denial."""
NEGATION = re.compile(
    rf"\b(?:no|not|never|nicht|nie|keine?){_BOUND}\b|n't\b{_BOUND}"
    r"|\b(?:none|without|nobody|nothing|cannot|neither|nor|hardly|rarely|seldom)\b"
    r"|\b(?:kein(?:e[rsmn])?|niemals|ohne|nichts|niemand|weder|noch nie|kaum|selten)\b",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\b(?:except|but|sondern|außer|ausgenommen|other than)\b", re.IGNORECASE)
_TURNS = re.compile(
    r"\b(?:sorry|afraid|leider|unable|skip\w*|refuse\w*|avoid\w*|exclude\w*|extra|separate\w*|off|missing|beyond"
    r"|verzichte\w*|entfäll\w*|entfallen|ruht|ruhen|draußen|fehl\w*|ersparen|instead|statt|unless|sonst|otherwise"
    r"|hardly|rarely|seldom|kaum|selten|except|außer|outside|außerhalb)\b",
    re.IGNORECASE,
)
"""Words that turn what is said without being negations: with one of them, what a clause denies is not decided here."""


_REFUSES = re.compile(r"\b(?:sorry|afraid|leider|unable|verzichte\w*|draußen bleiben|bedauer\w*)\b", re.IGNORECASE)
"""Words that deny what is said in the clause beside them."""


class Spoken(NamedTuple):
    """A word of a clause: what it is compared by, and whether it is denied (None: cannot be told)."""

    keys: frozenset[str]
    denied: bool | None


def refuses(text: str) -> bool:
    """Does it deny what another clause says?"""
    return bool(_REFUSES.search(text)) or (bool(NEGATION.search(text)) and not stated(text))


def turns(text: str) -> bool:
    """Is there a word that may turn what is said, without being a negation?"""
    return bool(_TURNS.search(text) or _REFUSES.search(text))


def is_denied(text: str) -> bool:
    """Is there a negation?"""
    return bool(NEGATION.search(text)) or denies(text)


def spoken(text: str) -> list[Spoken]:
    """The words of a clause. A negation reaches from itself to the end or to an exception; one at the end reaches back;
    of the words before another it cannot be told."""
    found = list(NEGATION.finditer(text))
    if _TURNS.search(text) or denies(text) or len(found) > 1:
        return [Spoken(keys, None) for keys in stated(text)]
    if not found:
        return [Spoken(keys, False) for keys in stated(text)]
    begin, after = found[0].start(), found[0].end()
    stop = _EXCEPT.search(text, after)
    end = stop.start() if stop else len(text)
    before, reached, rest = stated(text[:begin]), stated(text[after:end]), stated(text[end:])
    if not reached:
        return [*(Spoken(keys, True) for keys in before), *(Spoken(keys, False) for keys in rest)]
    return [
        *(Spoken(keys, None) for keys in before),
        *(Spoken(keys, True) for keys in reached),
        *(Spoken(keys, False) for keys in rest),
    ]
