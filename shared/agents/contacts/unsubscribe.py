"""The link "unsubscribe": at once, for every campaign, whatever else is gone (rules U1, U4, U7)."""

from __future__ import annotations

from contextlib import suppress as ignoring
from datetime import datetime

from shared.agents.contacts.consents import Trace, last_word, put_on_record
from shared.agents.contacts.evidence import keep
from shared.agents.contacts.suppression import suppress
from shared.agents.effects import effect_of
from shared.domain.contact import contact_id
from shared.domain.engagement import Engagement
from shared.domain.evidence import Evidence
from shared.domain.faults import Missing
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

_SOURCE = "unsubscribe link"
_WHAT = "unsubscribed"


def unsubscribe(ports: Ports, link: Link, simulated: bool = False, trace: Trace | None = None) -> None:
    """The person behind a verified link gets no further message of this agency. The suppression comes first: it is what
    the gate reads. Repeating it, also after a kill in the middle, changes nothing more."""
    now = ports.clock.now()
    suppress(ports, link.scope, link.person, "unsubscribed", link.campaign)
    said = _evidence(ports, link, contact_of(ports, link.scope, link.person), now, trace or Trace())
    kept = keep(ports, link.scope, said, _WHAT, campaign=link.campaign, person=link.person)
    with ignoring(Missing):
        put_on_record(ports, link.scope, kept)
    count(ports, link, now, simulated)


def contact_of(ports: Ports, scope: Scope, person: str) -> str:
    """The id of the contact that has, or would have, this address."""
    identity = ports.documents.get(scope, Kind.IDENTITY, person)
    return str(identity.body["contact"]) if identity else contact_id(person)


def _evidence(ports: Ports, link: Link, contact: str, now: datetime, trace: Trace) -> Evidence:
    id, before = last_word(ports, link.scope, contact, f"{contact}-u-{link.campaign}")
    return Evidence(
        id=id,
        contact=contact,
        at=now,
        recorded_at=now,
        by=_SOURCE,
        method="link",
        status="withdrawn",
        channel="all",
        source=_SOURCE,
        campaign=link.campaign,
        before=before,
        **trace.blinded(ports.keys.address),
    )


def count(ports: Ports, link: Link, now: datetime, simulated: bool = False) -> None:
    """One unsubscription of the campaign that the link was in; a second counts nothing."""
    key = effect_of(ports, link.scope, link.campaign, link.person, link.shard)
    seen = _engagement(link, key, now, simulated)
    id = f"{seen.campaign}-{seen.key}-{seen.what}"
    with ignoring(Stale):
        ports.documents.put(link.scope, Kind.ENGAGEMENT, id, seen.model_dump(mode="json"))


def _engagement(link: Link, key: str, now: datetime, simulated: bool) -> Engagement:
    return Engagement(
        campaign=link.campaign,
        key=key,
        person=link.person,
        what="unsubscribe",
        human=1,
        first_at=now,
        first_human_at=now,
        last_at=now,
        simulated=simulated,
    )
