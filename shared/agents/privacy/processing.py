"""The record of processing activities (GDPR Article 30), made from what is set up and what is stored (rule G8)."""

from __future__ import annotations

from itertools import islice

from shared.agents.privacy.outside import outside
from shared.agents.privacy.places import everything
from shared.agents.privacy.retention import read
from shared.domain.campaign import Campaign
from shared.domain.data_use import KINDS
from shared.domain.names import Kind
from shared.domain.processing import Activity, ProcessingRecord
from shared.domain.retention import CATEGORIES
from shared.domain.scope import Scope
from shared.ports import Ports

_MOST = 1000
"""Campaigns that are asked for their senders."""
_PEOPLE = ("deleted", "entry", "redacted")
_ACTIVITIES = (
    (
        "Address book and consent",
        "knowing who may be written to, and proving it",
        "consent, contract or legitimate interest",
    ),
    ("Campaigns", "writing to people who agreed, each once", "consent, or what the law of where they live allows"),
    ("What came back", "counting opens, clicks, bounces and complaints, and stopping", "legitimate interest"),
    ("Writing with models", "drafts, answers and tasks", "legitimate interest; people approve what leaves"),
    ("Objections", "keeping a keyed hash, so that nobody is written to again", "legal obligation (Article 21(3))"),
)


def record(ports: Ports, scope: Scope) -> ProcessingRecord:
    """As things are set up now. Who the controller is, is said by the senders of the campaigns."""
    policy = read(ports, scope)
    return ProcessingRecord(
        workspace=scope.workspace,
        made_at=ports.clock.now(),
        senders=sorted(_senders(ports, scope)),
        activities=[Activity(name=name, purpose=purpose, basis=basis) for name, purpose, basis in _ACTIVITIES],
        people=["contacts: customers, patients, leads", "users of Baton"],
        data=[each.holds for each in KINDS.values() if each.erasure in _PEOPLE],
        recipients=outside(ports),
        kept={each.holds: f"{policy.of(name)} days" for name, each in CATEGORIES.items()},
        assessment="Leads are not scored, and nobody is profiled beyond opens and clicks: what would need an "
        "assessment of its impact (Article 35) does not happen here. Look again once that changes.",
    )


def _senders(ports: Ports, scope: Scope) -> set[str]:
    found = set()
    for each in islice(everything(ports, scope, Kind.CAMPAIGN), _MOST):
        sender = Campaign.model_validate(each.body).request.sender
        found.add(f"{sender.name}, {sender.postal_address}, {sender.address}")
    return found
