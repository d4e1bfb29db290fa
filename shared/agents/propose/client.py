"""The client's side of a proposal, behind their signed link: they read, ask, accept or decline."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import uuid_utils

from shared.agents.propose import dealing
from shared.agents.propose.mailing import received
from shared.agents.propose.messages import MOST, of_proposal
from shared.agents.propose.priced import Whole, whole
from shared.agents.propose.proposals import PROPOSALS, note
from shared.agents.scopes import is_archived
from shared.domain.address import person_of
from shared.domain.agreed import Agreed
from shared.domain.capacity import hours_of
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.proposal import Acceptance, Declined, Message, Proposal, Refusal, Say, Sending, Status
from shared.domain.proposal_words import consent_of
from shared.domain.scope import Scope
from shared.ports import Ports


class Seen(NamedTuple):
    """What a link leads to. `newer`: a later version has taken its place. `over`: it is to be read no more, because it
    was taken back, went to somebody else since, or ended long ago."""

    proposal: Proposal
    sending: Sending
    priced: Whole
    standing: Status
    newer: bool
    messages: list[Message]
    over: bool


def opened(ports: Ports, link: Link) -> Seen | None:
    """What a verified link leads to; None if that version was never sent to whom the link is for."""
    document = ports.documents.get(link.scope, Kind.PROPOSAL, link.campaign)
    if document is None:
        return None
    found = Proposal.model_validate(document.body)
    if _of_link(ports, link, found) is None:
        found = received(ports, link.scope, found, link.shard, link.person)
    sending, current = _of_link(ports, link, found), found.current
    if sending is None or current is None:
        return None
    priced = whole(ports, link.scope, sending.digest)
    now, theirs = ports.clock.now(), _theirs(ports, link, found)
    newer, standing = sending.version != current.version, found.stands(now)
    over = standing == "withdrawn" or current not in theirs or now.timestamp() >= link.target
    versions = {each.version for each in theirs}
    messages = [each for each in of_proposal(ports, link.scope, found.id) if each.version in versions]
    return Seen(found, sending, priced, standing, newer, messages, over)


def accept(ports: Ports, link: Link, seen: Seen, given: Acceptance) -> Proposal:
    """Take an option of exactly the version that was read. The agreed scope is stored in the same write, so of two who
    accept at once one does. Raises Conflict with the reason in words for the client."""
    _check_open(ports, link)
    agreed = _agreed(ports, seen, given)

    def close(found: Proposal) -> None:
        _check_answerable(ports, found, seen.sending)
        if given.digest != seen.sending.digest:
            raise Conflict("digest", "another version was read; open the link again")
        found.status, found.accepted, found.changed_at = "accepted", agreed, agreed.accepted_at
        found.asked = found.approved = None
        found.pending = True

    PROPOSALS.change(ports, link.scope, seen.proposal.id, close)
    note(ports, link.scope, seen.proposal.id, "client", "accepted", version=agreed.version, digest=agreed.digest)
    return dealing.tell(ports, link.scope, seen.proposal.id)


def decline(ports: Ports, link: Link, seen: Seen, given: Refusal) -> Proposal:
    """Say no, and why. Raises Conflict as `accept` does."""
    _check_open(ports, link)
    now = ports.clock.now()

    def close(found: Proposal) -> None:
        _check_answerable(ports, found, seen.sending)
        found.status, found.changed_at, found.pending = "declined", now, True
        found.declined = Declined(at=now, name=given.name, reason=given.reason)
        found.asked = found.approved = None

    PROPOSALS.change(ports, link.scope, seen.proposal.id, close)
    note(ports, link.scope, seen.proposal.id, "client", "declined", version=seen.sending.version)
    return dealing.tell(ports, link.scope, seen.proposal.id)


def say(ports: Ports, link: Link, seen: Seen, given: Say) -> Message:
    """Keep what the client asks or offers, in any state. Raises Conflict when there is too much of it, Rejected for a
    counter-offer without an option."""
    _check_open(ports, link)
    return keep(ports, link.scope, seen.proposal, seen.sending.version, given, "client")


def keep(ports: Ports, scope: Scope, found: Proposal, version: int, given: Say, by: str) -> Message:
    """Keep it, whoever brings it. Raises as `say` does."""
    if len(of_proposal(ports, scope, found.id)) >= MOST:
        raise Conflict("text", f"there are {MOST} messages already; write to us by mail")
    option = _option(ports, scope, found, version, given)
    now = ports.clock.now()
    made = Message(
        id=uuid_utils.uuid7().hex,
        proposal=found.id,
        version=version,
        kind="counter" if given.wanted else "question",
        at=now,
        name=given.name,
        text=given.text,
        wanted=given.wanted.replace(",", "."),
        option=option,
        after_end=found.stands(now) != "sent",
    )
    ports.documents.put(scope, Kind.PROPOSAL_MESSAGE, made.id, made.model_dump(mode="json"))
    note(ports, scope, found.id, by, made.kind, message=made.id, version=version)
    if made.kind == "counter":
        dealing.tell(ports, scope, found.id)
    return made


def _theirs(ports: Ports, link: Link, found: Proposal) -> list[Sending]:
    return [each for each in found.sendings if person_of(each.to, ports.keys.address) == link.person]


def _of_link(ports: Ports, link: Link, found: Proposal) -> Sending | None:
    """The newest sending of the link's version to whom it is for."""
    return next((each for each in reversed(_theirs(ports, link, found)) if each.version == link.shard), None)


def _check_open(ports: Ports, link: Link) -> None:
    if is_archived(ports, link.scope):
        raise Conflict("workspace", "archived")


def _check_answerable(ports: Ports, found: Proposal, sending: Sending) -> None:
    now = ports.clock.now()
    if found.accepted:
        raise Conflict("proposal", f"accepted-already:{found.accepted.accepted_by}")
    if found.current is None or found.current.version != sending.version:
        raise Conflict("version", "newer")
    if (standing := found.stands(now)) != "sent":
        raise Conflict("proposal", standing)


def _agreed(ports: Ports, seen: Seen, given: Acceptance) -> Agreed:
    content = seen.priced.content
    option = next((each for each in seen.priced.options if each.id == given.option), None)
    if option is None:
        raise Rejected(FieldError("option", f"there is no option {given.option!r}"))
    hours, hours_monthly = hours_of(option.priced)
    return Agreed(
        hours=hours,
        hours_monthly=hours_monthly,
        proposal=seen.proposal.id,
        deal=seen.proposal.deal,
        version=seen.sending.version,
        digest=seen.sending.digest,
        option=option.id,
        option_name=option.name,
        title=content.title,
        currency=content.currency,
        language=content.language,
        lines=tuple(each.line for each in option.priced.lines),
        vat_note=seen.priced.terms.vat_note or "",
        terms=content.terms,
        client=content.recipient.company or content.recipient.name,
        client_address=content.recipient.address,
        accepted_at=ports.clock.now(),
        accepted_by=given.name,
        consent=consent_of(content, option),
    )


def _option(ports: Ports, scope: Scope, found: Proposal, version: int, given: Say) -> str:
    """Of a counter-offer, which option it is about. Raises Rejected."""
    if not given.wanted:
        return ""
    if Decimal(given.wanted.replace(",", ".")) <= 0:
        raise Rejected(FieldError("wanted", "must be more than nothing"))
    named = found.of_version(version)
    content = whole(ports, scope, named.digest).content if named else None
    options = [each.id for each in content.options] if content else []
    if len(options) == 1:
        return options[0]
    if given.option not in options:
        raise Rejected(FieldError("option", f"name the option that it is about: {', '.join(options)}"))
    return given.option
