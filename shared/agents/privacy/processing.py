"""The record of processing activities (GDPR Article 30), made from what is set up and what is stored (rule G8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from shared.agents.privacy.outside import does, outside
from shared.agents.privacy.places import everything
from shared.agents.privacy.retention import read
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.data_use import KINDS
from shared.domain.names import Kind
from shared.domain.processing import ACTIVITIES, Decision, Particulars, ProcessingRecord, Processor, special
from shared.domain.retention import CATEGORIES
from shared.domain.review import AUTOMATED
from shared.domain.scope import Scope
from shared.ports import Document, Ports

_MOST = 1000
"""Campaigns that are asked for their senders."""
_PEOPLE = ("deleted", "entry", "redacted")
_PARTICULARS = "particulars"
"""The id of the document, of the kind of policies."""
_ATTRIBUTE = re.compile(r"attributes\.(\w[\w -]*)")


def record(ports: Ports, scope: Scope) -> ProcessingRecord:
    """As things are set up now."""
    policy, known = read(ports, scope), particulars(ports, scope)
    requests = [Campaign.model_validate(each.body).request for each in _campaigns(ports, scope)]
    processors = [
        Processor(name=each, does=does(each), agreement=known.processors.get(each))
        for each in [*ports.hosts, *outside(ports)]
    ]
    return ProcessingRecord(
        workspace=scope.workspace,
        made_at=ports.clock.now(),
        particulars=known,
        senders=sorted({f"{s.name}, {s.postal_address}, {s.address}" for s in (each.sender for each in requests)}),
        activities=list(ACTIVITIES),
        data=[each.holds for each in KINDS.values() if each.erasure in _PEOPLE],
        processors=processors,
        decisions=[Decision(**each._asdict()) for each in AUTOMATED],
        kept={each.holds: f"{policy.of(name)} days" for name, each in CATEGORIES.items()},
        impact=list(_impact(requests)),
        missing=list(_missing(known, processors)),
    )


def particulars(ports: Ports, scope: Scope) -> Particulars:
    """What people filled in; nothing where nobody did."""
    found = ports.documents.get(scope, Kind.POLICY, _PARTICULARS)
    return Particulars.model_validate(found.body) if found else Particulars()


def fill_in(ports: Ports, scope: Scope, by: str, said: Particulars) -> Particulars:
    """Put these in the place of the old."""
    ports.documents.put(scope, Kind.POLICY, _PARTICULARS, said.model_dump(mode="json"), "*")
    ports.journal.append(scope, "policy", ports.clock.now(), by, "particulars", {"processors": len(said.processors)})
    return said


def _campaigns(ports: Ports, scope: Scope) -> Iterator[Document]:
    return islice(everything(ports, scope, Kind.CAMPAIGN), _MOST)


def _impact(requests: list[CampaignRequest]) -> Iterator[str]:
    """Scoring would be named here, too, once there was any."""
    used = {name.strip() for each in requests for name in _ATTRIBUTE.findall(each.segment.model_dump_json())}
    if found := special(used):
        yield f"campaigns pick people by what Article 9 may protect: {', '.join(found)}"


def _missing(known: Particulars, processors: list[Processor]) -> Iterator[str]:
    if not known.controller:
        yield "the controller's name"
    if not known.contact:
        yield "how the controller is reached"
    for each in processors:
        if not each.agreement or not each.agreement.contract:
            yield f"the contract with {each.name} (Article 28)"
        elif not each.agreement.country:
            yield f"in which country {each.name} works (Article 30(1)(e))"
