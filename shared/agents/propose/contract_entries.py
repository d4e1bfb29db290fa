"""What contracts bring into the thread of their deal."""

from __future__ import annotations

from collections.abc import Iterator

from shared.domain.contract import Contract
from shared.domain.deal import Deal
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.thread import Entry
from shared.ports import Ports

_MOST = 50


def contracts_of(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """Begun, sent, signed by each side, declined: each with the contract's page."""
    page = ports.documents.find(scope, Kind.CONTRACT, [Filter("deal", "eq", deal.id)], limit=_MOST)
    for document in page.documents:
        yield from _of(Contract.model_validate(document.body))


def _of(found: Contract) -> Iterator[Entry]:
    href = f"/contracts/{found.id}"

    def entry(at: object, title: str, text: str = "", by: str = "") -> Entry:
        said = {"at": at, "what": "contract", "title": title, "text": text, "by": by, "href": href}
        return Entry.model_validate(said)

    yield entry(found.created_at, "Contract begun", found.title, found.created_by)
    for sent in found.sendings:
        yield entry(sent.at, f"Version {sent.version} of the contract sent")
    for each in found.signatures:
        side = "the client" if each.role == "client" else "the agency"
        yield entry(each.at, f"Version {each.version} of the contract signed for {side}", by=each.name)
    for no in [*found.refusals, *([found.declined] if found.declined else [])]:
        yield entry(no.at, "Contract declined", no.reason, no.name)
