"""A negation that the sources do not have, or theirs left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.domain.claims.grounds import Clause, Grounds, Said
from shared.domain.claims.lexicon import Word
from shared.domain.claims.polarity import Spoken, turns

_LEAST = 2
"""Words that two clauses share before one that asserts nothing by itself is compared in them."""


def turned(said: Said, carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """What the sentence denies and its sources do not, or the other way round, in words for the reader."""
    asserting = frozenset[str]().union(*(word.keys for word in carried if not word.light))
    for clause in said.clauses:
        if _unlike_its_source(clause, grounds) or _words_turned(clause, asserting, grounds):
            yield "it says the opposite of its source" if clause.negated else "its source says this with a negation"
    if not said.negated and not turns(said.plain):
        yield from _only_denied(carried, grounds)


def _unlike_its_source(mine: Clause, grounds: Grounds) -> bool:
    """Is every clause that is most like this one denied, and this one not?"""
    if mine.negated or any(word.denied is None for word in mine.words):
        return False
    near = [(mine.shares(theirs), theirs) for theirs in grounds.clauses if not mine.keys.isdisjoint(theirs.keys)]
    most = max((count for count, _ in near), default=0)
    return most > max(1, len(mine.words) // 3) and all(theirs.negated for count, theirs in near if count == most)


def _words_turned(mine: Clause, asserting: frozenset[str], grounds: Grounds) -> bool:
    """Is a word denied here and nowhere in the sources, or the other way round?"""
    for word in mine.words:
        asserts = not word.keys.isdisjoint(asserting)
        if word.denied is not None and _denied_in(word, mine, grounds, asserts) == {not word.denied}:
            return True
    return False


def _denied_in(word: Spoken, mine: Clause, grounds: Grounds, asserts: bool) -> set[bool | None]:
    """How the sources say the word; what asserts nothing by itself, only in the clauses most like this one."""
    near = [(mine.shares(clause), clause) for clause in grounds.clauses if not word.keys.isdisjoint(clause.keys)]
    least = 1 if asserts else max(_LEAST, *(count for count, _ in near), _LEAST)
    theirs = [each for count, clause in near if count >= least for each in clause.words]
    return {each.denied for each in theirs if not word.keys.isdisjoint(each.keys)}


def _only_denied(carried: Sequence[Word], grounds: Grounds) -> Iterator[str]:
    """A word that all its sources deny in a sentence that denies nothing."""
    for word in carried:
        clauses = [clause for clause in grounds.clauses if not word.keys.isdisjoint(clause.keys)]
        if not word.light and clauses and all(clause.negated for clause in clauses):
            yield f"its source says {word.said!r} with a negation"
