"""What a draft rests on beside its brief, read once and kept on the tape: whoever writes it again, or replays it, has
the same before them."""

from __future__ import annotations

from typing import NamedTuple

from shared.agents import asking, brand, confirmed, knowledge, style_guide
from shared.domain.brand import Look
from shared.domain.campaign import Campaign
from shared.domain.checks import sources_of
from shared.domain.claims import Source
from shared.domain.fact import REPHRASE
from shared.domain.knowledge import Hit, source_name
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.style_guide import StyleGuide
from shared.ports import Body, Ports

PASSAGES = 6
"""Of the knowledge base, for one campaign."""
BASIS = "basis"
"""Ends the key on the tape."""


class Basis(NamedTuple):
    """`sources` are all that the draft may rest on."""

    passages: list[Hit]
    sources: list[Source]
    guide: StyleGuide
    look: Look


def basis_of(ports: Ports, scope: Scope, campaign: Campaign, tape: str, anew: bool) -> Basis:
    """Of one variant of the campaign's next version. `anew`: as it is now, whatever was read before."""

    def read() -> Body:
        return {
            "campaign": campaign.model_dump(mode="json"),
            "passages": [hit.model_dump(mode="json") for hit in _passages(ports, scope, campaign)],
            "confirmed": [[*source] for source in confirmed.carrying(ports, scope)],
            "guide": style_guide.read(ports, scope).model_dump(mode="json"),
            "piece": _piece(ports, scope, campaign),
            "look": brand.mail_look(ports, scope).model_dump(mode="json"),
        }

    found = asking.found(ports, scope, f"{tape}~{BASIS}", read, anew)
    passages = [Hit.model_validate(each) for each in found["passages"]]
    vouched = [Source(*each) for each in found["confirmed"]]
    guide, look = StyleGuide.model_validate(found["guide"]), Look.model_validate(found.get("look", {}))
    return Basis(passages, _sources(campaign, vouched, passages), guide, look)


def _piece(ports: Ports, scope: Scope, campaign: Campaign) -> Body | None:
    """The piece that the words are taken from, as it is then."""
    document = ports.documents.get(scope, Kind.PIECE, campaign.request.piece.id) if campaign.request.piece else None
    return document.body if document else None


def _passages(ports: Ports, scope: Scope, campaign: Campaign) -> list[Hit]:
    """What the knowledge base says about what the campaign is about. Nothing, if nobody will see the draft: a document
    that a stranger wrote may say anything, and what rests on it needs a person's approval (rule L1)."""
    if campaign.request.approval == "none":
        return []
    brief = campaign.request.brief
    return knowledge.search(ports, scope, f"{brief.offer} {brief.goal}"[:400], PASSAGES)


def _sources(campaign: Campaign, vouched: list[Source], passages: list[Hit]) -> list[Source]:
    wish = campaign.change_wish or ""
    said = "" if wish.startswith(REPHRASE) else wish
    read = [Source(source_name(hit.citation), hit.passage.text) for hit in passages]
    return [*sources_of(campaign.request, said), *vouched, *read]
