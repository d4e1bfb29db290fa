"""News moves ledger, suppression and statistics: the same in whatever order and however often it comes (rules B1, B2,
B5). Each write can be repeated and none depends on one before it, so a kill in the middle is repaired by repeating."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from shared.agents.channels import channel_of
from shared.agents.contacts.opt_in import follow, opt_ins
from shared.agents.contacts.suppression import suppress
from shared.agents.contacts.withdrawals import withdrawn
from shared.agents.feedback.kept import keep
from shared.agents.feedback.news import News
from shared.agents.feedback.places import Sent, find_sent
from shared.agents.guardian.breaker import watch
from shared.agents.records import load
from shared.domain.bounce import Return, Trouble, too_often, trouble_of
from shared.domain.campaign import domain_of, sender_domain
from shared.domain.engagement import Engagement
from shared.domain.engagement import What as Reaction
from shared.domain.names import Kind
from shared.domain.opt_in import asked_contact
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Ports, Settlement, Stale

_MOST = 500
"""Soft bounces of one person that are looked at; a month has fewer."""


def take(ports: Ports, scopes: Sequence[Scope], news: News) -> bool:
    """Believe the news if a signature of ours is in it; False if it is about no message of these scopes."""
    sent = find_sent(ports, scopes, news)
    if sent is None:
        return False
    match news.what:
        case "bounced":
            _bounced(ports, sent, news)
            watch(ports, sent.scope, _sender_domain(ports, sent))
        case "complained":
            _complained(ports, sent)
            watch(ports, sent.scope, _sender_domain(ports, sent))
        case "replied" | "auto_replied":
            _replied(ports, sent, news)
        case "delayed" | "taken":
            _settle(ports, sent, "accepted", "still on its way")
        case "undelivered":
            _settle(
                ports, sent, "failed", f"not delivered: {news.status or 'no reason given'}", _cost(ports, sent, news)
            )
        case "delivered" | "seen":
            _settle(ports, sent, "delivered", f"proved by news: {news.what}", _cost(ports, sent, news))
    keep(ports, sent, news)
    return True


def _bounced(ports: Ports, sent: Sent, news: News) -> None:
    trouble = trouble_of(news.status)
    _settle(ports, sent, "failed", f"bounced: {news.status or 'no status'}")
    left = _keep(ports, sent, trouble, news.status)
    if trouble == "hard":
        suppress(ports, sent.scope, sent.row.person, "bounced", sent.row.campaign)
    elif trouble == "soft" and too_often([left, *_soft_bounces(ports, sent)]):
        suppress(ports, sent.scope, sent.row.person, "bounced_often", sent.row.campaign)


def _complained(ports: Ports, sent: Sent) -> None:
    withdrawn(ports, sent.scope, sent.row.person, "complained", sent.row.campaign)
    _settle(ports, sent, "delivered", "proved by its recipient: complaint")
    _keep(ports, sent, "complaint", "")
    _react(ports, sent, "complaint", None)


def _replied(ports: Ports, sent: Sent, news: News) -> None:
    _settle(ports, sent, "delivered", f"proved by its recipient: {news.what}")
    _react(ports, sent, "reply", news.reason or None)


def _cost(ports: Ports, sent: Sent, news: News) -> int:
    """What a text message cost beyond (or, negative, below) what is noted; 0 where nothing is told about it."""
    if news.segments is None or asked_contact(sent.row.campaign):
        return 0
    tariff = channel_of(ports, load(ports, sent.scope, sent.row.campaign)).tariff
    if tariff is None:
        return 0
    return tariff.segment_micros * news.segments - sent.row.cost_micros


def _settle(ports: Ports, sent: Sent, to: str, detail: str, cost: int = 0) -> None:
    """News of an attempt proves that it was taken, whatever was believed before; what bounced was taken, too."""
    row, attempt = sent.row, sent.attempt
    if to == "accepted" and (row.attempt != attempt or row.state not in ("intent", "submitted", "unknown")):
        return
    first: Literal["accepted", "delivered"] = "accepted" if to == "accepted" else "delivered"
    news = [Settlement(row.key, attempt, first, cost_micros=cost, detail=detail)]
    if to == "failed":
        news.append(Settlement(row.key, attempt, "failed", detail=detail))
    ports.ledger.settle(sent.scope, row.campaign, row.shard, news, ports.clock.now())
    if contact := asked_contact(row.campaign):
        follow(ports, sent.scope, opt_ins.load(ports, sent.scope, contact))


def _keep(ports: Ports, sent: Sent, trouble: Trouble, status: str) -> datetime:
    """Write down what came back, once. Returns when the message had left."""
    row, now = sent.row, ports.clock.now()
    kept = Return(
        campaign=row.campaign,
        key=row.key,
        attempt=sent.attempt,
        person=row.person,
        domain=_sender_domain(ports, sent),
        trouble=trouble,
        status=status,
        left_at=row.intended_at or row.due,
        at=now,
    )
    _put_once(ports, sent.scope, Kind.RETURN, kept.id, kept.model_dump(mode="json"))
    return kept.left_at


def _soft_bounces(ports: Ports, sent: Sent) -> list[datetime]:
    """When the other messages to this person left that bounced softly."""
    asked = [Filter("person", "eq", sent.row.person), Filter("trouble", "eq", "soft")]
    found = ports.documents.find(sent.scope, Kind.RETURN, asked, limit=_MOST).documents
    others = [Return.model_validate(each.body) for each in found]
    return [each.left_at for each in others if (each.campaign, each.key, each.attempt) != _id(sent)]


def _id(sent: Sent) -> tuple[str, str, int]:
    return sent.row.campaign, sent.row.key, sent.attempt


def _sender_domain(ports: Ports, sent: Sent) -> str:
    if contact := asked_contact(sent.row.campaign):
        sender = opt_ins.load(ports, sent.scope, contact).request.sender
        return domain_of(sender)
    return sender_domain(load(ports, sent.scope, sent.row.campaign).request)


def _react(ports: Ports, sent: Sent, what: Reaction, machine: str | None) -> None:
    """One reaction a person and kind: a person's answer and a machine's may both come, in either order."""
    row, now = sent.row, ports.clock.now()
    seen = Engagement(
        campaign=row.campaign,
        key=row.key,
        person=row.person,
        what=what,
        human=0 if machine else 1,
        machine=1 if machine else 0,
        first_at=now,
        first_human_at=None if machine else now,
        last_at=now,
        machine_reason=machine,
    )
    id = f"{row.campaign}-{row.key}-{what}"
    while True:
        found = ports.documents.get(sent.scope, Kind.ENGAGEMENT, id)
        total = _joined(Engagement.model_validate(found.body), seen) if found else seen
        try:
            ports.documents.put(
                sent.scope, Kind.ENGAGEMENT, id, total.model_dump(mode="json"), found.rev if found else None
            )
            return
        except Stale:
            continue


def _joined(before: Engagement, seen: Engagement) -> Engagement:
    return before.model_copy(
        update={
            "human": max(before.human, seen.human),
            "machine": max(before.machine, seen.machine),
            "first_human_at": before.first_human_at or seen.first_human_at,
            "last_at": seen.last_at,
            "machine_reason": min(filter(None, (before.machine_reason, seen.machine_reason)), default=None),
        }
    )


def _put_once(ports: Ports, scope: Scope, kind: Kind, id: str, body: Body) -> None:
    try:
        ports.documents.put(scope, kind, id, body)
    except Stale:
        return
