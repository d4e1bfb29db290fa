"""What a seal covers, and whether what lies on file is still what was sealed (design 4.3)."""

from __future__ import annotations

from typing import Any

from shared.domain import seal
from shared.domain.campaign import Campaign, JourneyMail
from shared.domain.draft import draft_id
from shared.domain.names import Kind
from shared.domain.policy import GENERAL
from shared.domain.scope import Scope
from shared.ports import Ports

RENDERER = "baton-mail-1"
"""Changes when the same approved drafts would come out as other bytes."""


def templates(ports: Ports, scope: Scope, campaign: Campaign) -> dict[str, Any]:
    """Digest of each variant's texts, links and authorship. Raises LookupError if one is not on file."""
    digests: dict[str, Any] = {}
    for letter in "ABCD"[: campaign.request.variants]:
        document = ports.documents.get(scope, Kind.DRAFT, draft_id(campaign.id, campaign.version, letter))
        if document is None:
            raise LookupError(f"variant {letter} of version {campaign.version} is not on file")
        digests[letter] = seal.digest(
            {key: value for key, value in document.body.items() if key not in ("findings", "cost")}
        )
    return digests


def terms(campaign: Campaign) -> dict[str, Any]:
    """What was asked for and decides who gets what, from whom and when."""
    request = campaign.request
    return {
        "sender": request.sender.model_dump(mode="json"),
        "variants": request.variants,
        "seed": campaign.id,
        "holdout_per_mille": round(request.holdout * 1000),
        "channels": list(request.channels),
        "window": request.window.model_dump(mode="json"),
        **(_come_to(campaign.journey) if campaign.journey else {}),
        **{part: value for part, value in _declared(campaign).items() if value != UNSAID[part]},
    }


def _come_to(mail: JourneyMail) -> dict[str, Any]:
    return {"journey": mail.id, "mail": mail.mail, **({"enter": mail.enter} if mail.enter else {})}


UNSAID = {"message": "commercial", "purpose": GENERAL, "topic": None}
"""What a campaign declares that says nothing; it stands in no seal, so that those of before there was a choice hold."""


def _declared(campaign: Campaign) -> dict[str, Any]:
    request = campaign.request
    return {"message": request.message, "purpose": request.purpose, "topic": request.topic}


def still_sealed(ports: Ports, scope: Scope, campaign: Campaign) -> bool:
    """True if the approval stands, and drafts and terms on file are the very ones it seals."""
    document = ports.documents.get(scope, Kind.APPROVAL, f"{campaign.id}-{campaign.version}")
    if document is None or document.body["decision"] != "approve":
        return False
    sealed = document.body["sealed"]
    if seal.digest(sealed) != campaign.approved:
        return False
    now = {**terms(campaign), **_declared(campaign), "templates": templates(ports, scope, campaign)}
    return all({**UNSAID, **sealed}[part] == value for part, value in now.items())
