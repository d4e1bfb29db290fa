"""What turns the words of the sources into something that they do not say: figures, bounds, negations, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.domain.claims.breadth import CONDITION, widened
from shared.domain.claims.denials import turned
from shared.domain.claims.grounds import Grounds, Said
from shared.domain.claims.lexicon import Word
from shared.domain.grounding import Figure

_SUPERLATIVE = re.compile(
    r"\bam (?!liebsten|besten|ehesten|wenigsten)\w{3,}sten\b"
    r"|\bmost (?!cases\b|of\b|days\b|times\b|people\b|likely\b|recent\b)\w+(?! of\b)"
    r"|\bnumber one\b|\bno\. ?1\b"
    r"|\bnummer eins\b|\bkeine?r? ander\w+|\bno other\b|\bnobody else\b|\banybody else\b|\banyone else\b"
    r"|\bonly (?:one|\w+ (?:in|that|who))\b|\b(?:der|die|das) einzige\w*",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:free|kostenlos\w*|kostenfrei\w*|gratis|frei|included|inklusive|enthalten|inbegriffen|inklusive)\b",
    re.IGNORECASE,
)
_EXTRA = re.compile(r"\b(?:extra|on top|plus|surcharge|zuzüglich|zzgl|aufpreis|zusätzlich)\b|\+", re.IGNORECASE)
_CONDITION = re.compile(CONDITION, re.IGNORECASE)
_SOON = re.compile(
    r"\b(?:tomorrow|tonight|(?:next|same|nächsten|selben|gleichen) (?:day|tag)|übermorgen)\b"
    r"|(?<!uten )(?<!\bam )(?<!\bder )\bmorgen\b"
)


def faults(said: Said, carried: Sequence[Word], lines: Sequence[Said], grounds: Grounds) -> Iterator[str]:
    """Each thing that the sources do not say so, in words for the reader."""
    yield from turned(said, carried, grounds)
    yield from figure_faults(said, carried, grounds)
    yield from _unconditional(said, carried, grounds)
    yield from _priced(said, carried, grounds)
    yield from _given(said, carried, grounds)
    yield from widened(said, carried, lines, grounds)
    if (found := _SUPERLATIVE.search(said.text)) and not any(_SUPERLATIVE.search(line.text) for line in grounds.lines):
        yield f"{found[0]!r} is in no source"
    yield from uncertain(said, lines)


def soon(said: Said, grounds: Grounds) -> str:
    """Tomorrow, said of anything, where nobody said so; else ""."""
    found = _SOON.search(said.text)
    return f"{found[0]!r} is in no source" if found and not _SOON.search(grounds.text) else ""


def figure_faults(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """A figure with another bound, of another thing, or one that counts something else."""
    yield from _uncounted(said, grounds)
    yield from _bounded(said, grounds)
    yield from _counted(said, grounds)
    yield from _exchanged(said, carried, grounds)


def uncertain(said: Said, lines: Sequence[Said]) -> Iterator[str]:
    """'Is planned' is not 'is': what the line that carries most says only with a doubt."""
    if not lines or said.hedged or not lines[0].hedged:
        return
    sure = frozenset[str]().union(*(part.known for part in lines[0].segments if not part.hedged))
    mine = {key for clause in said.clauses for word in clause.words for key in word.keys}
    if mine & lines[0].known - sure:
        yield f"the source is less certain: {lines[0].text!r}"


def _priced(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """What has a price of its own is not free."""
    for clause in said.clauses:
        if not _FREE.search(clause.text):
            continue
        for word in carried:
            lines = [line for line in grounds.lines if word.keys & line.keys]
            if word.light or _FREE.fullmatch(word.said) or word.keys.isdisjoint(clause.keys):
                continue
            if any(_EXTRA.search(line.text) for line in lines) and not any(_FREE.search(line.plain) for line in lines):
                yield f"the source names a price for {word.said!r}"


def _given(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """What is free must be what a source calls free."""
    if not _FREE.search(said.plain):
        return
    free = [line for line in grounds.lines if _FREE.search(line.plain)]
    about = [word for word in carried if not word.light and not _FREE.fullmatch(word.said)]
    if about and not any(word.keys & line.known for word in about for line in free):
        yield "no source calls this free"


def _own(word: Word) -> frozenset[str]:
    """What is the word itself, not only of like meaning."""
    return frozenset(key for key in word.keys if not key.startswith("class:"))


def _uncounted(said: Said, grounds: Grounds) -> Iterator[str]:
    """A number in words that stands in no source; two may only mean both."""
    for figure in said.figures:
        counts = figure.number != "2" or said.kinds(figure)
        if not figure.said[0].isdigit() and counts and not any(grounds.with_number(figure.number)):
            yield f"{figure.said!r} is in no source"


def _bounded(said: Said, grounds: Grounds) -> Iterator[str]:
    """'up to 12' is not '12', and 'more than 500' is not '500'."""
    for figure in said.figures:
        found = list(grounds.with_number(figure.number))
        bounds = frozenset[str]().union(*(line.bounds(theirs) for line, theirs in found))
        mine = said.bound(figure)
        timed = not said.kinds(figure) and any("time" in line.kinds(theirs) for line, theirs in found)
        if bounds and mine not in bounds and not timed:
            yield f"the sources do not say {mine or 'exactly'} {figure.said!r}"


def _counted(said: Said, grounds: Grounds) -> Iterator[str]:
    """'two days' is not said by 'two trainers': what a figure counts must be what some source counts with it."""
    for figure in said.figures:
        mine = said.kinds(figure)
        theirs = [line.kinds(other) for line, other in grounds.with_number(figure.number)]
        if mine and theirs and all(kinds and not kinds & mine for kinds in theirs):
            yield f"no source counts this with {figure.said!r}"


def _exchanged(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """A figure of one thing said of another, whose own figure the sources name."""
    for figure in said.figures:
        kinds = said.kinds(figure)
        if not kinds:
            continue
        lines = [line for line, _ in grounds.with_number(figure.number)]
        rivals = [part for line in grounds.lines for part in line.segments if _rival(part, figure, kinds, said)]
        own = [part for line in lines for part in line.segments if not _rival(part, figure, kinds, said)]
        for word in carried if own else ():
            here = any(word.keys & part.known for part in own)
            there = any(_own(word) & part.known for part in rivals)
            if there and not here and not word.light:
                yield f"{figure.said!r} is said of something else than {word.said!r}"


def _rival(part: Said, figure: Figure, kinds: frozenset[str], said: Said) -> bool:
    """Does it give another figure of that kind, which the text does not name as well?"""
    numbers = {each.number for each in part.figures if part.kinds(each) & kinds}
    return bool(numbers) and numbers.isdisjoint(each.number for each in said.figures)


def _unconditional(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """What is free under a condition is not simply free."""
    if not _FREE.search(said.plain) or said.figures:
        return
    for word in carried:
        if word.light or _FREE.fullmatch(word.said):
            continue
        lines = [line for line in grounds.lines if _own(word) & line.known]
        theirs = [clause.text for line in lines for clause in line.clauses if _FREE.search(clause.text)]
        if theirs and all(_CONDITION.search(each) and re.search(r"\d", each) for each in theirs):
            yield f"the source names a condition: {theirs[0].strip()!r}"
