"""Whatever is tried, in whatever order, nothing that a client can read is below its floor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import wiring
from shared.agents import deals, house
from shared.agents.propose import answering, client, mailing, negotiating, offers, proposals, sending
from shared.agents.propose.messages import of_proposal
from shared.agents.propose.priced import whole
from shared.domain.deal import DealRequest
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.house import House
from shared.domain.links import verify
from shared.domain.offer import OfferTerms
from shared.domain.offer_examples import EXAMPLE
from shared.domain.proposal import Acceptance, Content, PricedOption, ProposalRequest, ProposalShown, Say
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.source import read

SCOPE = Scope("local", "main")
TERMS = read(EXAMPLE.encode(), False).value
SENDER = {"name": "N", "address": "hallo@n.example", "postal_address": "Speersort 1, Hamburg"}
FLOORS = {"website": Decimal(360), "care": Decimal(150), "photos": Decimal(550), "": Decimal(40)}
FACTORS = {"": Decimal(1), "shop": Decimal("1.4"), "languages": Decimal("1.25")}


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATON_HOME", str(tmp_path_factory.mktemp("floors") / "home"))
        wiring.close()
        yield wiring.ports()
        wiring.close()


def put(ports: Ports, raised: int) -> None:
    """Terms whose floors and prices are so many percent higher."""

    def up(item: dict[str, Any]) -> dict[str, Any]:
        return {**item, **{name: str(Decimal(str(item[name])) * (100 + raised) / 100) for name in ("price", "floor")}}

    changed = {name: [up(each) for each in TERMS[name]] for name in ("packages", "addons")}
    offers.put(ports, SCOPE, "o", "web", OfferTerms.model_validate({**TERMS, **changed}))


percents = st.integers(1, 60).map(str)
reductions = st.lists(st.fixed_dictionaries({"name": st.just("less"), "percent": percents}), max_size=2)
lines = st.lists(
    st.fixed_dictionaries(
        {
            "item": st.sampled_from(["website", "website", "care", "photos", ""]),
            "quantity": st.integers(4, 9).map(str),
            "price": st.none() | st.integers(0, 700).map(str),
            "complexity": st.sampled_from(["", "shop", "languages"]),
            "discounts": reductions,
        }
    ).map(
        lambda each: (
            each if each["item"] else {**each, "title": "Own", "billing": "once", "price": each["price"] or "40"}
        )
    ),
    min_size=1,
    max_size=3,
)
acts = st.one_of(
    st.tuples(st.just("edit"), lines, reductions, st.sampled_from(["EUR", "CHF"])),
    st.tuples(st.just("higher"), st.integers(0, 60)),
    st.tuples(st.just("rush"), lines, reductions, st.sampled_from(["EUR", "CHF"])),
    st.tuples(st.just("late"), st.integers(0, 60)),
    st.tuples(st.just("send")),
    st.tuples(st.just("submit")),
    st.tuples(st.just("approve")),
    st.tuples(st.just("deliver")),
    st.tuples(st.just("copy")),
    st.tuples(st.just("restore"), st.integers(1, 4)),
    st.tuples(st.just("counter"), st.integers(1, 4000), st.integers(0, 6)),
    st.tuples(st.just("accept"), st.integers(0, 3)),
    st.tuples(st.just("say"), st.integers(1, 4000)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, min_size=3, max_size=12))
def test_nothing_below_its_floor_is_sent_on_any_way(ports: Ports, tried: list[tuple[Any, ...]]) -> None:
    world = _World(ports)
    for act, *how in tried:
        with suppress(Rejected, Conflict, Missing):
            getattr(world, act)(*how)
        world.check()


def test_what_is_not_below_is_sent_on_the_same_ways(ports: Ports) -> None:
    """Else the test above would look at nothing."""
    world = _World(ports)
    world.submit()
    world.approve()
    world.check()
    world.edit([{"item": "website", "quantity": "9", "price": "361"}], [], "EUR")
    world.deliver()
    world.counter(3100, 0)
    world.copy()
    world.deliver()
    world.check()
    assert len(world.judged) == 4
    world.say(450)
    world.check()
    with pytest.raises(Rejected):
        world.say(1499)
    for n in range(3):
        world.accept(n)
    world.check()
    assert (world.accepted, world.refused) == ({*world.ids}, 2), "of each proposal the current version alone"
    assert world.answered == 1


def _shown(option: PricedOption) -> Iterator[Decimal]:
    for line in option.priced.lines:
        yield line.line.unit_net
        yield from (step.result for step in line.steps)
    for total in (option.once, option.monthly):
        yield from (total.net, total.gross, total.tax)
        yield from (each for vat in total.vat for each in (vat.net, vat.tax))


class _World:
    """One engagement, and how high the floors are. `judged`: those of each version that was sent, at that moment."""

    def __init__(self, ports: Ports) -> None:
        self.ports, self.raised = ports, 0
        self.judged: dict[tuple[str, int], int] = {}
        self.accepted: set[str] = set()
        self.answered = self.refused = 0
        put(ports, 0)
        house.write(ports, SCOPE, "o", House.model_validate({"sender": SENDER}))
        self.deal = deals.create(ports, SCOPE, "o", DealRequest(name="D")).id
        self.ids = [self._begun(offer="web", chosen=[{"item": "website", "quantity": "5"}]).id]

    def edit(self, lines: Any, discounts: Any, currency: str) -> None:
        option = {"id": "a", "name": "A", "lines": lines}
        self._keep({"options": [option], "discounts": discounts, "currency": currency})

    def restore(self, version: int) -> None:
        old = proposals.get(self.ports, SCOPE, self.ids[-1], version).content
        proposals.edit(self.ports, SCOPE, self.ids[-1], "o", old)

    def copy(self) -> None:
        self.ids.append(self._begun(like=self.ids[-1]).id)

    def submit(self) -> None:
        sending.submit(self.ports, SCOPE, self.ids[-1], "o")

    def approve(self) -> None:
        found = proposals.PROPOSALS.load(self.ports, SCOPE, self.ids[-1])
        if asked := sending.question(self.ports, SCOPE, found):
            sending.decide(self.ports, SCOPE, found.id, "a", "approve", asked.digest, None)

    def higher(self, percent: int) -> None:
        self.raised = percent
        put(self.ports, percent)

    def deliver(self) -> None:
        """As if a kill had come between approval and mail: whatever is newest counts as approved."""

        def approved(found: Any) -> None:
            found.approved, found.tries = found.version, found.tries + 1

        proposals.PROPOSALS.change(self.ports, SCOPE, self.ids[-1], approved)
        mailing.deliver(self.ports, SCOPE, self.ids[-1])

    def rush(self, lines: Any, discounts: Any, currency: str) -> None:
        """Changed, and a kill makes it count as approved: only the look right before the mail is left."""
        self.edit(lines, discounts, currency)
        self.deliver()

    def late(self, percent: int) -> None:
        """Floors rise between the question and the answer."""
        self.submit()
        self.higher(percent)
        self.approve()

    def send(self) -> None:
        self.submit()
        self.approve()

    def counter(self, wanted: int, which: int) -> None:
        found = proposals.PROPOSALS.load(self.ports, SCOPE, self.ids[-1])
        said = Say.model_validate({"text": "Less", "wanted": str(wanted)})
        kept = client.keep(self.ports, SCOPE, found, found.version, said, "o")
        room = negotiating.answers(self.ports, SCOPE, found.id, kept.id).alternatives
        negotiating.take(self.ports, SCOPE, found.id, kept.id, room[which].id if which < len(room) else "none", "o")
        assert of_proposal(self.ports, SCOPE, found.id)
        self.submit()
        self.approve()

    def accept(self, which: int) -> None:
        """As the client, by the link of any version that they ever got, the earlier ones too."""
        for id in self.ids:
            found = proposals.PROPOSALS.load(self.ports, SCOPE, id)
            for sent in found.sendings[which : which + 1]:
                token = mailing.link_of(self.ports, SCOPE, id, sent.version, sent.to, sent.ends_at).rpartition("/")[2]
                link = verify(token, "q", self.ports.keys.link)
                seen = client.opened(self.ports, link) if link else None
                if link and seen and not seen.over:
                    option = seen.priced.options[0].id
                    given = Acceptance(option=option, name="M", consent="yes", digest=seen.sending.digest)
                    try:
                        client.accept(self.ports, link, seen, given)
                    except Conflict:
                        self.refused += 1

    def say(self, sum: int) -> None:
        """Promise a sum in the answer to a question."""
        found = proposals.PROPOSALS.load(self.ports, SCOPE, self.ids[-1])
        if not found.current:
            return
        kept = client.keep(self.ports, SCOPE, found, found.current.version, Say(text="How much?"), "o")
        answering.answer(self.ports, SCOPE, found.id, kept.id, "o", f"All of it for {sum} EUR.")
        shown = whole(self.ports, SCOPE, found.current.digest)
        assert Decimal(sum) in {each for one in shown.options for each in _shown(one)}, "it promises another price"
        self.answered += 1

    def check(self) -> None:
        """Each version that was sent since the last look, against floors that are computed here, by hand; what is
        accepted is what was sent last."""
        for id in self.ids:
            found = proposals.PROPOSALS.load(self.ports, SCOPE, id)
            if found.accepted and id not in self.accepted:
                self.accepted.add(id)
                assert found.current
                assert found.accepted.digest == found.current.digest
                options = {each.id: each for each in whole(self.ports, SCOPE, found.accepted.digest).options}
                assert found.accepted.lines == tuple(each.line for each in options[found.accepted.option].priced.lines)
        for id in self.ids:
            for sent in proposals.PROPOSALS.load(self.ports, SCOPE, id).sendings:
                if (id, sent.version) not in self.judged:
                    self.judged[id, sent.version] = self.raised
                    self._judge(sent.digest)

    def _judge(self, digest: str) -> None:
        found = whole(self.ports, SCOPE, digest)
        rate = {"EUR": Decimal(1), "CHF": Decimal("0.95")}[found.content.currency]
        for option, priced in zip(found.content.options, found.options, strict=True):
            for chosen, line in zip(option.lines, priced.priced.lines, strict=True):
                factor = FACTORS[chosen.complexity] * (100 + self.raised) / 100 if chosen.item else Decimal(1)
                assert line.line.unit_net >= FLOORS[chosen.item] * rate * factor
            assert priced.once.net + priced.monthly.net >= 1500 * rate

    def _keep(self, changed: dict[str, Any]) -> None:
        before = proposals.get(self.ports, SCOPE, self.ids[-1]).content.model_dump()
        content = Content.model_validate({**before, "recommended": "", **changed})
        proposals.edit(self.ports, SCOPE, self.ids[-1], "o", content)

    def _begun(self, **more: Any) -> ProposalShown:
        until = (self.ports.clock.now() + timedelta(days=20)).date()
        body = {"deal": self.deal, "to": "m@x.example", "recipient": {"name": "M"}, "title": "T", "answer_by": until}
        return proposals.create(self.ports, SCOPE, "o", ProposalRequest.model_validate({**body, **more}))
