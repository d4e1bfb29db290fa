"""What proposals and contracts bring to the figures of the money page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from shared.agents import deals
from shared.agents.propose.contracts import CONTRACTS, content_of
from shared.agents.propose.priced import whole
from shared.agents.propose.proposals import PROPOSALS
from shared.domain.contract import Contract
from shared.domain.deal import Stage
from shared.domain.faults import Missing, Rejected
from shared.domain.line_items import Line, Totals, billed, totals
from shared.domain.proposal import Proposal
from shared.domain.scope import Scope
from shared.domain.takings import Entry
from shared.ports import Ports

Client = Callable[[str, str], str]
SIGNED: tuple[Stage, ...] = ("signed", "deposit", "won")


def clients(ports: Ports, scope: Scope) -> Client:
    """Who a document is about, by its deal and the name that stands on it: the company of the deal where it has one, so
    that all of one engagement is one client's."""
    known: dict[str, str] = {}

    def client(deal: str, name: str) -> str:
        if deal and deal not in known:
            known[deal] = ""
            with suppress(Missing):
                known[deal] = deals.get(ports, scope, deal).company
        return (known.get(deal) or name).strip()

    return client


def entries(ports: Ports, scope: Scope, client: Client, lost: list[str]) -> Iterator[Entry]:
    """Quoted: each proposal that was ever sent, by its newest sent version, whatever became of it. Signed: contracts
    that both sides have signed; where there is none, what was accepted, if the deal stands at signed or later."""
    by_contract = set[str]()
    for each in CONTRACTS.every(ports, scope, unreadable=lost):
        if each.status == "signed":
            by_contract.add(each.proposal)
            try:
                yield from _contracted(ports, scope, client, each)
            except (Missing, ValidationError):
                lost.append(each.id)
    for found in PROPOSALS.every(ports, scope, unreadable=lost):
        try:
            yield from _quoted(ports, scope, client, found)
        except (Missing, Rejected, ValidationError):
            lost.append(found.id)
        if found.accepted and found.id not in by_contract and (on := _signed_on(ports, scope, found)):
            agreed, name = found.accepted, client(found.deal, found.accepted.client)
            yield from _signed("proposal", found.id, agreed.title, name, on, agreed.lines, agreed.currency)


def _quoted(ports: Ports, scope: Scope, client: Client, found: Proposal) -> Iterator[Entry]:
    """The option that was accepted; before that the recommended one, or the first."""
    if found.current is None:
        return
    version = whole(ports, scope, found.current.digest)
    wanted = found.accepted.option if found.accepted else version.content.recommended
    option = next((each for each in version.options if each.id == wanted), version.options[0])
    whom = version.content.recipient
    name, on = client(found.deal, whom.company or whom.name), _day(ports, found.current.at)
    yield from _both("quoted", "proposal", found.id, found.title, name, on, option.once, option.monthly)


def _signed_on(ports: Ports, scope: Scope, found: Proposal) -> date | None:
    """When the deal came to be signed; None if it is not, or not any more."""
    try:
        deal = deals.get(ports, scope, found.deal)
    except Missing:
        return None
    if deal.stage not in SIGNED:
        return None
    return _day(ports, next((each.at for each in deal.history if each.to in SIGNED), deal.since))


def _contracted(ports: Ports, scope: Scope, client: Client, found: Contract) -> Iterator[Entry]:
    """On the day on which the second side signed."""
    content = content_of(ports, scope, found, found.current.version if found.current else None)
    on, name = _day(ports, max(each.at for each in found.counted)), client(found.deal, content.client.name)
    yield from _signed("contract", found.id, found.title, name, on, content.lines, content.currency)


def _signed(
    kind: str, id: str, title: str, client: str, on: date, lines: Sequence[Line], currency: str
) -> Iterator[Entry]:
    once, monthly = (totals(billed(lines, each), currency) for each in ("once", "monthly"))
    yield from _both("signed", kind, id, title, client, on, once, monthly)


def _both(
    what: str, kind: str, id: str, title: str, client: str, on: date, once: Totals, monthly: Totals
) -> Iterator[Entry]:
    """What is paid once, and what is paid each month: never added, for how many months is not said."""
    for name, sums in ((what, once), (f"{what}_monthly", monthly)):
        if sums.gross != Decimal(0):
            yield Entry.model_validate(
                {
                    "what": name, "kind": kind, "id": id, "href": f"/{kind}s/{id}", "name": title,
                    "client": client, "on": on, "currency": sums.currency, "amount": sums.gross, "net": sums.net,
                }
            )  # fmt: skip


def _day(ports: Ports, at: datetime) -> date:
    return at.astimezone(ZoneInfo(ports.timezone)).date()
