"""What proposals bring into the thread of their deal."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.propose.messages import of_proposal
from shared.domain.deal import Deal
from shared.domain.names import Kind
from shared.domain.proposal import Proposal
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.thread import Entry
from shared.ports import Ports

_MOST = 50


def proposals_of(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """Begun, sent, answered: each with the proposal's page; what the client wrote, with what they were told."""
    page = ports.documents.find(scope, Kind.PROPOSAL, [Filter("deal", "eq", deal.id)], limit=_MOST)
    for document in page.documents:
        found = Proposal.model_validate(document.body)
        yield from _of(found)
        for each in of_proposal(ports, scope, found.id):
            title = "Counter-offer" if each.kind == "counter" else "The client wrote"
            href = f"/proposals/{found.id}#messages"
            yield Entry(at=each.at, what="message", title=title, text=each.text, by=each.name, href=href)
            if each.answer and each.answered_at:
                told = {"text": each.answer, "by": each.answered_by, "href": href}
                yield Entry(at=each.answered_at, what="message", title="Answered", **told)


def _of(found: Proposal) -> Iterator[Entry]:
    href = f"/proposals/{found.id}"

    def entry(at: object, title: str, text: str = "", by: str = "") -> Entry:
        said = {"at": at, "what": "proposal", "title": title, "text": text, "by": by, "href": href}
        return Entry.model_validate(said)

    yield entry(found.created_at, "Proposal begun", found.title, found.created_by)
    for each in found.sendings:
        yield entry(each.at, f"Version {each.version} of the proposal sent", found.title)
    if taken := found.accepted:
        yield entry(taken.accepted_at, f"Proposal accepted: {taken.option_name}", taken.title, taken.accepted_by)
    if found.declined:
        yield entry(found.declined.at, "Proposal declined", found.declined.reason, found.declined.name)
