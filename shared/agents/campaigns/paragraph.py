"""What became of one person's message, in words fit to paste into a reply: pure, from what is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.domain.approval import Approval
from shared.domain.bounce import Trouble, status_of, trouble_of
from shared.domain.campaign import Campaign
from shared.domain.consent import key_of
from shared.domain.contact import Basis, Consent, Contact
from shared.domain.found import Found, spoken
from shared.domain.gate import HELD, WAITS
from shared.domain.inquiry import Inquiry, mark_of
from shared.domain.own import OWN
from shared.domain.review import Review
from shared.domain.slots import zone
from shared.domain.suppression import BY_SERVERS, Reason
from shared.ports import Fact, LedgerRow

_WHEN = {
    "first_slot": "the first slot of its window on their own clock",
    "slot_full": "the first slot that had room left",
    "busy": "the first free slot; before it the sender's calendar was busy, or nothing could be planned",
    "blackout": "the first slot after a blackout day of the sender's calendar",
    "zone_unknown": "the first slot of its window; their time zone is not on record, so the sender's was used",
    "journey": "that was when they came to it on their way through the journey",
}
_FORGOTTEN = "what the server said is not on record"
_STOPPED = ("paused", "missed")
_BY: Mapping[str, str] = {
    "email": "",
    "sms": " as a text message",
    "webhook": " by webhook",
    "chat": " into the chat",
    "social": " as a post",
}
_TAKER: Mapping[str, str] = {
    "email": "mail server", "sms": "phone company", "webhook": "server", "chat": "chat", "social": "network",
}  # fmt: skip
_CAME_BACK: Mapping[Trouble, str] = {
    "hard": "there is no such mailbox",
    "policy": "their mail server refuses mail from the sender's domain",
    "soft": "their mail server could not deliver it",
    "complaint": "",
}
_SAID: Mapping[Reason, str] = {
    "unsubscribed": "They unsubscribed",
    "stopped": "They answered with a STOP",
    "complained": "They reported a message of the sender as unwanted",
    "bounced": "It was found that there is no such mailbox",
    "erased": "Their data were erased at their request",
    "bounced_often": "Messages to them had come back too often",
}
_WHAT: Mapping[str, str] = {
    "email": "e-mail", "sms": "text messages", "webhook": "messages", "chat": "messages", "social": "posts",
}  # fmt: skip
_BASIS: Mapping[Basis, str] = {
    "explicit": "They had agreed to {what}",
    "implied_purchase": "It was lawful because of a purchase or contract",
    "implied_inquiry": "It was lawful because of an inquiry of theirs",
    "soft_opt_in": "It was lawful because they gave the address in a sale and were offered a way out",
}


class Stop(NamedTuple):
    """A suppression of the person: by what, since when, from which campaign."""

    reason: Reason
    at: datetime
    campaign: str | None


class Told(NamedTuple):
    """Everything that is on record about one person and one campaign."""

    campaign: Campaign
    contact: Contact | None
    """None: they have left the address book."""
    row: LedgerRow
    now: datetime
    inquiry: Inquiry | None = None
    stops: Sequence[Stop] = ()
    approval: Approval | None = None
    ended: Fact | None = None
    """That the campaign was recalled or cancelled."""
    corrects: str | None = None
    """The name of the campaign that this one corrects."""
    reviews: Sequence[Review] = ()
    """Where they asked for a person to look at it."""

    @property
    def title(self) -> str:
        return f"“{self.campaign.name}”"

    @property
    def name(self) -> str:
        return name(self.contact)

    @property
    def channel(self) -> str:
        return self.campaign.request.channels[0]


def name(contact: Contact | None) -> str:
    """What somebody is called in a sentence."""
    if contact is None:
        return "This person"
    if contact.id == OWN:
        return "Our own channel"
    return " ".join(filter(None, (contact.first_name, contact.last_name))) or contact.email


def outside(campaign: Campaign, contact: Contact | None) -> str:
    """About somebody who is in no plan of it."""
    if not campaign.shards:
        return f"“{campaign.name}” has no plan yet: it is {campaign.status.replace('_', ' ')}. Nobody has got it."
    who = name(contact)
    if campaign.journey:
        return f"“{campaign.name}” is a mail of a journey, and {who} has not come to it: nothing was sent to them."
    return f"{who} was not in the audience that was approved for “{campaign.name}”, so nothing was sent to them."


def paragraph(told: Told) -> str:
    """What happened, why, and what that rests on."""
    return " ".join(filter(None, (_assumed(told) or _happened(told), *_more(told))))


def _more(told: Told) -> Iterator[str]:
    yield _again(told)
    if told.corrects and told.row.state in ("accepted", "delivered"):
        yield f"It corrects “{told.corrects}”, which they had got."
    yield from (_stopped(told, stop) for stop in told.stops)
    yield from (_found(told, each) for each in (told.contact.found if told.contact else ()))
    yield from (_review(told, each) for each in told.reviews)
    if told.row.state != "held":
        yield _basis(told)
        yield _approved(told)


def _happened(told: Told) -> str:
    row, title, who = told.row, told.title, told.name
    match row.state:
        case "accepted" | "delivered":
            times = len(set(row.acceptances))
            how_often = "once" if times == 1 else f"{times} times"
            by = f"{_BY[told.channel]}, in version {row.variant} of its text"
            arrived = " It is known to have arrived." if row.state == "delivered" else ""
            return f"{who} was sent {title} {how_often}, {moment(row.intended_at, row)}{by}.{arrived}"
        case "held":
            return f"{who} did not get {title}, because {_held(told)}."
        case "failed":
            return _failed(told)
        case "planned" if told.campaign.status in ("completed", "failed"):
            return f"{who} has not got {title}: the campaign {told.campaign.status} before their turn."
        case "planned":
            still = f" once it goes on; it is {told.campaign.status} now" if told.campaign.status in _STOPPED else ""
            return f"{who} is to get {title} {moment(row.not_before, row)}{still}: {_why_then(row)}."
        case "intent" if row.lease_until and told.now < row.lease_until:
            return f"{title} is being handed over to {who}'s {_TAKER[told.channel]} right now."
        case "submitted":
            return f"{title} was handed over for {who} {moment(row.intended_at, row)}; the provider is still at it."
        case _:
            return (
                f"It is not known whether {who} got {title}: it was handed over {moment(row.intended_at, row)} and "
                f"no answer was recorded. It will not be sent again by itself.{_asked(told)}"
            )


def _held(told: Told) -> str:
    code, ended = told.row.held or "", told.ended
    if code == "cancelled" and ended:
        return f"it was {ended.what} by {ended.by} before their turn, {moment(ended.at, told.row)}"
    return HELD.get(code, "of a reason that is not on record")


def _failed(told: Told) -> str:
    row, detail = told.row, told.row.detail or ""
    if detail.startswith("bounced"):
        status = status_of(detail)
        why = _CAME_BACK[trouble_of(status or "")] + (f" ({status})" if status else "")
        return f"{told.title} was sent to {told.name} {moment(row.intended_at, row)} and came back: {why}."
    given_up = f"{row.attempt} tries were put off, the last with “{detail.removeprefix('gave up: ')}”"
    why = given_up if detail.startswith("gave up") else f"it was refused with “{detail}”"
    return f"{told.title} could not be delivered to {told.name}: {why if detail else _FORGOTTEN}."


def _asked(told: Told) -> str:
    if told.inquiry is None or not told.inquiry.asked:
        return ""
    last = max(told.inquiry.asked, key=lambda each: each.at)
    answers = "; ".join(f"{each.whom}: {each.answer}" for each in told.inquiry.asked)
    return f" Whoever could know was asked, last {moment(last.at, told.row)} ({answers})."


def _stopped(told: Told, stop: Stop) -> str:
    """What they said, or a server said of them: before it was to leave, or too late for it (design 4.2)."""
    row, at = told.row, moment(stop.at, told.row)
    said = _SAID[stop.reason]
    if stop.reason == "complained" and stop.campaign == row.campaign:
        said = "They reported it as unwanted"
    if row.state in ("planned", "held"):
        return f"{said} {at}." if row.held in (None, "suppressed", "channel_off", "topic_off") else ""
    if stop.reason in BY_SERVERS:
        return "Nothing is sent to this address any more." if stop.campaign == row.campaign else ""
    if row.intended_at is None or stop.at < row.intended_at:
        return ""
    return f"{said} {at}: too late for this message, and in time for every later one."


def _review(told: Told, review: Review) -> str:
    """That a person looked, or is to (rule G9)."""
    asked = f"They asked {moment(review.received_at, told.row)} for a person to look at this"
    if review.status == "open":
        return f"{asked}; it is due by {review.due:%-d %B %Y}."
    what = "it stays so" if review.status == "upheld" else "it was changed"
    return f"{asked}. {review.looked_by} did {moment(review.looked_at, told.row)}: {what}, because “{review.reason}”."


def _found(told: Told, found: Found) -> str:
    """What they did not give themselves, and whether they know it (rule G10)."""
    terms = "; ".join(filter(None, (found.by, found.licence)))
    where = f"{found.source} on {found.at:%-d %B %Y}" + (f" ({terms})" if terms else "")
    said = f"Their {', '.join(spoken(found.fields))} came from {where}"
    if found.told_at is None:
        return f"{said}, and they have not been told so yet; it is due by {found.due:%-d %B %Y}."
    by = "by this message" if found.told_by == f"campaign {told.campaign.id}" else f"by {found.told_by}"
    return f"{said}; they were told so {by} on {found.told_at:%-d %B %Y}."


def _assumed(told: Told) -> str | None:
    """What is believed by somebody's decision, until news proves it."""
    row, inquiry = told.row, told.inquiry
    if inquiry is None or row.state != "accepted" or mark_of(row.detail) != "sent":
        return None
    return (
        f"It is not proved that {told.name} got {told.title}: it was handed over {moment(row.intended_at, row)} and "
        f"no answer was recorded. {inquiry.decided_by} decided {moment(inquiry.decided_at, row)} to treat it as sent, "
        "so it is not sent again."
    )


def _again(told: Told) -> str:
    row, inquiry = told.row, told.inquiry
    if inquiry is None or inquiry.decision != "again":
        return ""
    twice = "may arrive twice" if row.state in ("planned", "intent") else "may have arrived twice"
    return (
        f"It was not known whether try {inquiry.attempt} arrived, and {inquiry.decided_by} decided "
        f"{moment(inquiry.decided_at, row)} to send it again, so it {twice}."
    )


def _why_then(row: LedgerRow) -> str:
    if mark_of(row.detail) == "again":
        return f"try {row.attempt}, by decision of a person"
    if row.not_before == row.due:
        return _WHEN.get(row.reason, row.reason)
    if row.attempt > 1:
        return f"try {row.attempt}, because the last was put off ({row.detail or 'no reason was given'})"
    return WAITS.get(str((row.verdict or {}).get("code")), WAITS["closed_hours"])


def _basis(told: Told) -> str:
    """Why it was lawful, as the address book has it now."""
    request = told.campaign.request
    if request.message == "transactional":
        return "It is a message that they need and no advertising, so no consent was needed."
    given = told.contact.consent if told.contact else {}
    granted = [given.get(each) for each in (key_of(told.channel, request.purpose), told.channel)]
    consent = next((each for each in granted if each and each.status == "granted"), None)
    return _agreement(consent, _WHAT[told.channel]) if consent and not request.segment.own else ""


def _agreement(consent: Consent, what: str) -> str:
    when = f" on {consent.at:%-d %B %Y}" if consent.at else ""
    source = f" ({consent.source})" if consent.source else ""
    return f"{_BASIS[consent.basis or 'explicit'].format(what=what)}{when}{source}."


def _approved(told: Told) -> str:
    approval, seal = told.approval, told.campaign.approved
    if not seal:
        return ""
    by = f" by {approval.by} {moment(approval.at, told.row)}" if approval and approval.by and approval.at else ""
    return f"Only the version that was approved{by} may leave (seal {seal[:12]})."


def moment(at: datetime | None, row: LedgerRow) -> str:
    """On a day at a time, on the recipient's clock."""
    where = zone(str(row.facts.get("zone", "UTC")))
    if at is None or where is None:
        return "at a time that was not recorded"
    return f"on {at.astimezone(where):%A %-d %B %Y at %H:%M} ({where.key})"
