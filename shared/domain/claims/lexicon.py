"""Words as the judge of claims compares them: stemmed, in classes of like meaning, German compounds taken apart."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from shared.domain.claims import kinds, light_de, light_en, thesaurus, vocabulary
from shared.domain.claims.stems import Language, bare_verb, present, root, stem

_WORD = re.compile(r"[^\W\d_]+")
_DENIAL = re.compile(r"\bun(?!ter|der|til|ite|i[oqv]|se)\w{5,}", re.IGNORECASE)
_LINKS = ("", "s", "es", "n", "en", "e")
_LANGUAGES: tuple[Language, ...] = ("en", "de")
_REMEMBERED = 50_000
"""Words; what is written is anybody's, so not without end."""
_PART, _REST = 4, 3
"""The fewest letters of a part of a compound, and of what is left beside it."""


class Word(NamedTuple):
    """One content word: as it was said, and what it is compared by (its stem, its root, its classes of meaning)."""

    said: str
    keys: frozenset[str]
    hard: bool
    """It asserts much: only what people said may carry it."""
    light: bool
    """It asserts nothing by itself."""


def words(text: str, language: Language) -> list[Word]:
    """The content words of a text; what only holds a sentence together is left out."""
    return [word for said in _spoken(text) if (word := _read(said, language)) is not None]


@lru_cache(maxsize=_REMEMBERED)
def all_keys(word: str) -> frozenset[str]:
    """What a word of a source carries, read in both languages, and the kinds that it is one of."""
    return frozenset[str]().union(
        *(
            keys(word, language) | _kinds(word, language)
            for language in _LANGUAGES
            if word.lower() not in _words(vocabulary.FUNCTION[language])
        )
    )


@lru_cache(maxsize=_REMEMBERED)
def parts(word: str) -> frozenset[str]:
    """What the parts of a German compound of a source carry besides: Hundestrand is a Strand and about Hunde."""
    lowered, found = word.lower(), set[str]()
    if (verb := bare_verb(lowered)) != lowered:
        found |= keys(verb, "de")
    for cut in range(_REST, len(lowered) - _REST + 1):
        first, second = lowered[:cut], lowered[cut:]
        if len(second) >= _PART:
            found |= keys(second, "de")
        found |= {key for link in _LINKS if len(part := _without(first, link)) >= _PART for key in keys(part, "de")}
    return frozenset(found)


def spoken_keys(text: str) -> frozenset[str]:
    """The keys of all words of a source's text that say something."""
    return frozenset[str]().union(*(all_keys(said) for said in _spoken(text)))


def stated(text: str) -> list[frozenset[str]]:
    """The keys of each word that says something in either language."""
    return [all_keys(said) for said in _spoken(text) if not _function(said)]


def spoken_parts(text: str) -> frozenset[str]:
    """The keys of the parts of its compounds."""
    return frozenset[str]().union(*(parts(said) for said in _spoken(text) if len(said) >= _PART + _REST))


@lru_cache(maxsize=_REMEMBERED)
def keys(said: str, language: Language) -> frozenset[str]:
    """The forms of a word and the classes of meaning that they stand in."""
    classes = _classes(language)
    mine = _forms(said, language)
    if _is_denial(said):
        mine |= _forms(said[2:], language)
    return mine.union(*(classes.get(form, ()) for form in mine))


def parts_known(said: str, known: frozenset[str]) -> bool:
    """Is it a compound of two words, one known, the other too or saying nothing by itself (Kursgebühr)?"""
    word = said.lower()
    for cut in range(_PART, len(word) - _PART + 1):
        first, second = word[:cut], word[cut:]
        firsts = [_without(first, link) for link in _LINKS]
        both = _carried(second, known) and any(_carried(each, known) for each in firsts)
        if both and any(_known(each, known) for each in (second, *firsts)):
            return True
    return False


def asked_for(said: str, language: Language) -> bool:
    """May a call speak of it without anybody having said it?"""
    return not _forms(said, language).isdisjoint(_listed(vocabulary.ASKED_FOR, language))


def is_light(said: str, language: Language) -> bool:
    """Does a word assert nothing by itself?"""
    return bool(_forms(said, language) & _light(language))


@lru_cache(maxsize=5_000)
def _spoken(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) > 1]


@lru_cache(maxsize=_REMEMBERED)
def _read(said: str, language: Language) -> Word | None:
    if said.lower() in _words(vocabulary.FUNCTION[language]):
        return None
    hard = not _hard(language).isdisjoint(_forms(said, language))
    return Word(said, keys(said, language), hard, not hard and is_light(said, language))


def _forms(said: str, language: Language) -> frozenset[str]:
    """Stem and root, and the root of the German verb that the word may be a participle of."""
    roots = {root(said, language)}
    if language == "de":
        roots |= {root(present(said), "de"), root(root(said, "de"), "de")}
    return frozenset({f"stem:{stem(said, language)}", *(f"root:{each}" for each in roots)})


def _function(said: str) -> bool:
    return any(said.lower() in _words(vocabulary.FUNCTION[language]) for language in _LANGUAGES)


def _carried(part: str, known: frozenset[str]) -> bool:
    return len(part) >= _PART and (bool(keys(part, "de") & known) or is_light(part, "de"))


def _known(part: str, known: frozenset[str]) -> bool:
    return len(part) >= _PART and not keys(part, "de").isdisjoint(known)


def _without(word: str, link: str) -> str:
    return word[: -len(link)] if link and word.endswith(link) else word


@cache
def _hard(language: Language) -> frozenset[str]:
    return _listed(vocabulary.HARD, language, roots=language == "de") | _listed(
        vocabulary.HARD_FORMS, language, roots=False
    )


@cache
def _light(language: Language) -> frozenset[str]:
    own = {"en": light_en.LIGHT, "de": light_de.LIGHT}[language]
    said = (own, vocabulary.NEUTRAL, vocabulary.EVALUATIVE, vocabulary.CALLS)
    return frozenset[str]().union(*(_listed(listed, language) for listed in said))


def denies(text: str) -> bool:
    """Is there a word that says the opposite of another (ungespritzt, unopened)?"""
    found = (each[0] for each in _DENIAL.finditer(text))
    return any(not any(is_light(said, each) for each in _LANGUAGES) for said in found)


def _is_denial(said: str) -> bool:
    return bool(_DENIAL.match(said))


def _kinds(said: str, language: Language) -> frozenset[str]:
    carried = _kinds_of(language)
    return frozenset[str]().union(*(carried.get(form, frozenset()) for form in _forms(said, language)))


@cache
def _kinds_of(language: Language) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in kinds.KINDS.split("|"):
        names, members = line.split(":")
        carried = frozenset[str]().union(*(_listed(names, each) for each in _LANGUAGES))
        for form in _listed(members, language):
            found[form] = found.get(form, frozenset()) | carried
    return found


@cache
def _classes(language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(thesaurus.SAME.split("|")):
        for form in _listed(line, language):
            found[form] = tuple({*found.get(form, ()), f"class:{number}"})
    return found


@cache
def _listed(listed: str, language: Language, roots: bool = True) -> frozenset[str]:
    said = [part for word in listed.split() for part in word.split("-")]
    stems = {f"stem:{stem(word, language)}" for word in said}
    return frozenset(stems | {f"root:{root(word, language)}" for word in said} if roots else stems)


@cache
def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())
