"""Asking somebody without a login to approve a campaign: a mail with a signed link, a reminder, and who is asked then.

Each mail is a row of the ledger under a name that never changes: whatever is killed or run again, it leaves once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

import uuid_utils

from shared.agents.campaigns.control import decide
from shared.agents.campaigns.inquire import approval, drafts
from shared.agents.distribute.alone import Letter, send_alone
from shared.agents.records import Records, load, note
from shared.domain.approval import Approval, ApprovalRequest
from shared.domain.asked import Asked, AskedShown, AskRequest
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft
from shared.domain.faults import Conflict, Missing
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.render.ask_notice import ask_notice

_ASKED = Records(Kind.ASKED, Asked)
_MOST = 100
_STATES = {"approve": "approved", "reject": "rejected", "changes": "changes wanted"}


class Opened(NamedTuple):
    """What a link leads to: exactly what is sealed, and nobody's data."""

    asked: Asked
    campaign: Campaign
    approval: Approval
    drafts: list[Draft]


def ask(ports: Ports, scope: Scope, campaign: str, by: str, request: AskRequest) -> AskedShown:
    """Mail the question. Raises Missing, and Conflict if nothing waits for approval or the mail cannot leave."""
    found, question = load(ports, scope, campaign), approval(ports, scope, campaign)
    if found.status != "awaiting_approval" or question is None or question.decision:
        raise Conflict("campaign", f"nothing waits for approval; the campaign is {found.status}")
    now = ports.clock.now()
    made = Asked(
        id=uuid_utils.uuid7().hex,
        campaign=campaign,
        version=question.version,
        digest=question.digest,
        to=request.to,
        then=request.then,
        days=request.days,
        asked_at=now,
        asked_by=by,
        ends_at=now.replace(microsecond=0) + timedelta(days=request.days),
    )
    ports.documents.put(scope, Kind.ASKED, made.id, made.model_dump(mode="json"))
    try:
        state = _mail(ports, scope, found, made, "ask")
    except Conflict:
        ports.documents.delete(scope, Kind.ASKED, made.id)
        raise
    note(ports, scope, campaign, by, "asked", {"asked": made.id, "version": made.version})
    return _shown(ports, found, made, state)


def asked_about(ports: Ports, scope: Scope, campaign: str) -> list[AskedShown]:
    """Who was asked, the newest first. Raises Missing."""
    found = load(ports, scope, campaign)
    page = ports.documents.find(scope, Kind.ASKED, [Filter("campaign", "eq", campaign)], limit=_MOST)
    known = sorted((Asked.model_validate(each.body) for each in page.documents), key=lambda each: each.asked_at)
    return [_shown(ports, found, each) for each in reversed(known)]


def take_back(ports: Ports, scope: Scope, campaign: str, by: str, id: str) -> AskedShown:
    """From now on the link leads nowhere. Repeatable. Raises Missing."""
    if _ASKED.load(ports, scope, id).campaign != campaign:
        raise Missing("asked", id)

    def end(found: Asked) -> None:
        found.revoked_at, found.open = found.revoked_at or ports.clock.now(), False

    after = _ASKED.change(ports, scope, id, end)
    note(ports, scope, campaign, by, "asked_back", {"asked": id})
    return _shown(ports, load(ports, scope, campaign), after)


def opened(ports: Ports, link: Link) -> Opened | None:
    """What a verified link leads to; None if it has ended, was taken back, or what it asked about is another by now."""
    document = ports.documents.get(link.scope, Kind.ASKED, link.person)
    asked = Asked.model_validate(document.body) if document else None
    if asked is None or asked.campaign != link.campaign or not asked.holds(ports.clock.now()):
        return None
    question = approval(ports, link.scope, asked.campaign)
    if question is None or question.digest != asked.digest:
        return None
    found = load(ports, link.scope, asked.campaign)
    return Opened(asked, found, question, drafts(ports, link.scope, asked.campaign))


def answer(ports: Ports, link: Link, seen: Opened, decision: ApprovalRequest) -> Campaign:
    """Decide as whoever holds the link. Raises Conflict if it was decided meanwhile, or something blocks it."""
    by = f"link:{seen.asked.id}"
    decided = decide(ports, link.scope, seen.campaign.id, by, decision)

    def close(found: Asked) -> None:
        found.decision, found.open = decision.decision, False

    _ASKED.change(ports, link.scope, seen.asked.id, close)
    return decided


def look_after(ports: Ports, scope: Scope) -> None:
    """Remind who is silent, and ask who comes then; what needs no answer any more is closed. Where a mail cannot leave
    now it is tried again the next time, and keeps no other waiting."""
    for asked in list(_open(ports, scope)):
        with suppress(Conflict):
            _look_after(ports, scope, asked)


def _look_after(ports: Ports, scope: Scope, asked: Asked) -> None:
    campaign, now = load(ports, scope, asked.campaign), ports.clock.now()
    if campaign.status != "awaiting_approval" or campaign.digest != asked.digest:
        _ASKED.change(ports, scope, asked.id, lambda found: setattr(found, "open", False))
    elif now >= asked.ends_at:
        _escalate(ports, scope, campaign, asked)
    elif asked.reminded_at is None and now >= asked.remind_at:
        _remind(ports, scope, campaign, asked)


def link_of(ports: Ports, scope: Scope, asked: Asked) -> str:
    """The address that the mail leads to."""
    link = Link("a", scope, asked.campaign, 0, asked.id, int(asked.ends_at.timestamp()))
    return f"{ports.public_url}/api/a/{sign(link, ports.keys.link)}"


def _remind(ports: Ports, scope: Scope, campaign: Campaign, asked: Asked) -> None:
    _mail(ports, scope, campaign, asked, "remind")
    _ASKED.change(ports, scope, asked.id, lambda found: setattr(found, "reminded_at", ports.clock.now()))
    note(ports, scope, campaign.id, "schedule", "asked_again", {"asked": asked.id})


def _escalate(ports: Ports, scope: Scope, campaign: Campaign, asked: Asked) -> None:
    """Whoever comes then is asked under an id that follows from the first: once, however often this runs."""
    if asked.then:
        now = ports.clock.now()
        follows = asked.model_copy(
            update={
                "id": f"{asked.id}-then",
                "to": asked.then,
                "then": None,
                "asked_at": now,
                "ends_at": now.replace(microsecond=0) + timedelta(days=asked.days),
                "reminded_at": None,
            }
        )
        if ports.documents.get(scope, Kind.ASKED, follows.id) is None:
            ports.documents.put(scope, Kind.ASKED, follows.id, follows.model_dump(mode="json"))
        _mail(ports, scope, campaign, _ASKED.load(ports, scope, follows.id), "ask")
        note(ports, scope, campaign.id, "schedule", "asked_then", {"asked": follows.id})

    def close(found: Asked) -> None:
        found.open, found.escalated_at = False, ports.clock.now() if asked.then else None

    _ASKED.change(ports, scope, asked.id, close)


def _open(ports: Ports, scope: Scope) -> Iterator[Asked]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.ASKED, [Filter("open", "eq", True)], limit=_MOST, cursor=cursor)
        yield from (Asked.model_validate(each.body) for each in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def _mail(ports: Ports, scope: Scope, campaign: Campaign, asked: Asked, step: str) -> str:
    sender = campaign.request.sender
    rendered = ask_notice(campaign.name, sender.name, link_of(ports, scope, asked), asked.ends_at, step == "remind")
    return send_alone(ports, scope, Letter(f"asked-{asked.id}", step, "approval", sender, asked.to, rendered)).state


def _shown(ports: Ports, campaign: Campaign, asked: Asked, mail: str | None = None) -> AskedShown:
    now = ports.clock.now()
    if asked.decision:
        state = _STATES[asked.decision]
    elif asked.revoked_at:
        state = "taken back"
    elif now >= asked.ends_at:
        state = "ended"
    elif campaign.digest != asked.digest or campaign.status != "awaiting_approval":
        state = "not needed any more"
    else:
        state = "waiting"
    told = asked.model_dump(include={"id", "to", "then", "asked_at", "ends_at"})
    return AskedShown.model_validate({**told, "state": state, "reminded": asked.reminded_at is not None, "mail": mail})
