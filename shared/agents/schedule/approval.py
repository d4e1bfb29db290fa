"""The question to a person: exactly this version, these people, this window, at most this much (design 4.3)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from shared.agents.budget.campaigns import most_messages
from shared.agents.campaigns.audience import audience_path, members
from shared.agents.campaigns.inquire import drafts
from shared.agents.campaigns.sealed import RENDERER, templates, terms
from shared.agents.channels import channel_of
from shared.agents.lines import blocks, lines
from shared.agents.records import change, note
from shared.agents.sorting import sorted_lines
from shared.domain import seal
from shared.domain.approval import Approval
from shared.domain.campaign import Campaign
from shared.domain.legal import legal_lines
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale
from shared.render.forms import FORMS

LAPSES_AFTER = timedelta(days=14)
"""A question that nobody answers for so long cancels the campaign."""


def ask(ports: Ports, scope: Scope, campaign: Campaign) -> Approval:
    """Take the audience snapshot, seal everything that will be sent and store the question. Repeatable."""
    count, digest = _snapshot(ports, scope, campaign)
    sealed = _sealed(ports, scope, campaign, count, digest)
    now = ports.clock.now()
    asked = Approval(
        subject=campaign.id,
        version=campaign.version,
        digest=seal.digest(sealed),
        sealed=sealed,
        asked_at=now,
        until=now + LAPSES_AFTER,
    )
    if campaign.request.approval == "none":
        asked.decision, asked.by, asked.at = "approve", "the brief (approval: none)", now
    stored = _store(ports, scope, asked)
    _announce(ports, scope, stored, count)
    return stored


def standing(ports: Ports, scope: Scope, campaign: Campaign) -> Approval | None:
    """The question about the present version as it stands, None if it was not asked yet."""
    document = ports.documents.get(scope, Kind.APPROVAL, f"{campaign.id}-{campaign.version}")
    return Approval.model_validate(document.body) if document else None


def _snapshot(ports: Ports, scope: Scope, campaign: Campaign) -> tuple[int, str]:
    """How many people, and the digest of their ids. A mail of a journey seals nobody: people come to it one by one, and
    as many as match now are a figure for who decides."""
    if campaign.journey:
        return sum(1 for _ in members(ports, scope, campaign.request.segment)), hashlib.sha256().hexdigest()
    path = audience_path(campaign.id, campaign.version)
    if ports.files.size(scope, path) is None:
        people = members(ports, scope, campaign.request.segment)
        asked = sorted_lines(f"{contact.id} {contact.person}\n".encode() for contact in people)
        ports.files.put_blocks(scope, path, blocks(asked), only_new=True)
    count, digest = 0, hashlib.sha256()
    for line in lines(ports, scope, path):
        count += 1
        digest.update(line)
    return count, digest.hexdigest()


def _sealed(ports: Ports, scope: Scope, campaign: Campaign, count: int, audience: str) -> dict[str, Any]:
    channel = channel_of(ports, campaign)
    most = most_messages(ports, scope, campaign, channel.cost_micros)
    messages = count if most is None else min(count, most)
    written = drafts(ports, scope, campaign.id)
    return {
        "seal": seal.VERSION,
        "campaign": campaign.id,
        "templates": templates(ports, scope, campaign),
        "renderer": FORMS.get(campaign.request.channels[0], RENDERER),
        "links": sorted({link for draft in written for link in draft.links}),
        "disclosure": sorted({_disclosure(campaign, draft.written_by) for draft in written}),
        **terms(campaign),
        "people": count,
        "audience": audience,
        "max_messages": messages,
        "max_cost_micros": messages * channel.cost_micros,
    }


def _disclosure(campaign: Campaign, written_by: str) -> str:
    """What the mail says about who wrote it (rule C11)."""
    return legal_lines(campaign.request.brief.language, campaign.request.sender.name, written_by).disclosure


def _store(ports: Ports, scope: Scope, asked: Approval) -> Approval:
    id = f"{asked.subject}-{asked.version}"
    try:
        ports.documents.put(scope, Kind.APPROVAL, id, asked.model_dump(mode="json"))
        note(ports, scope, asked.subject, "schedule", "sealed", {"digest": asked.digest, "version": asked.version})
        return asked
    except Stale:
        earlier = ports.documents.get(scope, Kind.APPROVAL, id)
        assert earlier is not None, "an approval is never deleted"
        return Approval.model_validate(earlier.body)


def _announce(ports: Ports, scope: Scope, asked: Approval, count: int) -> None:
    def show(campaign: Campaign) -> None:
        campaign.proceed("generating", "awaiting_approval")
        campaign.digest, campaign.audience = asked.digest, count
        campaign.max_cost_micros = asked.sealed["max_cost_micros"]
        if campaign.status == "awaiting_approval":
            campaign.status_reason = None

    change(ports, scope, asked.subject, show)
