"""A contract from the accepted proposal to what follows from it: signed twice, once, by both, sealed, billed."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared import wiring
from shared.agents import deals
from shared.agents.books import plans, turn
from shared.agents.propose import contract_paper, contract_sending, contracts, signing
from shared.agents.thread import thread
from shared.domain.contract import Contract, ContractChange, DeclineRequest, SignRequest
from shared.domain.faults import Conflict, Rejected
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.ports import Ports

from .conftest import BUYER, DATES, SCOPE, Hand, accepted, begun, copied, letters, sent, sign

ROOT = Path(__file__).parents[3]


def load(ports: Ports, id: str) -> Contract:
    return contracts.CONTRACTS.load(ports, SCOPE, id)


def refused(act: Any) -> tuple[str, str]:
    with pytest.raises(Conflict) as told:
        act()
    return told.value.error.field, told.value.error.reason


def test_from_accepted_to_sealed_and_billed(ports: Ports) -> None:
    from pypdf import PdfReader

    deal, proposal = accepted(ports)
    made = begun(ports, proposal)
    assert [each.heading for each in made.content.sections][1:3] == [
        "Services and prices",
        "What was said with the proposal",
    ]
    assert "3,213.00" not in made.content.sections[0].text
    assert made.wrong == []
    mails = len(letters(ports))
    assert contract_paper.pdf(ports, SCOPE, load(ports, made.id), 1)[:4] == b"%PDF"
    link = sent(ports, made.id)
    assert [subject for subject, _ in letters(ports)[mails:]] == ["Please sign: Service contract: A new website"]
    seen = signing.opened(ports, link)
    assert seen is not None
    assert seen.standing == "sent"

    sign(ports, made.id, "client")
    assert (load(ports, made.id).status, deals.get(ports, SCOPE, deal).stage) == ("sent", "contract")
    done = sign(ports, made.id, "agency", "Anna 王")
    assert (done.status, done.pending, done.plan, deals.get(ports, SCOPE, deal).stage) == (
        "signed",
        False,
        made.id,
        "signed",
    )

    plan = plans.PLANS.load(ports, SCOPE, made.id)
    assert (plan.deal, plan.contract, plan.buyer.name) == (deal, made.id, BUYER["name"])
    assert [(each.title, str(each.on)) for each in plan.instalments[:3]] == [
        ("Deposit", "2027-03-02"), ("Handover", "2027-04-30"), ("2027-05", "2027-05-01"),
    ]  # fmt: skip
    assert len(plan.instalments) == 8
    assert turn.running(ports, SCOPE) is not None, "a flow makes the invoices"

    whole = contract_paper.sealed_pdf(ports, SCOPE, done)
    evidence = json.loads(PdfReader(BytesIO(whole)).attachments["evidence.json"][0])
    document = hashlib.sha256(whole[: evidence["octets"]]).hexdigest()
    assert document == evidence["document"] == done.versions[0].document
    assert [(each["role"], each["name"], each["address"], each["document"]) for each in evidence["signatures"]] == [
        ("client", "Maja Holm", "203.0.113.7", document), ("agency", "Anna 王", "", document),
    ]  # fmt: skip
    page = PdfReader(BytesIO(whole)).pages[-1].extract_text()
    assert [text in page.replace("\n", "") for text in ("Maja Holm", "(U+738B)", "203.0.113.7", document)] == [True] * 4
    assert letters(ports)[-1][0] == "Signed: Service contract: A new website"
    assert {each.title for each in thread(ports, SCOPE, deal) if each.what == "contract"} == {
        "Contract begun",
        "Version 1 of the contract sent",
        "Version 1 of the contract signed for the agency",
        "Version 1 of the contract signed for the client",
    }


def test_each_side_signs_once_and_two_at_once_make_one_contract(ports: Ports) -> None:
    deal, proposal = accepted(ports)
    id = begun(ports, proposal).id
    sent(ports, id)
    results: list[str] = []

    def take(role: Any, name: str) -> None:
        try:
            sign(ports, id, role, name)
            results.append("signed")
        except Conflict as why:
            results.append(why.error.reason)

    both = [Thread(target=take, args=each) for each in (("client", "Maja"), ("client", "Tom"), ("agency", "Anna"))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    found = load(ports, id)
    names = {each.role: each.name for each in found.signatures}
    assert sorted(results) == sorted(["signed", "signed", f"signed-already:{names['client']}"])
    assert (found.status, found.pending, len(found.signatures)) == ("signed", False, 2)
    assert refused(lambda: sign(ports, id, "client", "Maja")) == ("contract", f"signed-already:{names['client']}")
    assert [move.to for move in deals.get(ports, SCOPE, deal).history].count("signed") == 1
    assert len(ports.documents.find(SCOPE, Kind.INVOICE_PLAN).documents) == 1
    assert [subject for subject, _ in letters(ports)].count("Signed: Service contract: A new website") == 1


def test_what_is_old_over_or_another_document_is_not_signed(ports: Ports, hand: Hand) -> None:
    _, proposal = accepted(ports)
    id = begun(ports, proposal).id
    assert refused(lambda: sign(ports, id, "client", document="0" * 64)) == ("version", "newer"), "nothing was sent"
    first = sent(ports, id)
    assert refused(lambda: sign(ports, id, "client", document="0" * 64)) == ("document", "other")
    with pytest.raises(ValidationError, match="name"):
        SignRequest(name="M" * 10_000, consent="yes", document="0" * 64)
    sign(ports, id, "client")
    contracts.change(ports, SCOPE, id, "o", ContractChange.model_validate({"fields": {"notice": "two months"}}))
    second = sent(ports, id)
    assert (load(ports, id).counted, len(load(ports, id).signatures)) == ([], 1), "it was of another document"
    assert refused(lambda: sign(ports, id, "client", version=1)) == ("version", "newer")
    old = signing.opened(ports, first)
    assert old is not None
    assert (old.newer, old.over) == (True, False)

    seen = signing.opened(ports, second)
    assert seen is not None
    signing.decline(ports, SCOPE, seen, DeclineRequest(reason="Too long"))
    assert refused(lambda: sign(ports, id, "agency")) == ("contract", "declined")
    contracts.change(ports, SCOPE, id, "o", ContractChange.model_validate({"to": "tom@praxis.example"}))
    sent(ports, id)
    gone = signing.opened(ports, second)
    assert gone is not None
    assert gone.over, "it is somebody else's now"
    contract_sending.cancel(ports, SCOPE, id, "o")
    assert refused(lambda: sign(ports, id, "client")) == ("contract", "cancelled")
    sent(ports, id)
    hand.forward(days=10)
    contract_sending.look_after(ports, SCOPE)
    assert letters(ports)[-1][0].startswith("Reminder")
    hand.forward(days=20)
    assert refused(lambda: sign(ports, id, "client")) == ("contract", "expired")
    contract_sending.look_after(ports, SCOPE)
    assert (load(ports, id).status, load(ports, id).pending) == ("expired", False)
    with pytest.raises(Rejected, match="sign_by"):
        contract_sending.submit(ports, SCOPE, id, "o")


def test_a_proposal_has_one_contract_and_what_it_was_written_from_must_hold(ports: Ports) -> None:
    _, proposal = accepted(ports)
    id = begun(ports, proposal).id
    assert id in refused(lambda: begun(ports, proposal))[1]
    early = {**DATES, "monthly_from": "2027-03-10"}
    contracts.change(ports, SCOPE, id, "o", ContractChange.model_validate({"dates": early}))
    with pytest.raises(Rejected, match=r"dates\.monthly_from: 2027-03-10 is before the last day"):
        contract_sending.submit(ports, SCOPE, id, "o")
    contracts.change(ports, SCOPE, id, "o", ContractChange.model_validate({"dates": DATES}))
    sent(ports, id)
    found = ports.documents.get(SCOPE, Kind.PROPOSAL, proposal)
    assert found is not None
    newer = {**found.body, "accepted": {**found.body["accepted"], "version": 2, "digest": "f" * 64}}
    ports.documents.put(SCOPE, Kind.PROPOSAL, proposal, newer, "*")
    assert refused(lambda: sign(ports, id, "client")) == ("proposal", "scope")
    assert "something else was agreed on" in contracts.get(ports, SCOPE, id).wrong[0]


CHANGES = 20
"""More than there are between the second signature and its end; a killer that comes too late kills nobody."""
KILLS = [pytest.param(n, marks=() if n == 7 else pytest.mark.nightly) for n in range(CHANGES)]


@pytest.mark.parametrize("number", KILLS)
def test_whoever_is_killed_at_the_second_signature_leaves_it_to_the_sweep_which_does_each_thing_once(
    ports: Ports, number: int
) -> None:
    deal, proposal = accepted(ports)
    id = begun(ports, proposal).id
    sent(ports, id)
    sign(ports, id, "client")
    wiring.close()
    command = [sys.executable, "-m", "tests.integration.contracts.sign_child", id, str(number)]
    died = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, env={**os.environ})
    assert died.returncode == -signal.SIGKILL or (died.returncode == 0 and number > 14), died.stderr
    ports = wiring.ports()
    if load(ports, id).status == "sent":  # killed ahead of the signature itself
        sign(ports, id, "agency", "Anna")
    for _ in range(2):
        contract_sending.look_after(ports, SCOPE)
    found = load(ports, id)
    assert (found.status, found.plan, len(found.signatures)) == ("signed", id, 2), found.held
    assert found.sealed == hashlib.sha256(contract_paper.sealed_pdf(ports, SCOPE, found)).hexdigest()
    assert [move.to for move in deals.get(ports, SCOPE, deal).history].count("signed") == 1
    assert len(ports.documents.find(SCOPE, Kind.INVOICE_PLAN).documents) == 1
    copies = [subject for subject, _ in letters(ports)].count("Signed: Service contract: A new website")
    assert copies <= 1, "one that was in doubt is not sent again"
    assert (copies == 1 and not found.pending) or (found.pending and found.held), "and it is said"


acts = st.one_of(
    st.tuples(st.just("sign"), st.sampled_from(["client", "agency"]), st.integers(1, 3)),
    st.tuples(st.just("change"), st.integers(1, 9)),
    st.tuples(st.just("send")),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("decline")),
    st.tuples(st.just("look_after")),
)


TRIED = st.lists(acts, min_size=4, max_size=12)
CHECKED = [HealthCheck.function_scoped_fixture]


@settings(max_examples=4, deadline=None, suppress_health_check=CHECKED)
@given(TRIED)
def test_no_contract_is_signed_without_both_evidences_over_the_same_document(
    ports: Ports, tried: list[tuple[Any, ...]]
) -> None:
    _try(ports, tried)


@pytest.mark.nightly
@settings(max_examples=80, deadline=None, suppress_health_check=CHECKED)
@given(TRIED)
def test_no_contract_is_signed_without_both_evidences_whatever_is_tried(
    ports: Ports, tried: list[tuple[Any, ...]]
) -> None:
    _try(ports, tried)


def _try(ports: Ports, tried: list[tuple[Any, ...]]) -> None:
    if ports.documents.get(SCOPE, Kind.HOUSE, "proposal") is None:
        ports.documents.put(SCOPE, Kind.HOUSE, "proposal", {"id": accepted(ports)[1]})
    first = ports.documents.get(SCOPE, Kind.HOUSE, "proposal")
    assert first is not None
    world = _World(ports, copied(ports, first.body["id"], uuid4().hex))
    for act, *how in tried:
        with suppress(Rejected, Conflict):
            getattr(world, act)(*how)
        world.check()


class _World:
    """One contract, and what is tried with it."""

    def __init__(self, ports: Ports, proposal: str) -> None:
        self.ports, self.id, self.links = ports, begun(ports, proposal).id, list[Link]()

    def sign(self, role: str, version: int) -> None:
        if load(self.ports, self.id).of_version(version):
            sign(self.ports, self.id, role, version=version)

    def change(self, months: int) -> None:
        wished = ContractChange.model_validate({"dates": {**DATES, "months": months}})
        contracts.change(self.ports, SCOPE, self.id, "o", wished)

    def send(self) -> None:
        self.links.append(sent(self.ports, self.id))

    def cancel(self) -> None:
        contract_sending.cancel(self.ports, SCOPE, self.id, "o")

    def decline(self) -> None:
        seen = signing.opened(self.ports, self.links[-1]) if self.links else None
        if seen:
            signing.decline(self.ports, SCOPE, seen, DeclineRequest(reason="No"))

    def look_after(self) -> None:
        contract_sending.look_after(self.ports, SCOPE)

    def check(self) -> None:
        """What is stored, read without the code that decides it."""
        stored = self.ports.documents.get(SCOPE, Kind.CONTRACT, self.id)
        assert stored is not None
        body = stored.body
        current = {key: body["sendings"][-1][key] for key in ("version", "attempt")} if body["sendings"] else {}
        mine = [each for each in body["signatures"] if current.items() <= each.items() and current]
        assert (body["status"] == "signed") == (sorted(each["role"] for each in mine) == ["agency", "client"])
        assert len({each["document"] for each in mine}) <= 1
        planned = self.ports.documents.get(SCOPE, Kind.INVOICE_PLAN, self.id) is not None
        assert planned == (body["status"] == "signed")
