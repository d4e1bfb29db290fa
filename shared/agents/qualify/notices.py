"""People of leads are told that they were found: a list of who has to be, and a mail that a person lets go, through
gate and ledger, once (GDPR Article 14; rule G10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from shared.agents import house, policy
from shared.agents.contacts import find_by_address
from shared.agents.contacts.notices import note_told
from shared.agents.distribute.alone import Letter, found_alone, send_alone
from shared.agents.qualify import claims
from shared.agents.qualify.books import LEADS, get
from shared.agents.qualify.people import how
from shared.agents.qualify.weighing import STREAM
from shared.domain.address import person_of
from shared.domain.campaign import Sender, domain_of
from shared.domain.contact import Contact
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.found import untold
from shared.domain.gate import HELD, WAITS, Facts, Verdict, decide
from shared.domain.lead import Lead, LeadPerson
from shared.domain.lead_notice import NoticeMail, Stranger, found_of
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.suppression import holds, suppression_ids
from shared.ports import Order, Ports
from shared.render.lead_notice import language_in, lead_notice
from shared.render.personal import Rendered

_STATES: Mapping[str, str] = {
    "submitted": "sent",
    "accepted": "sent",
    "delivered": "sent",
    "held": "held",
    "failed": "failed",
}
_RETRY = timedelta(minutes=5)


def strangers(ports: Ports, scope: Scope, limit: int, cursor: str | None) -> tuple[list[Stranger], str | None]:
    """Who of a lead does not know yet that they were found, whoever has to be told first at the top; a page holds the
    people of so many leads. Raises Rejected for a wrong cursor."""
    waiting = [Filter("tell_by", "gt", "")]
    try:
        page = ports.documents.find(scope, Kind.LEAD, waiting, Order("tell_by"), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    leads = (told_elsewhere(ports, scope, Lead.model_validate(each.body)) for each in page.documents)
    return [each for lead in leads if not lead.merged_into for each in _strangers(lead)], page.cursor


def shown(ports: Ports, scope: Scope, id: str) -> list[NoticeMail]:
    """The mails as they would leave now; nothing leaves. Raises Missing, and Conflict if nobody has said who writes."""
    lead, sender = get(ports, scope, id), _sender(ports, scope)
    return [_mail(_rendered(ports, scope, sender, lead, each), each) for each in _waiting(ports, scope, lead)]


def tell(ports: Ports, scope: Scope, id: str, by: str) -> list[NoticeMail]:
    """Have the mails leave that `shown` shows, each once, whoever asks again. Raises Missing, and Conflict if nobody
    has said who writes, the lead is taken, or mail cannot leave just now."""
    lead, sender = get(ports, scope, id), _sender(ports, scope)
    if claims.taken(ports, scope, lead.known_as):
        raise Conflict("lead", "it is taken: somebody else of the agency has it, or nobody may write to it")
    return [_told(ports, scope, by, sender, lead, each) for each in _waiting(ports, scope, lead)]


def told_elsewhere(ports: Ports, scope: Scope, lead: Lead) -> Lead:
    """The lead, in which whoever was told as a contact is noted to know it."""
    people = [each if each.told_at else _as_contact(ports, scope, each) for each in lead.people]
    return lead.model_copy(update={"people": people})


def _strangers(lead: Lead) -> Iterator[Stranger]:
    for each in lead.people:
        if each.told_at is None:
            yield Stranger(
                lead=lead.id, company=lead.name, name=each.name, email=each.email, source=each.source,
                found_at=each.at, due=each.due, notice=each.notice,
            )  # fmt: skip


def _waiting(ports: Ports, scope: Scope, lead: Lead) -> list[LeadPerson]:
    known = told_elsewhere(ports, scope, lead)
    return [each for each in known.people if each.told_at is None and "@" in each.email]


def _as_contact(ports: Ports, scope: Scope, person: LeadPerson) -> LeadPerson:
    contact = _contact(ports, scope, person)
    if contact is None or not contact.found or untold(contact.found):
        return person
    last = max(contact.found, key=lambda each: each.told_at or each.at)
    return person.model_copy(update={"told_at": last.told_at, "told_by": last.told_by})


def _contact(ports: Ports, scope: Scope, person: LeadPerson) -> Contact | None:
    return find_by_address(ports, scope, person.email) if "@" in person.email else None


def _told(ports: Ports, scope: Scope, by: str, sender: Sender, lead: Lead, person: LeadPerson) -> NoticeMail:
    verdict, rendered = _verdict(ports, scope, sender, person), _rendered(ports, scope, sender, lead, person)
    if verdict.state == "planned":
        raise Conflict("notice", WAITS[verdict.code])
    letter = Letter(
        _row_place(ports, scope, lead, person), "1", "notice", sender, person.email, rendered, verdict=verdict
    )
    row, now = send_alone(ports, scope, letter), ports.clock.now()
    state = _STATES.get(row.state, "unknown")
    why = "" if state == "sent" else HELD.get(row.held or "") or row.detail or "it is not known whether it left"
    _note(ports, scope, lead, person, now if state == "sent" else None, by, why)
    ports.journal.append(scope, STREAM, now, by, "notice", {"lead": lead.id, "key": row.key, "state": row.state})
    return _mail(rendered, person, state, why)


def _note(ports: Ports, scope: Scope, lead: Lead, person: LeadPerson, told: datetime | None, by: str, why: str) -> None:
    """Lead and address book agree on who knows it."""

    def write(found: Lead) -> None:
        for each in found.people:
            if each.email.casefold() == person.email.casefold() and each.told_at is None:
                each.told_at, each.told_by, each.notice = told, f"mail let go by {by}" if told else None, why

    LEADS.change(ports, scope, lead.id, write)
    if told and (contact := _contact(ports, scope, person)) and untold(contact.found):
        note_told(ports, scope, contact.id, told, "the notice of where they were found")


def _verdict(ports: Ports, scope: Scope, sender: Sender, person: LeadPerson) -> Verdict:
    """The gate decides about it as about any message that advertises nothing."""
    now, rules = ports.clock.now(), policy.standing(ports, scope, domain_of(sender))
    allowed = rules.policy.sender_domains if rules.policy else []
    return decide(
        Facts(
            cancelled=False, paused=False, approved=True, rules="read" if rules.policy else "unread",
            breaker=rules.breaker, sender=rules.sender, message="transactional",
            lacks=("sender_unknown",) if allowed and domain_of(sender) not in allowed else (),
            holdout=False, present=True, reachable=True, suppressed=_suppressed(ports, scope, person), consent=None,
            notice="late" if person.due <= now else "settled", over_budget=False, no_room=False, zone_known=True,
            opening="now", retry=now + _RETRY, versions={"policy": rules.rev},
        )
    )  # fmt: skip


def _suppressed(ports: Ports, scope: Scope, person: LeadPerson) -> Literal["no", "all", "erased"]:
    hashed = person_of(person.email, ports.keys.address)
    asked: Sequence[str] = suppression_ids(hashed, "email").present()
    found = (ports.documents.get(scope.agency, Kind.SUPPRESSION, each) for each in asked)
    held = [each.body for each in found if each and holds(each.body, scope.workspace, hashed)]
    return "erased" if any(each.get("reason") == "erased" for each in held) else "all" if held else "no"


def _rendered(ports: Ports, scope: Scope, sender: Sender, lead: Lead, person: LeadPerson) -> Rendered:
    link = Link("u", scope, _place(lead), 0, person_of(person.email, ports.keys.address))
    url = f"{ports.public_url}/api/u/{sign(link, ports.keys.link)}"
    licence = next((each.licence for each in lead.facts if each.source == person.source and each.licence), "")
    found = found_of(person, licence, how(lead, person))
    return lead_notice(found, language_in(lead.country), sender.name, sender.postal_address, url)


def _mail(rendered: Rendered, person: LeadPerson, state: str = "", why: str = "") -> NoticeMail:
    return NoticeMail(to=person.email, subject=rendered.subject, text=rendered.text, state=state, why=why)


def _row_place(ports: Ports, scope: Scope, lead: Lead, person: LeadPerson) -> str:
    """Where the row of this notice is: under whatever id the company had when it was written."""
    before = (f"lead-{id}" for id in lead.absorbed)
    return next((each for each in before if found_alone(ports, scope, each, "1", person.email)), _place(lead))


def _place(lead: Lead) -> str:
    return f"lead-{lead.id}"


def _sender(ports: Ports, scope: Scope) -> Sender:
    sender = house.read(ports, scope).sender
    if sender is None:
        raise Conflict("sender", "say who this workspace writes as first: /settings, baton house")
    return sender
