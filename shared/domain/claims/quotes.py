"""Whether a quotation carries a sentence, as far as that can be checked without understanding it."""

from __future__ import annotations

from shared.domain.claims.grounds import Said, Source
from shared.domain.claims.lexicon import words
from shared.domain.claims.stems import Language

_SHORTEST = 3
"""Words of a quotation."""


def carries(quote: str, source: Source, sentence: str, language: str) -> bool:
    """Does the quotation stand in the source word for word, speak of something that the sentence speaks of, and deny
    if and only if the sentence does? Whoever quotes may be wrong or lie; what fails here is no evidence."""
    spoken: Language = "de" if language == "de" else "en"
    said, theirs = Said(sentence), Said(quote)
    if len(quote.split()) < _SHORTEST or _even(quote) not in _even(source.text) or said.negated != theirs.negated:
        return False
    return any(not word.keys.isdisjoint(theirs.known) for word in words(said.plain, spoken) if not word.light)


def _even(text: str) -> str:
    return " ".join(text.split())
