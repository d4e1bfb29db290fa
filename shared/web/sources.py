"""What the sentences of a mail rest on, in words: the very fact that somebody gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.campaign import Brief
from shared.domain.draft import Claim
from shared.domain.knowledge import KnowledgeDocument, citation_of
from shared.render.sourced import Stated
from shared.web.words import source

_MOST = 140
_SIGNED = {"sender", "call"}
"""What only says who writes and where to go states no fact."""


def stated(claims: Sequence[Claim], brief: Brief, known: Mapping[str, KnowledgeDocument]) -> list[Stated]:
    """Each sentence with what carries it; `known`: documents of the knowledge base, by id."""
    return [_stated(each, brief, known) for each in claims if not each.sources or set(each.sources) - _SIGNED]


def _stated(claim: Claim, brief: Brief, known: Mapping[str, KnowledgeDocument]) -> Stated:
    if not claim.sources:
        return Stated(claim.sentence, f"Nobody has said this: {claim.reason}", False)
    return Stated(claim.sentence, "; ".join(_told(each, brief, known) for each in claim.sources))


def _told(name: str, brief: Brief, known: Mapping[str, KnowledgeDocument]) -> str:
    said = _said(name, brief, known)
    return f"{source(name)}: “{said}”" if said else source(name)


def _said(name: str, brief: Brief, known: Mapping[str, KnowledgeDocument]) -> str:
    kind, _, rest = name.replace("facts.", "facts:").partition(":")
    match kind:
        case "offer" | "goal" | "audience":
            text = str(getattr(brief, kind))
        case "facts" if rest.isdecimal() and int(rest) < len(brief.facts):
            text = brief.facts[int(rest)]
        case "passage":
            document = known.get(citation_of(name).document)
            text = document.title if document else ""
        case _:
            text = ""
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
