"""From a stranger to a paid deposit, on the real host under the virtual clock, killed at every step on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.campaign.baton import Baton

from .desk import Desk
from .facts import facts, scores
from .next_version import next_version
from .telling import Chosen, tell
from .world import world

ADA = "ada@halm.example"
PROPOSAL, CONTRACT, INVOICE = "Proposal: A new website", "Service contract: A new website", "INV-2027-0001"
EXPECTED: dict[str, Any] = {
    "deals": ["A new website"],
    "history": [
        (None, "new", "owner"), ("new", "contacted", "owner"), ("contacted", "needs", "owner"),
        ("needs", "proposed", "proposal"), ("proposed", "contract", "proposal"), ("contract", "signed", "contract"),
        ("signed", "deposit", "books"),
    ],
    "mails": {
        (ADA, "Your website"): 1, (ADA, "Shall I call you?"): 1, (ADA, PROPOSAL): 1,
        (ADA, f"Please sign: {CONTRACT}"): 1, (ADA, f"Signed: {CONTRACT}"): 1,
        (ADA, f"Invoice {INVOICE} from Nordlicht Studio"): 1,
    },
    "sequence": {"hello": (1, 0), "again": (1, 0), "last": (0, 0)},
    "leads": [("Halm Dental Ltd", "converted"), ("Kern & Co. KG", "found"), ("Umbra Roofing", "found")],
    "contacts": [ADA],
    "proposal": ("accepted", 1, ["accepted"]),
    "money": {
        "contract": ("signed", ["accepted"]), "signatures": [("client", "Ada Halm"), ("agency", "Nora Nord")],
        "net": "3300.00", "invoices": [(INVOICE, "accepted", "paid")], "payments": [("1963.50", "counted")],
        "sums": {"signed": "3927.00", "invoiced": "1963.50", "paid": "1963.50", "open": "0.00"}, "links": 1,
    },
    "thread": [
        ("lead", "Lead found"), ("lead", "Lead qualified"), ("moved", "Begun at new"),
        ("outreach", "Sequence websites begun"), ("mail", "Websites for practices · hello"),
        ("moved", "Moved from new to contacted"), ("mail", "Websites for practices · again"), ("reaction", "Answered"),
        ("heard", "What they said, written down"), ("moved", "Moved from contacted to needs"),
        ("proposal", "Proposal begun"), ("proposal", "Version 1 of the proposal sent"),
        ("moved", "Moved from needs to proposed"), ("proposal", "Proposal accepted: Better"),
        ("moved", "Moved from proposed to contract"), ("contract", "Contract begun"),
        ("contract", "Version 1 of the contract sent"),
        ("contract", "Version 1 of the contract signed for the client"),
        ("contract", "Version 1 of the contract signed for the agency"), ("moved", "Moved from contract to signed"),
        ("invoice", f"Invoice {INVOICE} sent"), ("invoice", f"1,963.50\xa0EUR came for {INVOICE}"),
        ("moved", "Moved from signed to deposit"),
    ],
}  # fmt: skip
"""What comes of it when nothing is killed, and whatever is."""
UPGRADED = "follow_up-0"
"""The first two mails of the sequence have left, the flow waits for an answer."""
STOPS = (
    "discover-0", "qualify-0", "qualify-1", "reach_out-0", "reach_out-1", "follow_up-0", "follow_up-1", "propose-0",
    "propose-1", "propose-2", "send-0", "send-1", "accept-0", "accept-1", "contract-0", "contract-1", "contract-2",
    "sign-0", "sign-1", "sign-2", "bill-0", "bill-1", "bill-2", "pay-0", "pay-1",
)  # fmt: skip
IN_TURN = {
    "discover-0", "qualify-0", "reach_out-0", "follow_up-0", "propose-0", "send-0", "accept-1", "contract-1", "sign-1",
    "bill-1", "pay-0",
}  # fmt: skip
"""One in each chapter, where most is under way: sites are being looked at, contacts come in, the mail server is down,
Stripe has not answered, a payment was told of."""


@contextmanager
def told(folder: Path, killed: Chosen, upgrade: bool = False) -> Iterator[Desk]:
    """The story, and what it is at its end."""
    with world(folder) as outside:
        flags = ("--clock", "virtual=2027-03-01T05:00:00Z", "--hold")
        desk = Desk(Baton(folder, *flags, **outside.settings).start(), outside)
        stops = tell(desk, killed, (UPGRADED, next_version(folder)) if upgrade else None)
        assert tuple(stops) == STOPS
        assert facts(desk) == EXPECTED
        yield desk
        assert desk.baton.host
        desk.baton.kill()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_killed_at_every_step_and_upgraded_on_the_way_a_stranger_becomes_a_client_once(tmp_path: Path) -> None:
    with told(tmp_path, lambda stop: stop in IN_TURN, upgrade=True) as desk:
        before = scores(desk)
        made = desk.ask("POST", "leads/rescore")["id"]
        desk.until(f"leads/lists/{made}", status="completed")
        assert scores(desk) == before
        assert first_step(desk, "local~main~journey~websites~1").startswith("Task"), "it goes on as it began"
        assert first_step(desk, "local~main~bookkeeping~flow~1").startswith("Timer"), "it began with the later version"


def first_step(desk: Desk, instance: str) -> str:
    """What an instance that is well asked for first: in the later version a timer (`next_version`)."""
    assert desk.baton.host
    shown = desk.baton.host.manage("GET", f"instances/{instance}", params={"showHistory": "true"}).json()
    assert shown["runtimeStatus"] in ("Running", "Completed"), shown
    return str(shown["historyEvents"][1]["EventType"])


@pytest.mark.nightly
@pytest.mark.timeout(400)
@pytest.mark.parametrize("at", [None, *STOPS])
def test_killed_at_one_step_it_ends_the_same(at: str | None, tmp_path: Path) -> None:
    with told(tmp_path, lambda stop: stop == at):
        pass
