"""The page of choices behind the link in each mail: what a person gets, and what they want of it. It is their own act,
without login, and each change leaves evidence (rules G1, G4, U6, U7)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress as ignoring
from datetime import datetime

from shared.agents import policy
from shared.agents.contacts.consents import Trace, on_record, put_on_record
from shared.agents.contacts.evidence import keep
from shared.agents.contacts.records import contacts
from shared.agents.contacts.suppression import let_again, suppress, suppressions_of
from shared.agents.contacts.unsubscribe import contact_of, count
from shared.agents.facts import number_of
from shared.domain.campaign import Campaign
from shared.domain.choice_words import language_of, topic_words, words
from shared.domain.choices import FREQUENCIES, MOST_TOPICS, TOPIC, Choices, Chosen, named
from shared.domain.contact import Consent, Contact
from shared.domain.evidence import Evidence, digest_of
from shared.domain.faults import Missing
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.policy import POLICY
from shared.domain.scope import Scope
from shared.domain.suppression import BY_SERVERS, holds
from shared.ports import Document, Ports

PAGE = "preference page"
CHANNELS = ("email", "sms")
"""Ways to reach a person; each is shown where there is something to say about it."""


def choices(ports: Ports, link: Link, spoken: str | None = None) -> Choices:
    """What the person behind a verified link gets now, read anew. `spoken`: what their browser says of languages."""
    scope, contact = link.scope, _contact(ports, link)
    campaign = _campaign(ports, link)
    stopped = in_force(ports, scope, link.person, contact)
    consents = contact.consent if contact else {}
    email = consents.get("email", Consent())
    channels = {
        channel: not {"all", "number", channel} & stopped.keys()
        and (contact is None or consents.get(channel, Consent()).status == "granted")
        for channel in CHANNELS
        if channel == "email" or (contact and contact.phone and channel in consents)
    }
    topics = _topics(ports, scope, campaign, stopped)
    return Choices(
        sender=campaign.request.sender.name if campaign else "",
        language=_language(contact, campaign, spoken),
        channels=channels,
        topics={topic: TOPIC + topic not in stopped for topic in topics},
        frequency=named(contact.frequency if contact else None),
        waiting=email.status == "pending",
        stopped=bool({"all", "number"} & stopped.keys()),
    )


def stop(ports: Ports, link: Link, once: str, trace: Trace) -> None:
    """Everything ends, for the whole agency. The suppression comes first: it is what the gate reads."""
    suppress(ports, link.scope, link.person, "unsubscribed", link.campaign)
    _say(ports, link, once, "all", "withdrawn", None, trace)
    count(ports, link, ports.clock.now())


def choose(ports: Ports, link: Link, said: Chosen, shown: Choices, trace: Trace) -> None:
    """Every "no" of the form is written before any of its "yes". Sending the same form again changes nothing: a "yes"
    counts once, so that it cannot come back over a later "no"."""
    text = words(shown.language)
    sender = shown.sender or text["we"]
    for name in sorted(said.off):
        suppress(ports, link.scope, link.person, "unsubscribed", link.campaign, channel=name)
        _say(ports, link, said.once, name, "withdrawn", None, trace)
    if said.frequency is not None:
        _limit(ports, link, said.once, said.frequency, f"{text['frequency']}: {text[said.frequency]}", trace)
    agreed = [name for name in sorted(said.on & set(shown.all)) if not (name == "email" and shown.waiting)]
    for name in agreed:
        topic = name.removeprefix(TOPIC) if name.startswith(TOPIC) else None
        wording = f"{text['topics']}: {topic_words(topic)}" if topic else text[name].format(sender=sender)
        if _say(ports, link, said.once, name, "granted", wording, trace):
            _come_back(ports, link, name)


def _come_back(ports: Ports, link: Link, name: str) -> None:
    """What stopped this is lifted for this workspace alone, the widest last: until then nothing has changed."""
    known = in_force(ports, link.scope, link.person, _contact(ports, link))
    if name in known and not let_again(ports, link.scope, link.person, known[name]):
        return
    wide = [known[about] for about in ("all", "number") if about in known]
    if name.startswith(TOPIC) or not wide or any(each.body.get("reason") in BY_SERVERS for each in wide):
        return
    for other in CHANNELS:
        if other not in (name, *known):
            suppress(ports, link.scope, link.person, "unsubscribed", link.campaign, channel=other)
    for each in wide:
        let_again(ports, link.scope, link.person, each)


def _limit(ports: Ports, link: Link, once: str, frequency: str, wording: str, trace: Trace) -> None:
    if not _say(ports, link, once, "frequency", "limited", wording, trace, frequency):
        return

    def write(contact: Contact) -> None:
        contact.frequency = FREQUENCIES[frequency]

    with ignoring(Missing):
        contacts.change(ports, link.scope, contact_of(ports, link.scope, link.person), write)


def _say(
    ports: Ports,
    link: Link,
    once: str,
    name: str,
    status: str,
    wording: str | None,
    trace: Trace,
    frequency: str | None = None,
) -> bool:
    """Evidence, then the contact. False if this page has said it before; a "no" is then made sure of once more."""
    scope, now = link.scope, ports.clock.now()
    made = _evidence(ports, link, once, name, status, wording, now, trace, frequency)
    kept = keep(ports, scope, made, campaign=link.campaign, person=link.person)
    new = kept.salt == made.salt
    if (new or status == "withdrawn") and status != "limited" and kept.topic is None:
        with ignoring(Missing):
            put_on_record(ports, scope, kept)
    return new


def _evidence(
    ports: Ports,
    link: Link,
    once: str,
    name: str,
    status: str,
    wording: str | None,
    now: datetime,
    trace: Trace,
    frequency: str | None,
) -> Evidence:
    contact = contact_of(ports, link.scope, link.person)
    channel = name if name in CHANNELS else "all"
    return Evidence.model_validate(
        {
            "id": f"{contact}-p-{once}-{name.replace(':', '-')}",
            "contact": contact,
            "at": now,
            "recorded_at": now,
            "by": PAGE,
            "method": "preferences",
            "status": status,
            "channel": channel,
            "topic": name.removeprefix(TOPIC) if name.startswith(TOPIC) else None,
            "frequency": frequency,
            "wording": wording,
            "wording_digest": digest_of(wording),
            "source": PAGE,
            "basis": "explicit" if status == "granted" else None,
            "campaign": link.campaign,
            "before": on_record(ports, link.scope, contact, channel if channel in CHANNELS else "email"),
            **trace.blinded(ports.keys.address),
        }
    )


def in_force(ports: Ports, scope: Scope, person: str, contact: Contact | None) -> dict[str, Document]:
    """The suppressions that stop what this workspace sends to this person, theirs and that of their number."""
    lives = contact.country if contact else None
    number = number_of(ports, contact.phone, lives, policy.country(ports, scope)) if contact else None
    known = suppressions_of(ports, scope, person, number)
    return {about: each for about, each in known.items() if holds(each.body, scope.workspace, person)}


def _contact(ports: Ports, link: Link) -> Contact | None:
    found = ports.documents.get(link.scope, Kind.CONTACT, contact_of(ports, link.scope, link.person))
    return Contact.model_validate(found.body) if found else None


def _campaign(ports: Ports, link: Link) -> Campaign | None:
    found = ports.documents.get(link.scope, Kind.CAMPAIGN, link.campaign)
    return Campaign.model_validate(found.body) if found else None


def _topics(ports: Ports, scope: Scope, campaign: Campaign | None, stopped: Iterable[str]) -> list[str]:
    """Those that the workspace writes about, that of the mail they come from, and those they have declined."""
    rules = ports.documents.get(scope, Kind.POLICY, POLICY)
    known = (rules.body.get("topics") if rules else None) or []
    here = [campaign.request.topic] if campaign and campaign.request.topic else []
    declined = [each.removeprefix(TOPIC) for each in stopped if each.startswith(TOPIC)]
    return sorted({*map(str, known), *here, *declined})[:MOST_TOPICS]


def _language(contact: Contact | None, campaign: Campaign | None, spoken: str | None) -> str:
    """Theirs if it is on record, else that of the mail they come from, else what their browser asks for."""
    own = [contact.attributes.get(name) for name in ("language", "sprache")] if contact else []
    mail = campaign.request.brief.language if campaign else None
    return language_of(*own, mail, spoken)
