"""What the gate asks about people, read in batches: for the windows that send and for the forecast of who gets it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from shared.agents.numbers import e164, number_id
from shared.agents.places import country_code, is_holiday, zones_of
from shared.agents.policy import Standing, standing
from shared.domain.calendar import Taken
from shared.domain.campaign import Campaign, CampaignRequest, sender_domain
from shared.domain.caps import Use, Wait, waits
from shared.domain.consent import Refusal, refusal
from shared.domain.contact import Contact
from shared.domain.found import notice
from shared.domain.gate import Facts
from shared.domain.hours import Clock, Opening, Rules, closed_by_law, legal_hours, next_opening
from shared.domain.names import Kind
from shared.domain.own import OWN, own_channel
from shared.domain.policy import Cap, Policy
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.slots import zone
from shared.domain.suppression import holds, suppression_ids
from shared.ports import Document, Ports

_Reach = Literal["all", "channel", "topic", "erased"]
AGAIN = timedelta(minutes=1)
"""So long rests what stands still for the campaign's sake or its sender's."""
FREED = timedelta(minutes=5)
"""So long rests what the calendar leaves no moment: as often it is looked whether it does now."""


@dataclass(frozen=True)
class Ground:
    """What holds for everybody in one window of a campaign."""

    campaign: Campaign
    approved: bool
    standing: Standing
    lacks: tuple[str, ...]
    now: datetime
    taken: Taken = field(default_factory=Taken)
    """When nothing may leave by the sender's calendar (S2.7)."""
    foretells: bool = False
    """Nothing is decided for good: what the calendar says now counts as what it will say."""
    tells: bool = False
    """The message tells those who were found where (rule G10)."""

    @cached_property
    def channel(self) -> str:
        return self.campaign.request.channels[0]

    @cached_property
    def end(self) -> datetime:
        """When the window ends, counted from where the plan began it. It never grows by itself: if a person let it go
        on after it had ended, it counts from then."""
        campaign, days = self.campaign, timedelta(days=self.campaign.request.window.days)
        if campaign.journey:
            return self.taken.free_from(self.now) + days  # each person's own window begins when they come to it
        met = max((at for at in (campaign.request.window.start, campaign.first_due) if at), default=self.now)
        begins = campaign.opened_at or met
        ends = max(begins + days, campaign.last_due or begins)
        went_on = campaign.went_on_at
        return went_on + days if went_on and went_on >= ends else ends


class Row(NamedTuple):
    """What the plan says of one effect."""

    person: str
    effect: str
    zone: ZoneInfo | None
    holdout: bool = False
    over_budget: bool = False
    no_room: bool = False


class Known(NamedTuple):
    """A contact as read, with its revision; `contact` None: it is there, but cannot be read."""

    contact: Contact | None
    rev: str


class Suppressed(NamedTuple):
    """How far a suppression reaches, and the revision of the document that says so."""

    reach: Literal["no", "all", "channel", "topic", "erased"]
    rev: str


NOT_SUPPRESSED = Suppressed("no", "")


def people(ports: Ports, scope: Scope, ids: Sequence[str]) -> dict[str, Known]:
    """The contacts among these ids, in one read; one that is garbled holds up nobody but itself."""
    known = {found.id: Known(read_contact(found.body), found.rev) for found in bodies(ports, scope, ids)}
    return known | ({OWN: Known(own_channel(ports.keys.address), "")} if OWN in ids else {})


def bodies(ports: Ports, scope: Scope, ids: Sequence[str]) -> list[Document]:
    """The contacts among these ids as they are stored, in one read."""
    asked = [Filter("id", "in", frozenset(ids))]
    return ports.documents.find(scope, Kind.CONTACT, asked, limit=max(1, len(ids))).documents


def read_contact(body: Mapping[str, object]) -> Contact | None:
    """None: it cannot be read."""
    try:
        return Contact.model_validate(body)
    except ValidationError:
        return None


def suppressions(
    ports: Ports, scope: Scope, persons: Sequence[str], request: CampaignRequest, numbers: Mapping[str, str | None]
) -> dict[str, Suppressed]:
    """person -> the widest suppression that names them or their number, in one read (rule C1: at send time, never
    earlier). `numbers`: person -> the hash of their number."""
    asked = defaultdict[str, list[tuple[str, _Reach]]](list)
    for person in persons:
        for id, reach in _reaches(person, request.channels[0], request.topic):
            asked[id].append((person, reach))
        if number := numbers.get(person):
            asked[number].append((person, "all"))
    page = ports.documents.find(
        scope.agency, Kind.SUPPRESSION, [Filter("id", "in", frozenset(asked))], limit=max(1, len(asked))
    )
    found: dict[str, Suppressed] = {}
    for document in page.documents:
        for person, reach in asked[document.id]:
            if not holds(document.body, scope.workspace, person):
                continue
            if document.id == person and document.body.get("reason") == "erased":
                reach = "erased"
            known = found.get(person, NOT_SUPPRESSED)
            found[person] = max(known, Suppressed(reach, document.rev), key=lambda each: _WIDTH[each.reach])
    return found


def number_of(ports: Ports, phone: object, lives: object, country: str | None) -> str | None:
    """The hash of a number as the address book has it, with what it says of where its owner lives; `country` counts
    where it says nothing. What is damaged there is no number."""
    if not isinstance(phone, str):
        return None
    return number_id(phone, country_code(lives) if isinstance(lives, str) and lives else country, ports.keys.address)


def facts_of(
    ground: Ground, row: Row, known: Known | None, suppressed: Suppressed, uses: Sequence[Use] | None, rev: str = ""
) -> Facts:
    """All facts of one row. `uses` None: what was reserved for this person cannot be read; `rev` is its revision."""
    campaign, contact = ground.campaign, known.contact if known else None
    country = _country(ground, contact)
    return Facts(
        cancelled=campaign.cancelled,
        paused=campaign.paused,
        approved=ground.approved,
        rules="read" if ground.standing.policy else "unread",
        breaker=ground.standing.breaker,
        sender=ground.standing.sender,
        message=campaign.request.message,
        lacks=ground.lacks,
        holdout=row.holdout,
        present=_present(row, known),
        reachable=ground.channel != "sms" or contact is None or e164(contact.phone, country) is not None,
        suppressed=suppressed.reach,
        consent=_consent(ground, contact, country),
        notice=notice(contact.found, ground.tells, ground.now) if contact else None,
        over_budget=row.over_budget,
        no_room=row.no_room,
        zone_known=_zone_known(ground, contact, country),
        opening=_opening(ground, row, contact, country, uses),
        retry=ground.now + AGAIN,
        versions=_versions(
            contact=known.rev if known else "",
            suppression=suppressed.rev,
            reservation=rev,
            policy=ground.standing.rev,
            seal=campaign.approved,
        ),
    )


def agreed(ground: Ground, contact: Contact | None) -> bool:
    """Does what is on record let this message reach them, as far as consent decides?"""
    excused = ground.campaign.request.message == "transactional"
    return contact is not None and (excused or _consent(ground, contact, _country(ground, contact)) == "covered")


def ground_of(ports: Ports, scope: Scope, campaign: Campaign, now: datetime) -> Ground:
    """What would hold for everybody if the campaign, as it is now, left at that moment with every approval."""
    rules = standing(ports, scope, sender_domain(campaign.request))
    going = campaign.model_copy(update={"paused": False, "cancelled": False})
    return Ground(going, True, rules, (), now, foretells=True, tells=campaign.request.channels[0] == "email")


def _reaches(person: str, channel: str, topic: str | None) -> list[tuple[str, _Reach]]:
    ids = suppression_ids(person, channel, topic)
    found: list[tuple[str, _Reach]] = [(ids.everything, "all"), (ids.channel, "channel")]
    return [*found, (ids.topic, "topic")] if ids.topic else found


_WIDTH = {"no": 0, "topic": 1, "channel": 2, "all": 3, "erased": 4}


def _present(row: Row, known: Known | None) -> bool:
    if known is None or known.contact is None:
        return known is not None  # what cannot be read is refused by its consent
    return known.contact.person == row.person


def _country(ground: Ground, contact: Contact | None) -> str | None:
    """Where they live: as the address book says, else as the policy does; a word that means no country is unknown."""
    if contact is None or contact.country:
        return country_code(contact.country) if contact else None
    return ground.standing.policy.country if ground.standing.policy else None


def _consent(ground: Ground, contact: Contact | None, country: str | None) -> Refusal | Literal["covered"] | None:
    if contact is None:
        return None
    request = ground.campaign.request
    return refusal(contact.consent, ground.channel, request.purpose, country, ground.now) or "covered"


def _clock(contact: Contact, country: str | None) -> Clock:
    own = zone(contact.timezone) if contact.timezone else None
    return Clock((own,) if own else zones_of(country) if country else (), country)


def _zone_known(ground: Ground, contact: Contact | None, country: str | None) -> bool:
    if ground.campaign.request.message == "transactional" or legal_hours(ground.channel, country) is None:
        return True
    return contact is not None and bool(_clock(contact, country).zones)


def _opening(
    ground: Ground, row: Row, contact: Contact | None, country: str | None, uses: Sequence[Use] | None
) -> Opening | Literal["now"] | None:
    """None if what decides about it cannot be read."""
    policy = ground.standing.policy
    if row.zone is None or contact is None or uses is None or policy is None:
        return None
    commercial = ground.campaign.request.message != "transactional"
    waiting = _waits(ground, row, policy, contact.frequency, uses) if commercial and uses else []
    rules = _rules(ground, row.zone, contact, country, policy) if commercial else _plain(ground, row.zone)
    found = next_opening(ground.now, rules, waiting, ground.end)
    if found and not found.fits and not ground.foretells:
        return _if_freed(found, ground, rules, waiting) or found
    return found or "now"


def _if_freed(found: Opening, ground: Ground, rules: Rules, waiting: Sequence[Wait]) -> Opening | None:
    """When to look again, where the calendar alone leaves no moment: an entry made by mistake may be taken out before
    the window is over. None: nothing would be left of the window by then."""
    if found.code not in ("busy", "blackout"):
        return None
    later = ground.now + FREED
    free = next_opening(later, rules._replace(taken=Taken()), waiting, ground.end)
    at = free.at if free else later
    return Opening(found.code, at, True) if at < ground.end and (free is None or free.fits) else None


def _waits(ground: Ground, row: Row, policy: Policy, frequency: Cap | None, uses: Sequence[Use]) -> list[Wait]:
    """What is written to those who got another campaign, such as a correction, keeps no distance from it."""
    if ground.campaign.request.segment.own:
        return []
    if frequency:  # their own wish is one more cap
        policy = policy.model_copy(update={"caps": [*policy.caps, frequency]})
    found = waits(uses, policy, ground.channel, row.effect, ground.now)
    follows = ground.campaign.request.segment.received is not None
    return [wait for wait in found if not (follows and wait.code == "collision")]


def rules_of(ground: Ground, timezone: str | None, country: str | None, default: ZoneInfo) -> Rules | None:
    """What holds for whoever has this zone and this country on record; None if the policy cannot be read."""
    policy, own = ground.standing.policy, zone(timezone) if timezone else None
    if policy is None:
        return None
    if ground.campaign.request.message == "transactional":
        return _plain(ground, own or default)
    lives = country_code(country) if country else policy.country
    clock = Clock((own,) if own else zones_of(lives) if lives else (), lives)
    return _ruled(ground, own or default, clock, policy)


def _plain(ground: Ground, planned: ZoneInfo) -> Rules:
    """Sending hours only: what is not advertising keeps no other."""
    return Rules(planned, ground.campaign.request.window.hours, (), Clock((), None), None, ground.taken)


def _rules(ground: Ground, planned: ZoneInfo, contact: Contact, country: str | None, policy: Policy) -> Rules:
    return _ruled(ground, planned, _clock(contact, country), policy)


def _ruled(ground: Ground, planned: ZoneInfo, clock: Clock, policy: Policy) -> Rules:
    country = clock.country
    own, law = policy.hours.get(ground.channel), legal_hours(ground.channel, country)  # type: ignore[call-overload]
    quiet = tuple(hours for hours in (own, law) if hours)
    by_law = closed_by_law(ground.channel, country)
    if not quiet and not policy.holidays and not by_law:
        return _plain(ground, planned)
    closed = partial(_closed, country or policy.country, by_law) if policy.holidays or by_law else None
    return Rules(planned, ground.campaign.request.window.hours, quiet, clock, closed, ground.taken)


def _closed(country: str | None, sundays: bool, day: date) -> bool:
    return (sundays and day.weekday() == 6) or (country is not None and is_holiday(country, day))


def _versions(**read: str | None) -> Mapping[str, str]:
    return {name: rev for name, rev in read.items() if rev}
