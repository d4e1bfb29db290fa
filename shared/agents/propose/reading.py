"""What a version looks like to its reader, as page and as PDF. The seal on both is that of what was approved."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.agents import brand as brands
from shared.agents import house
from shared.agents.propose.client import Seen
from shared.agents.propose.mailing import link_of, sender_of
from shared.agents.propose.priced import Whole, whole
from shared.domain.brand import look_of
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.offer import Language
from shared.domain.proposal import Proposal
from shared.domain.proposal_words import WORDS, consent_of
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.document_words import day
from shared.render.proposal import Outline, outline, proposal_pdf
from shared.render.proposal_page import client_page


def pdf(ports: Ports, scope: Scope, found: Proposal, version: int) -> bytes:
    """A version as PDF. Raises Missing, Rejected if it cannot be drawn, Conflict if nobody has said who writes."""
    named = found.of_version(version)
    if named is None:
        raise Missing("version", str(version))
    brand, _ = brands.read(ports, scope)
    said = _said(ports, scope, found, version, whole(ports, scope, named.digest), sender_of(ports, scope))
    try:
        return proposal_pdf(said, brand, brands.logo_file(ports, scope, brand), ports.fonts)
    except ValueError as error:
        raise Rejected(FieldError("content", str(error))) from None


def page(ports: Ports, scope: Scope, seen: Seen) -> str:
    """The client's page."""
    content, version = seen.priced.content, seen.sending.version
    said = _said(ports, scope, seen.proposal, version, seen.priced, _sender(ports, scope))
    return client_page(
        said,
        look_of(brands.read(ports, scope)[0]),
        status(ports, seen),
        current_link(ports, scope, seen),
        [(each.id, consent_of(content, each)) for each in seen.priced.options],
        content.recommended,
        seen.messages,
        open=seen.standing == "sent" and not seen.newer,
    )


def current_link(ports: Ports, scope: Scope, seen: Seen) -> str:
    """Where the version is that counts; empty if this is it."""
    current = seen.proposal.current
    if not seen.newer or seen.over or current is None:
        return ""
    return link_of(ports, scope, seen.proposal.id, current.version, current.to, current.ends_at)


def status(ports: Ports, seen: Seen) -> str:
    """Where it stands, in a sentence for the client."""
    language, found = seen.priced.content.language, seen.proposal
    words = WORDS[language]
    if found.accepted:
        when = _day(ports, found.accepted.accepted_at, language)
        return words["s_accepted"].format(name=found.accepted.accepted_by, day=when)
    if seen.newer:
        return words["s_newer"]
    when = _day(ports, found.declined.at, language) if found.declined else day(seen.priced.content.answer_by, language)
    return words[f"s_{seen.standing}"].format(day=when)


def refusal(ports: Ports, seen: Seen, why: Conflict) -> str:
    """Why an answer of the client did not count, in their language."""
    words = WORDS[seen.priced.content.language]
    if why.error.field == "workspace":
        return words["closed"]
    if why.error.reason.startswith("accepted-already:"):
        return words["two"].format(name=why.error.reason.partition(":")[2])
    return status(ports, seen) if f"s_{why.error.reason}" in words else why.error.reason


def _said(ports: Ports, scope: Scope, found: Proposal, version: int, priced: Whole, sender: Sender) -> Outline:
    named = found.of_version(version)
    assert named is not None, "checked"
    made = named.at.astimezone(ZoneInfo(ports.timezone)).date()
    return outline(priced.content, priced.options, priced.terms, sender, version, named.digest, made)


def _sender(ports: Ports, scope: Scope) -> Sender:
    """Who wrote it, also if nobody is named any more."""
    found = house.read(ports, scope).sender
    return found or Sender(name="—", address="nobody@invalid.example", postal_address="— — —")


def _day(ports: Ports, at: datetime, language: Language) -> str:
    return day(at.astimezone(ZoneInfo(ports.timezone)).date(), language)
