"""Words as the judge of claims compares them: stemmed, in classes of like meaning, German compounds taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from shared.domain.claims import vocabulary

Language = Literal["en", "de"]
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SEPARABLE = ("an", "auf", "aus", "bei", "ein", "mit", "nach", "statt", "teil", "vor", "zu", "ab", "los", "her")
_LINKS = ("", "s", "es", "n", "en", "e")
_REMEMBERED = 20_000
"""Words; what is written is anybody's, so not without end."""
_PART = 4
"""The fewest letters of a part of a compound."""


class Word(NamedTuple):
    """One content word: as it was said, and what it is compared by (its stem and its classes of meaning)."""

    said: str
    keys: frozenset[str]
    hard: bool
    """It asserts much: only what people said may carry it."""


def words(text: str, language: Language) -> Iterator[Word]:
    """The content words of a text; what only holds a sentence together is left out."""
    for said in _spoken(text):
        if (word := _read(said, language)) is not None:
            yield word


def all_keys(text: str) -> frozenset[str]:
    """What a source can carry: the keys of its words, read in both languages, and of the parts of its compounds."""
    found: set[str] = set()
    for said in _spoken(text):
        for language in ("en", "de"):
            found |= keys(said, language)
            found |= {f"stem:{_stem(part, 'de')}" for part in _heads(said)}
    return frozenset(found)


def parts_known(said: str, known: frozenset[str]) -> bool:
    """Is it a German compound of two words, each known or saying nothing by itself (Kursgebühr)?"""
    word = said.lower()
    for cut in range(_PART, len(word) - _PART + 1):
        first, second = word[:cut], word[cut:]
        if _carried(second, known) and any(_carried(_without(first, link), known) for link in _LINKS):
            return True
    return False


@lru_cache(maxsize=_REMEMBERED)
def keys(said: str, language: Language) -> frozenset[str]:
    """The stem of a word and the classes of meaning that it stands in."""
    stem = _stem(said, language)
    return frozenset({f"stem:{stem}", *_classes(language).get(stem, ())})


def _spoken(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        whole = found[0].replace("’", "'")
        yield from (part for part in re.split(r"[-']", whole) if part)


def _read(said: str, language: Language) -> Word | None:
    lowered = said.lower()
    if lowered in _words(vocabulary.FUNCTION[language]):
        return None
    stem = _stem(said, language)
    hard = stem in _stems(vocabulary.HARD, language)
    if not hard and len(said) > 1 and stem in _empty(language):
        return None
    return Word(said, keys(said, language), hard) if len(said) > 1 else None


def _carried(part: str, known: frozenset[str]) -> bool:
    return len(part) >= _PART and (bool(keys(part, "de") & known) or _stem(part, "de") in _empty("de"))


def _without(word: str, link: str) -> str:
    return word[: -len(link)] if link and word.endswith(link) else word


def _heads(said: str) -> Iterator[str]:
    """Beginnings and ends of a long German word that are words in the vocabulary's classes."""
    word = said.lower()
    if len(word) < 2 * _PART:
        return
    for cut in range(_PART, len(word) - _PART + 1):
        for part in (word[:cut], word[cut:]):
            if _stem(part, "de") in _classes("de"):
                yield part


@cache
def _empty(language: Language) -> frozenset[str]:
    said = (vocabulary.NEUTRAL, vocabulary.EVALUATIVE, vocabulary.CALLS)
    return frozenset().union(*(_stems(listed, language) for listed in said))


@cache
def _classes(language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(vocabulary.SAME.strip().splitlines()):
        for stem in _stems(line, language):
            found[stem] = tuple({*found.get(stem, ()), f"class:{number}"})
    return found


@cache
def _stems(listed: str, language: Language) -> frozenset[str]:
    return frozenset(_stem(form, language) for word in listed.split() for form in _forms(word, language))


def _forms(word: str, language: Language) -> Iterator[str]:
    """A dictionary form, and of a German verb the regular forms that stemming does not bring together."""
    yield from word.split("-")
    if language == "en" or not word.endswith("n") or len(word) < 2 * _PART - 2:
        return
    root = word[:-2] if word.endswith("en") else word[:-1]
    yield from (root + end for end in ("t", "et", "st", "te", "ten"))
    prefix = next((each for each in _SEPARABLE if root.startswith(each) and len(root) > len(each) + 2), "")
    yield from (f"{prefix}ge{root.removeprefix(prefix)}{end}" for end in ("t", "et", "en"))


@cache
def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@lru_cache(maxsize=_REMEMBERED)
def _stem(word: str, language: Language) -> str:
    return str(_stemmer(language).stemWord(word.lower()))


@cache
def _stemmer(language: Language) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer({"en": "english", "de": "german"}[language])
