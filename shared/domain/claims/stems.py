"""What forms of a word are one word: irregular verbs, inflection, derivation (Röstung, geröstet)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Literal

from shared.domain.claims.verbs import IRREGULAR_DE, IRREGULAR_EN, SEPARABLE

Language = Literal["en", "de"]
_REMEMBERED = 50_000
"""Words; what is written is anybody's, so not without end."""
_STEMMING = Lock()
"""A stemmer keeps the word that it works on in itself: two threads at once would get each other's stems."""
_SHORTEST = 4
"""Letters of a root."""
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_INSEPARABLE = ("be", "ver", "er", "ent", "zer")
_ENDINGS = {
    "de": """
        ierungen ierung ierten ierte iert ieren iere ationen ation innen erin erei eure eur anten
        ant agen age ungen ung  heiten heit keiten keit lichen licher liches liche lich baren bare
        bar ischen ische isch ierbaren ierbare ierbar  enden ender endes ende end eten etes eter ete
        etet test tes ter ten te tet est et st en em er es e n s t
    """,
    "en": "ation ment ance ence ator ers er ri or al ag anc enc ist i e",
}
_BY_LENGTH = {language: sorted(listed.split(), key=len, reverse=True) for language, listed in _ENDINGS.items()}


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str, language: Language) -> str:
    """A word without its inflection."""
    plain = lemma(word.lower(), language)
    with _STEMMING:
        return str(_stemmer(language).stemWord(plain))


@lru_cache(maxsize=_REMEMBERED)
def root(word: str, language: Language) -> str:
    """A word without inflection and derivation; never shorter than four letters, unless the word is."""
    if language == "en":
        return _without_ending(stem(word, "en"), "en")
    return _without_ending(lemma(word.lower(), "de").translate(_FOLD), "de")


def present(word: str) -> str:
    """What a German participle may be of, to be read as one: gespritzt: spritzt; angemeldet: anmeldet."""
    lowered = word.lower()
    if not re.search(r"(?:t|en)(?:e[mnrs]?)?$", lowered):
        return lowered
    prefix = next((each for each in (*SEPARABLE, "") if lowered.startswith(f"{each}ge")), None)
    shortest = _SHORTEST + (2 if word[0].islower() else 3)
    if prefix is None or len(lowered) - len(prefix) < shortest:
        return lowered
    return prefix + lowered[len(prefix) + 2 :]


def bare_verb(word: str) -> str:
    """A German verb or what is made from it without the prefix that it leaves behind (abrechnen: rechnen)."""
    prefix = next((each for each in SEPARABLE if word.startswith(each) and len(word) - len(each) > _SHORTEST), "")
    return word.removeprefix(prefix)


@lru_cache(maxsize=_REMEMBERED)
def lemma(word: str, language: Language) -> str:
    """The infinitive of an irregular form, prefixed or not; any other word as it is."""
    known = _irregular(language)
    if word in known or language == "en":
        return known.get(word, word)
    for prefix in (*SEPARABLE, *_INSEPARABLE):
        rest = word.removeprefix(prefix)
        if rest != word and rest in known:
            return prefix + known[rest]
        if rest != word and prefix in _INSEPARABLE and f"ge{rest}" in known:
            return prefix + known[f"ge{rest}"]
    return word


def _without_ending(word: str, language: Language) -> str:
    for ending in _BY_LENGTH[language]:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


@cache
def _irregular(language: Language) -> dict[str, str]:
    lines = ({"en": IRREGULAR_EN, "de": IRREGULAR_DE}[language]).split("|")
    return dict(_of_line(lines))


def _of_line(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        infinitive, *forms = line.split()
        yield from ((form, infinitive) for form in (infinitive, *forms))


@cache
def _stemmer(language: Language) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer({"en": "english", "de": "german"}[language])
