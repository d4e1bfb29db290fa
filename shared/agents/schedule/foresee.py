"""The gate asked in advance about a whole audience. People are decided about by what decides, so whoever is alike in
that is decided about once; what differs between them otherwise, such as their names, is not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from shared.agents import facts
from shared.agents.campaigns.audience import audience_path, members
from shared.agents.distribute import reservations
from shared.agents.distribute.reservations import NOTHING, Booked
from shared.agents.facts import NOT_SUPPRESSED, Ground, Known, Row, Suppressed, ground_of
from shared.agents.lines import lines
from shared.agents.schedule.plan import held_out
from shared.domain.calendar import Taken
from shared.domain.campaign import Campaign
from shared.domain.consent import key_of
from shared.domain.gate import decide
from shared.domain.own import OWN, own_channel
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.ports import Ports

_BATCH = 250
"""Four look-ups of suppressions for each fit into what Cosmos DB takes in one list (1,000)."""
_KINDS = 10_000
"""So many kinds of people are remembered: memory does not grow with the audience."""
_DECIDING = ("status", "purpose", "jurisdiction", "basis", "collected_in", "opt_out_offered", "expires_at")
"""What of a consent decides; when it was given does only where the law lets it end, which its basis says."""


class Asked(NamedTuple):
    """One of the audience, with what the address book holds about them now; None if they have left it."""

    contact: str
    person: str
    body: Mapping[str, Any] | None


def foresee(
    ports: Ports, scope: Scope, campaign: Campaign, start: datetime, taken: Taken
) -> Iterator[tuple[Asked, str]]:
    """Everybody of the audience with the reason that would hold them if the campaign left at `start`, or `allowed`;
    who must wait still gets it. `taken`: when nothing may leave by the sender's calendar."""
    gate = _Gate(ports, replace(ground_of(ports, scope, campaign, start), taken=taken))
    for batch in _audience(ports, scope, campaign):
        persons = [each.person for each in batch]
        suppressed = facts.suppressions(ports, scope, persons, campaign.request, gate.numbers(batch))
        booked = reservations.read(ports, scope, persons)
        for each in batch:
            reach = suppressed.get(each.person, NOT_SUPPRESSED)
            yield each, gate.code(each, reach, booked.get(each.person, NOTHING))


def _audience(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[list[Asked]]:
    """Batches of those whom the approval seals; of those whom the segment matches while nothing is sealed yet."""
    path = audience_path(campaign.id, campaign.version)
    if ports.files.size(scope, path) is None:
        found = members(ports, scope, campaign.request.segment)
        while people := list(islice(found, _BATCH)):
            yield [Asked(each.id, each.person, each.model_dump(mode="json")) for each in people]
        return
    sealed = lines(ports, scope, path)
    while batch := [line.decode().split() for line in islice(sealed, _BATCH)]:
        known = _bodies(ports, scope, [contact for contact, _ in batch])
        yield [Asked(contact, person, known.get(contact)) for contact, person in batch]


def _bodies(ports: Ports, scope: Scope, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    own = {OWN: own_channel(ports.keys.address).model_dump(mode="json")} if OWN in ids else {}
    return {found.id: found.body for found in facts.bodies(ports, scope, ids)} | own


class _Gate:
    """The gate of one forecast."""

    def __init__(self, ports: Ports, ground: Ground) -> None:
        self.ground, self._ports = ground, ports
        self._default = zone(ports.timezone)
        self._consents = key_of(ground.channel, ground.campaign.request.purpose), ground.channel
        self._share = ground.campaign.request.holdout
        self._decided: dict[Any, str] = {}

    def numbers(self, batch: Sequence[Asked]) -> dict[str, str | None]:
        """person -> the hash of their number."""
        country = self.ground.standing.policy.country if self.ground.standing.policy else None
        said = ((each.person, each.body or {}) for each in batch)
        return {
            person: facts.number_of(self._ports, body.get("phone"), body.get("country"), country)
            for person, body in said
        }

    def code(self, asked: Asked, suppressed: Suppressed, booked: Booked) -> str:
        """The reason that would hold this person, or `allowed`."""
        holdout = self._share > 0 and held_out(self.ground.campaign.id, asked.person, self._share)
        if booked is not NOTHING or asked.body is None:
            return self._ask(asked, suppressed, booked, holdout)
        kind = (holdout, suppressed.reach, *self._kind(asked.person, asked.body))
        try:
            if (known := self._decided.get(kind)) is not None:
                return known
        except TypeError:  # damaged: a list where a text belongs
            return self._ask(asked, suppressed, booked, holdout)
        if len(self._decided) >= _KINDS:
            self._decided.clear()
        self._decided[kind] = found = self._ask(asked, suppressed, booked, holdout)
        return found

    def _kind(self, person: str, body: Mapping[str, Any]) -> tuple[Any, ...]:
        phone = body.get("phone") if self.ground.channel == "sms" else None
        written = body.get("consent")
        consents = map(written.get, self._consents) if isinstance(written, dict) else (written,)
        same = body.get("person") == person
        found = str(body.get("found") or "")
        return same, body.get("country"), body.get("timezone"), phone, found, *map(_deciding, consents)

    def _ask(self, asked: Asked, suppressed: Suppressed, booked: Booked, holdout: bool) -> str:
        contact = None if asked.body is None else facts.read_contact(asked.body)
        own = zone(contact.timezone) if contact and contact.timezone else None
        row = Row(asked.person, "", own or self._default, holdout=holdout)
        known = None if asked.body is None else Known(contact, "")
        verdict = decide(facts.facts_of(self.ground, row, known, suppressed, booked.uses))
        return verdict.code if verdict.state == "held" else "allowed"


def _deciding(consent: Any) -> Any:
    if not isinstance(consent, dict):
        return consent
    since = consent.get("at") if consent.get("basis") not in (None, "explicit") else None
    return since, *map(consent.get, _DECIDING)
