"""A workspace's style guide: words to avoid, how it sounds and addresses its readers, how names are spelled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.draft import Finding
from shared.domain.texts import Line
from shared.domain.voice import Heard, Voice, voice_findings

STYLE_GUIDE = "style-guide"
"""The document's id: a workspace has one."""
_DU = re.compile(r"\b(?:du|dich|dir|deine?[rsmn]?|euch|eure?[rsmn]?|eurem|euren)\b", re.IGNORECASE)
_SIE = re.compile(r"(?<![.!?:…\n] )(?<!^)(?<!\n)\b(?:Sie|Ihnen|Ihre?[rsmn]?)\b")
"""The beginning of a sentence leaves open whether `Sie` is the reader or somebody else."""


class Avoided(BaseModel):
    """Words that the house does not use; `instead` is what it says."""

    model_config = ConfigDict(extra="forbid")

    words: Line
    severity: Literal["error", "warning"] = "error"
    instead: Line | None = None


class StyleGuide(BaseModel):
    """The body of PUT /api/v1/style-guide, and the document. Empty where nobody wrote one: it forbids nothing."""

    model_config = ConfigDict(extra="forbid")

    avoid: Annotated[list[Avoided], Field(max_length=200)] = Field(default_factory=list)
    address: Literal["du", "Sie"] | None = None
    """How German texts address their readers; null: as the tone of the brief suggests."""
    voice: Voice = Field(default_factory=Voice)
    names: Annotated[list[Line], Field(max_length=200)] = Field(default_factory=list)
    """Names as they are spelled: in any other spelling of the same letters they are an error."""


def with_voice(guide: StyleGuide, found: Heard) -> StyleGuide:
    """The guide as it would be with what mails have shown; words to avoid are added as warnings."""
    known = {each.words.lower() for each in guide.avoid}
    never = [Avoided(words=word, severity="warning") for word in found.never if word.lower() not in known]
    kept = {"voice": found.voice, "address": found.address or guide.address, "avoid": [*guide.avoid, *never][:200]}
    return guide.model_copy(update=kept)


def style_findings(guide: StyleGuide, parts: Sequence[tuple[str, str]], language: str) -> Iterator[Finding]:
    """What a text says that the house does not say so; `parts` are (where, text)."""
    for where, text in parts:
        yield from _avoided(guide, where, text)
        yield from _misspelled(guide, where, text)
        if language == "de" and guide.address:
            yield from _addressed(guide.address, where, text)
    yield from voice_findings(guide.voice, parts)


def _avoided(guide: StyleGuide, where: str, text: str) -> Iterator[Finding]:
    for each in guide.avoid:
        if found := re.search(rf"(?<!\w){re.escape(each.words)}(?!\w)", text, re.IGNORECASE):
            instead = f"; the house says {each.instead!r}" if each.instead else ""
            reason = f"{found[0]!r} is a word to avoid{instead}"
            yield Finding(severity=each.severity, rule="brand-word", where=where, reason=reason)


def _misspelled(guide: StyleGuide, where: str, text: str) -> Iterator[Finding]:
    for name in guide.names:
        letters = r"[\s\u00a0-]*".join(map(re.escape, re.sub(r"[\s-]", "", name)))
        for found in re.finditer(rf"(?<![\w.@/-]){letters}(?![\w@]|\.\w)", text, re.IGNORECASE):
            if found[0] != name:
                reason = f"{found[0]!r} is spelled {name!r}"
                yield Finding(severity="error", rule="brand-name", where=where, reason=reason)
                break


def _addressed(address: str, where: str, text: str) -> Iterator[Finding]:
    found = (_SIE if address == "du" else _DU).search(text)
    if found:
        reason = f"{found[0]!r}: readers are addressed with {address!r}"
        yield Finding(severity="error", rule="brand-address", where=where, reason=reason)
