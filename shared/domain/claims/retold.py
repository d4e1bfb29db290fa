"""Whether one unknown verb may be the writer's own way of putting what a source says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.claims.grounds import Said
from shared.domain.claims.lexicon import Word
from shared.domain.claims.stems import Language

_LEAST = 2
"""Words of weight that one line has."""
_BEFORE_VERB = re.compile(
    r"\b(?:we|you|they|i|it|he|she|to|will|can|could|may|must|should|would|'ll|n't|not|let)\s+$", re.IGNORECASE
)
_AFTER_VERB = re.compile(r"\s+(?:the|a|an|your|you|it|them|us|our|his|her|their|my|me|\d)\b", re.IGNORECASE)
_GERMAN_VERB = re.compile(r"(?:t|te|ten|tet|st|en|ern|eln)$")
_NOUN_AFTER = re.compile(r"\s+(?!Sie\b|Ihnen\b|Ihr)[A-ZÄÖÜ]")


def retold(
    said: Said, novel: Sequence[Word], carried: Sequence[Word], lines: Sequence[Said], language: Language
) -> bool:
    """Is the only unknown word a verb that asserts no more than others, and does one line have everything else?"""
    if len(novel) != 1 or novel[0].hard or not lines or not _is_verb(novel[0].said, said.plain, language):
        return False
    asserting = [word for word in carried if not word.light]
    return len(asserting) >= _LEAST and all(word.keys & lines[0].known for word in asserting)


def _is_verb(word: str, text: str, language: Language) -> bool:
    """As far as its place and form tell."""
    found = re.search(rf"\b{word}\b", text)
    if not found or not word.islower():
        return False
    before, after = text[: found.start()], text[found.end() :]
    if language == "de":
        return bool(_GERMAN_VERB.search(word)) and not _NOUN_AFTER.match(after)
    return bool(_BEFORE_VERB.search(before) or _AFTER_VERB.match(after))
