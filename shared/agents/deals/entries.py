"""What a deal brings into its own thread: its moves, its notes, and the mails to whom it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from shared.agents import campaigns
from shared.agents.contacts.records import contacts
from shared.agents.deals.needs import kept
from shared.domain.certificate import Explanation
from shared.domain.deal import CLOSED, Deal, Move
from shared.domain.engagement import Engagement, What
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.needs import AGENCY, Via
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.thread import Entry
from shared.ports import Ports

_CAMPAIGNS = 50
"""So many campaigns, the newest, are looked through for mails to one contact."""
_PAGES = {"import": "imports", "proposal": "proposals", "contract": "contracts"}
_REACTED: Mapping[What, str] = {
    "open": "Opened a mail",
    "click": "Clicked a link",
    "unsubscribe": "Unsubscribed",
    "complaint": "Reported a mail as spam",
    "reply": "Answered",
}
_CAME: Mapping[Via, str] = {
    "person": "What they said, written down",
    "form": "Answered in the form",
    "mail": "Answered",
}


def moves_and_notes(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """As the deal keeps them."""
    for move in deal.history:
        kind = move.by.partition(":")[0]
        by = kind if kind in _PAGES else move.by
        yield Entry(at=move.at, what="moved", title=_moved(move), text=move.why, by=by, href=_cause(move))
    for each in deal.outreach:
        href = f"/journeys/{each.journey}/people/{deal.contact}"
        yield Entry(at=each.at, what="outreach", title=f"Sequence {each.journey} begun", by=each.by, href=href)
    for note in deal.notes:
        yield Entry(at=note.at, what="noted", title="Note", text=note.text, by=note.by)


def dialogue(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """What they were asked, and every message in which they said what they need."""
    needs, href = kept(ports, scope, deal.id), f"/deals/{deal.id}"
    for asked in needs.askings:
        title = f"Asked {len(asked.questions)} question{'s' * (len(asked.questions) != 1)} by mail"
        text = "\n".join(each.text for each in asked.questions)
        yield Entry(at=asked.at, what="asked", title=title, text=text, by=asked.by, href=f"{href}#needs")
    for each in needs.messages:
        ours = each.by == AGENCY
        title = "You wrote to them" if ours else f"{_CAME[each.via]}{_late(deal, each.at)}"
        by = each.said_by or each.by
        yield Entry(
            at=each.at, what="mail" if ours else "heard", title=title, by=by, href=f"{href}/needs/messages/{each.id}"
        )


def mails(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """What left, or did not, for the deal's contact, and how they reacted: read from the ledger."""
    if not deal.contact:
        return
    try:
        contact = contacts.load(ports, scope, deal.contact)
    except Missing:
        return
    for each in campaigns.explanations(ports, scope, contact.email, _CAMPAIGNS, None).items:
        if each.state != "not_planned":
            yield _mail(each)
    asked = [Filter("person", "eq", contact.person)]
    for document in ports.documents.find(scope, Kind.ENGAGEMENT, asked, limit=100).documents:
        found = Engagement.model_validate(document.body)
        if at := found.first_human_at or (found.first_at if found.what == "reply" else None):
            simulated = "simulated" if found.simulated else ""
            href = f"/campaigns/{found.campaign}"
            yield Entry(
                at=at, what="reaction", title=f"{_REACTED[found.what]}{_late(deal, at)}", text=simulated, href=href
            )


def _late(deal: Deal, at: datetime) -> str:
    """What came after the end is told as such: nobody is mailed because of it."""
    return f" after it was {deal.stage}" if deal.stage in CLOSED and at > deal.since else ""


def _mail(each: Explanation) -> Entry:
    told = each.evidence
    at = datetime.fromisoformat(str(told.get("intended_at") or told.get("settled_at") or told["due"]))
    return Entry(at=at, what="mail", title=each.name, text=each.sentence, href=f"/campaigns/{each.campaign}")


def _moved(move: Move) -> str:
    if move.from_ is None:
        return f"Begun at {move.to}"
    back = f", no longer {move.from_}" if move.from_ in CLOSED else ""
    return f"Moved from {move.from_} to {move.to}{back}"


def _cause(move: Move) -> str:
    """The page of what moved it, if no person did: a file, a proposal, a contract."""
    kind, _, id = (move.source or move.by).replace(" ", ":", 1).partition(":")
    return f"/{_PAGES[kind]}/{id}" if kind in _PAGES and id else ""
