"""The money page: each figure is the sum of documents that can be opened, and equals the books they come from."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.agents import deals
from shared.agents.books import deposits, invoices, payments, plans, summary, turn
from shared.agents.propose import client, mailing, offers, proposals
from shared.agents.thread import thread
from shared.domain.deal import DealRequest
from shared.domain.faults import Conflict
from shared.domain.invoice import CancelRequest
from shared.domain.invoice_plan import PlanRequest
from shared.domain.links import verify
from shared.domain.offer import OfferTerms
from shared.domain.offer_examples import EXAMPLE
from shared.domain.payment import PaymentRequest
from shared.domain.proposal import Acceptance, ProposalRequest
from shared.domain.takings import WHATS, Chosen, Takings
from shared.ports import Ports
from shared.process.source import read

from .conftest import BUYER, LINES, SCOPE, Hand, request

ACTS = st.tuples(
    st.sampled_from(["draft", "issue", "yen", "pay", "over", "foreign", "cancel", "replace", "back", "send", "accept"]),
    st.integers(0, 9),
    st.integers(0, 40),
)


class World:
    """Two clients, one of them known by two names."""

    def __init__(self, ports: Ports, hand: Hand) -> None:
        self.ports, self.hand = ports, hand
        offers.put(ports, SCOPE, "anna", "web", OfferTerms.model_validate(read(EXAMPLE.encode(), False).value))
        self.deals = [
            deals.create(ports, SCOPE, "anna", DealRequest(name=name, company=name)).id for name in ("Holm", "Weber")
        ]
        self.made: list[str] = []
        self.sent: list[str] = []
        self.n = 0

    def do(self, act: str, which: int, days: int) -> None:
        self.hand.forward(days=days)
        if act in ("draft", "issue", "yen"):
            more = {"currency": "JPY", "lines": [{**LINES[0], "unit_net": "24000"}]} if act == "yen" else {}
            made = invoices.draft(self.ports, SCOPE, "anna", request(deal=[*self.deals, ""][which % 3], **more)).id
            self.made.append(made)
            if act != "draft":
                invoices.issue(self.ports, SCOPE, "anna", made)
        elif act == "send":
            self._propose(self.deals[which % 2])
        elif act == "accept" and self.sent:
            self._accept(self.sent[which % len(self.sent)])
        elif self.made:
            self._of(act, self.made[which % len(self.made)])

    def _of(self, act: str, id: str) -> None:
        found = invoices.get(self.ports, SCOPE, id)
        if act in ("pay", "over", "foreign"):
            self.n += 1
            said = {"reference": f"r{self.n}", "amount": "3284" if act == "over" else "71", "invoice": id}
            said["currency"] = "USD" if act == "foreign" else found.currency
            payments.take_manual(self.ports, SCOPE, "anna", PaymentRequest.model_validate(said))
        elif act == "back":
            for payment in [*found.payments][:1]:
                payments.give_back(self.ports, SCOPE, "anna", payment)
        else:
            wish = CancelRequest(why="wrong", replace=act == "replace")
            done = invoices.cancel(self.ports, SCOPE, "anna", id, wish)
            again = invoices.replacing(self.ports, SCOPE, done.id)
            if again and again.id not in self.made:
                self.made.append(again.id)

    def _propose(self, deal: str) -> None:
        until = (self.ports.clock.now() + timedelta(days=20)).date()
        chosen = [{"item": "website", "quantity": "6"}, {"item": "care"}]
        body = {"deal": deal, "to": "m@x.example", "recipient": {"name": "M"}, "title": "T", "answer_by": until}
        made = proposals.create(
            self.ports, SCOPE, "o", ProposalRequest.model_validate({**body, "offer": "web", "chosen": chosen})
        )

        def approved(found: Any) -> None:
            found.approved, found.tries = found.version, found.tries + 1

        proposals.PROPOSALS.change(self.ports, SCOPE, made.id, approved)
        mailing.deliver(self.ports, SCOPE, made.id)
        self.sent.append(made.id)

    def _accept(self, id: str) -> None:
        found = proposals.PROPOSALS.load(self.ports, SCOPE, id)
        assert found.current
        sent = found.current
        token = mailing.link_of(self.ports, SCOPE, id, sent.version, sent.to, sent.ends_at).rpartition("/")[2]
        link = verify(token, "q", self.ports.keys.link)
        seen = client.opened(self.ports, link) if link else None
        if link and seen and not seen.over:
            given = Acceptance(option=seen.priced.options[0].id, name="M", consent="yes", digest=sent.digest)
            client.accept(self.ports, link, seen, given)
            deals.move(self.ports, SCOPE, found.deal, "signed", "anna")


def check(ports: Ports, found: Takings) -> None:
    every = summary.opened(ports, SCOPE, Chosen())
    for part in found.total:
        for what in WHATS:
            for parts in (found.clients, found.months):
                alike = [each for each in parts if each.currency == part.currency]
                assert sum(each.sums[what] for each in alike) == part.sums[what]
                assert sum(each.net for each in alike) == part.net
            opened = summary.opened(ports, SCOPE, Chosen(what=what, currency=part.currency))
            assert sum(each.amount for each in opened) == part.sums[what]
        assert part.sums["open"] == part.sums["invoiced"] - part.sums["paid"]
    for row, key in [*((each, "client") for each in found.clients), *((each, "month") for each in found.months)]:
        for what in WHATS:
            chosen = Chosen.model_validate({"what": what, key: row.name, "currency": row.currency})
            assert sum(each.amount for each in filter(chosen.holds, every)) == row.sums[what]


def of(found: Takings, what: Any, currency: str = "EUR") -> Decimal:
    return next((each.sums[what] for each in found.total if each.currency == currency), Decimal(0))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, min_size=4, max_size=14))
def test_every_figure_is_the_sum_of_its_documents_and_equals_the_books(
    ports: Ports, hand: Hand, acts: list[tuple[str, int, int]]
) -> None:
    world = World(ports, hand)
    for act in acts:
        with suppress(Conflict):
            world.do(*act)
    found = summary.read(ports, SCOPE)
    check(ports, found)
    kept = [each for each in invoices.every(ports, SCOPE) if each.number]
    counted = [each for each in payments.every(ports, SCOPE) if each.state == "counted"]
    for currency in ("EUR", "JPY"):
        alike = [each for each in kept if each.currency == currency]
        assert of(found, "invoiced", currency) == sum(each.totals.gross for each in alike)
        assert of(found, "paid", currency) == sum(each.amount for each in counted if each.currency == currency)
    sent = [each for each in proposals.PROPOSALS.every(ports, SCOPE) if each.sendings]
    assert of(found, "quoted") == Decimal("3213.00") * len(sent)
    assert of(found, "signed") == Decimal("3213.00") * sum(each.accepted is not None for each in sent)
    assert of(found, "signed_monthly") == Decimal("214.20") * sum(each.accepted is not None for each in sent)
    assert {each.name for each in found.clients} <= {"Holm", "Weber", "Praxis Weber"}


def test_a_signed_deal_comes_to_deposit_once_its_first_invoice_is_paid_and_its_thread_says_so(
    ports: Ports, hand: Hand
) -> None:
    deal = deals.create(ports, SCOPE, "anna", DealRequest(name="Holm", stage="signed")).id
    parts = [
        {"title": "Deposit", "percent": "50", "on": "2027-03-02"},
        {"title": "Rest", "percent": "50", "on": "2027-05-03"},
    ]
    given = {"buyer": BUYER, "lines": LINES, "deal": deal, "schedule": {"parts": parts}}
    plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), "p1")

    def turned() -> str:
        turn.run(ports, {"scope": list(SCOPE), "attempt": turn.stir(ports, SCOPE).attempt})
        return deals.get(ports, SCOPE, deal).stage

    turned()
    [deposit] = invoices.every(ports, SCOPE)
    deposit = invoices.issue(ports, SCOPE, "anna", deposit.id)
    half = deposit.totals.gross / 2
    for n, stage in enumerate(["signed", "deposit"]):
        paid = {"reference": f"r{n}", "amount": str(half), "currency": "EUR", "invoice": deposit.number}
        payments.take_manual(ports, SCOPE, "anna", PaymentRequest.model_validate(paid))
        assert turned() == stage
    deals.move(ports, SCOPE, deal, "signed", "bob")
    deposits.move_on(ports, SCOPE)
    assert deals.get(ports, SCOPE, deal).stage == "signed", "who moved it back meant it"
    said = [each.title for each in thread(ports, SCOPE, deal)]
    assert f"Invoice {deposit.number} has its number" in said
    assert sum("came for" in each for each in said) == 2
