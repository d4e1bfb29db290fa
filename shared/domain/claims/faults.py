"""What turns the words of the sources into something that they do not say: figures, bounds, negations, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
_CONDITION = re.compile(
    r"\b(?:above|over|from|if|when|for|until|only|under|upwards|provided|members?|ab|über|bei|wenn|falls|für|bis|nur|unter"
    r"|sofern|within|im umkreis)\b",
    re.IGNORECASE,
)


def faults(said: Said, carried: Sequence[Word], lines: Sequence[Said], grounds: Grounds) -> Iterator[str]:
    """Each thing that the sources do not say so, in words for the reader."""
    yield from _turned(said, carried, grounds)
    yield from figure_faults(said, carried, grounds)
    yield from _unconditional(said, carried, grounds)
    yield from _priced(said, carried, grounds)
    if (found := _SUPERLATIVE.search(said.text)) and not any(_SUPERLATIVE.search(line.text) for line in grounds.lines):
        yield f"{found[0]!r} is in no source"
    yield from uncertain(said, lines)


def figure_faults(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """A figure with another bound, of another thing, or one that counts something else."""
    yield from _uncounted(said, grounds)
    yield from _bounded(said, grounds)
    yield from _counted(said, grounds)
    yield from _exchanged(said, carried, grounds)


def uncertain(said: Said, lines: Sequence[Said]) -> Iterator[str]:
    """'Is planned' is not 'is'."""
    if lines and lines[0].hedged and not said.hedged:
        yield f"the source is less certain: {lines[0].text!r}"


def _turned(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """A negation that the sources do not have, or theirs left out."""
    for mine in said.clauses:
        near = (theirs for theirs in grounds.clauses if not mine.keys.isdisjoint(theirs.keys))
        shared = [(mine.shares(theirs), theirs) for theirs in near]
        most = max((count for count, _ in shared), default=0)
        best = [theirs for count, theirs in shared if count == most]
        if most > max(1, len(mine.words) // 3) and all(theirs.negated != mine.negated for theirs in best):
            yield "it says the opposite of its source" if mine.negated else "its source says this with a negation"
    for word in carried if not said.negated else ():
        theirs = [clause for clause in grounds.clauses if not word.keys.isdisjoint(clause.keys)]
        if not word.light and theirs and all(clause.negated for clause in theirs):
            yield f"its source says {word.said!r} with a negation"


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
        bounds = {line.bound(theirs) for line, theirs in grounds.with_number(figure.number)}
        mine = said.bound(figure)
        if bounds and mine not in bounds:
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
        if not kinds or not (figure.unit or figure.said[-1].isdigit()):
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
