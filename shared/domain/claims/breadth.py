"""What is said more widely than the sources say it: of all, always, of other things, in comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.domain.claims.grounds import Grounds, Said
from shared.domain.claims.lexicon import Word

CONDITION = (
    r"\b(?:above|over|from|if|when|for|until|only|under|upwards|provided|members?|ab|über|bei|wenn|falls|für|bis|nur|unter"
    r"|sofern|within|im umkreis)\b"
)
"""Words that bind what is said to a case."""
_LIMITED = re.compile(rf"{CONDITION}|\b(?:with|mit|beim|except|außer|sonst|otherwise)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:bei|mit|für|with|for|from) (?:uns|sie|ihnen|dich|dir|euch|us|you)\b", re.IGNORECASE)
_ALWAYS = re.compile(
    r"\b(?:always|for everyone|for everybody|for all|any (?:day|time)|anytime|every (?:visit|time)|at all times"
    r"|immer|jederzeit|für alle|für jede[ns]?|jedes mal|auf allen)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"^\W*(?:all|every|everybody|everyone|both|alle[nrsm]?|jede[rsnm]?|beide[n]?|sämtliche\w*)\b"
    r"|\b(?:your whole|the whole|ihre ganzen?)\b"
    r"|\b(?:whenever|wherever|whatever|whichever|regardless|no matter|either way|in any case|alike|the same (?:as|for)"
    r"|summer (?:or|and) winter|auf jeden fall|genauso|gleichermaßen|egal|ganz gleich|ebenfalls|sommer wie winter)\b",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"\b(?:always|all|any|every|each|everyone|both|immer|alle[nrsm]?|jede[nrsm]?|beide[nrsm]?|jederzeit|stets|täglich"
    r"|per|je|pro|\w+(?:days|tags))\b",
    re.IGNORECASE,
)
_ALL_THERE = re.compile(
    r"\b(?:always|all|any|every|each|everyone|everybody|everything|whole|both|immer|alle[nrsm]?|alles|jede[nrsm]?"
    r"|beide[nrsm]?|ganze[nrsm]?|jederzeit|stets|täglich|\w+(?:days|tags))\b",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:except|apart from|other than|but for|but not|only|further|außer|ausgenommen|bis auf"
    r"|abgesehen|nur|sondern)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(?:or|and|und|oder|sowie|as well as)\b|&|/", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?!other\b|rather\b|later\b)(?:more|less|fewer|\w{3,}er) than "
    r"(?!\W?[€$£]?\d|two|three|four|five|six|seven|eight|nine|ten)\w+"
    r"|\b(?!aber\b|oder\b|später\b|früher\b|immer\b)(?:mehr|weniger|\w{3,}er) als "
    r"(?!\d|zwei|drei|vier|fünf|sechs)[a-zäöüß]\w*",
    re.IGNORECASE,
)


def widened(said: Said, carried: Sequence[Word], lines: Sequence[Said], grounds: Grounds) -> Iterator[str]:
    """Each way in which the sentence says more than its sources, in words for the reader."""
    yield from _unlimited(said, lines)
    yield from _of_all(said, lines)
    yield from _but_for(said, lines)
    yield from _apart(said, carried, grounds)
    if (found := _COMPARED.search(said.plain)) and not any(_COMPARED.search(line.plain) for line in grounds.lines):
        yield f"no source compares: {found[0]!r}"


def _unlimited(said: Said, lines: Sequence[Said]) -> Iterator[str]:
    """What holds under a condition does not hold always and for everybody."""
    found = _ALWAYS.search(said.text)
    if not found or _LIMITED.search(_OURS.sub("", said.text.replace(found[0], ""))):
        return
    limited = bool(lines) and bool(_LIMITED.search(lines[0].text))
    if limited and not any(_ANY.search(line.text) for line in lines):
        yield f"the source does not say {found[0]!r}: {lines[0].text!r}"


def _of_all(said: Said, lines: Sequence[Said]) -> Iterator[str]:
    """All, both, everybody, whatever happens: what is said so widely must be said so widely by a source."""
    found = _ALL.search(said.plain)
    if found and not any(_ALL_THERE.search(line.text) for line in lines):
        yield f"the source does not say {found[0].strip()!r}"


def _but_for(said: Said, lines: Sequence[Said]) -> Iterator[str]:
    """All, where the source names an exception that is left out."""
    found = _EXCEPT.search(lines[0].text) if lines else None
    if found and _ALL_THERE.search(said.plain) and not _EXCEPT.search(said.text):
        yield f"the source says {found[0]!r}: {lines[0].text!r}"


def _apart(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """One statement made of words of which no line has more than half; of a list that is as it should be."""
    asserting = [word for word in carried if not word.light]
    for clause in said.clauses:
        mine = [word for word in asserting if re.search(rf"\b{word.said}\b", clause.text)]
        if len(mine) < 2 or _JOINED.search(clause.text):
            continue
        most = max((sum(not word.keys.isdisjoint(line.known) for word in mine) for line in grounds.lines), default=0)
        if 2 * most <= len(mine):
            yield f"no source says this of {mine[0].said!r}"
