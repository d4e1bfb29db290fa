"""Who would get it if it left now: the gate asked in advance, for the people who decide whether it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from shared.agents.campaigns.audience import members
from shared.agents.schedule.approval import most_messages
from shared.agents.schedule.plan import held_out
from shared.domain.campaign import Campaign
from shared.domain.contact import Consent, Contact
from shared.domain.gate import Facts, decide
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports

_BATCH = 500


class Forecast(NamedTuple):
    """`people` of the audience, those who would be held by reason, and the `gets` that are left."""

    people: int
    held: dict[str, int]

    @property
    def gets(self) -> int:
        return self.people - sum(self.held.values())


def forecast(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    """As the address book is now; the gate asks again before each message leaves, and may then hold more."""
    audience, found = members(ports, scope, campaign.request.segment), Counter[str]()
    while batch := list(islice(audience, _BATCH)):
        found.update(_codes(ports, scope, campaign, batch))
    allowed, people = found.pop("allowed", 0), found.total()
    most = most_messages(ports, campaign)
    if most is not None and allowed > most:
        found["over_budget"] = allowed - most
    return Forecast(people + allowed, dict(sorted(found.items())))


def _codes(ports: Ports, scope: Scope, campaign: Campaign, people: Sequence[Contact]) -> list[str]:
    asked = [Filter("id", "in", [each.person for each in people])]
    page = ports.documents.find(scope.agency, Kind.SUPPRESSION, asked, limit=len(people))
    suppressed = {document.id for document in page.documents}
    return [decide(_facts(campaign, each, each.person in suppressed)).code for each in people]


def _facts(campaign: Campaign, reader: Contact, suppressed: bool) -> Facts:
    return Facts(
        approved=True,
        cancelled=False,
        holdout=held_out(campaign.id, reader.person, campaign.request.holdout),
        over_budget=False,
        no_room=False,
        present=True,
        consent=reader.consent.get("email", Consent()).status,
        suppressed=suppressed,
        opens=None,
        versions={},
    )
