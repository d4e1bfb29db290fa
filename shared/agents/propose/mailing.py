"""The mails of a proposal. Each is a row of the ledger under a name that never changes; a proposal is called sent when
its row says that the mail left, and `refusals` is asked right before: a price below its floor leaves by no way."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.agents import brand as brands
from shared.agents import house
from shared.agents.distribute.alone import Letter, found_alone, received_alone, send_alone
from shared.agents.propose import dealing
from shared.agents.propose.priced import Whole, ends_at, refusals, whole
from shared.agents.propose.proposals import PROPOSALS, note
from shared.domain.address import person_of
from shared.domain.brand import look_of
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict
from shared.domain.links import Link, Purpose, sign
from shared.domain.proposal import Proposal, ProposalVersion, Sending
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports
from shared.render.proposal_notice import Occasion, proposal_notice

PURPOSE: Purpose = "q"
LEFT = ("accepted", "delivered")
REFUSED = ("failed", "held")
_READABLE = timedelta(days=183)
_ENDED = ("accepted", "declined", "withdrawn")
"""By a person's word, which a mail does not take back."""
_IN_DOUBT = (
    "the sender was stopped while the mail left, and whether it did is not known. It is looked at again; when the "
    "client opens the link it counts as sent. If you know that nothing came, put it up for approval once more."
)


def deliver(ports: Ports, scope: Scope, id: str) -> Proposal:
    """Have the mail of an approved version leave, once. What may not leave any more is held, with the reason; of a mail
    that was begun before, the ledger says what became of it. Raises Conflict if it cannot leave just now."""
    found = PROPOSALS.load(ports, scope, id)
    version = found.of_version(found.approved) if found.approved else None
    if version is None:
        return found
    begun = _begun(ports, scope, found, version)
    if begun is None:
        priced = whole(ports, scope, version.digest)
        if wrong := refusals(ports, scope, priced):
            return _hold(ports, scope, found, "; ".join(f"{each.field}: {each.reason}" for each in wrong))
        current = PROPOSALS.load(ports, scope, id)
        if (current.approved, current.tries) != (found.approved, found.tries):
            return current  # it was answered, taken back or changed at this very moment
        begun = _leave(ports, scope, found, version, priced)
    if begun.state in REFUSED:
        return _hold(ports, scope, found, f"the mail was refused: {begun.detail or begun.state}")
    if begun.state not in LEFT:
        return _say(ports, scope, found, _IN_DOUBT)
    return _sent(ports, scope, found, version, found.tries, begun.state)


def received(ports: Ports, scope: Scope, found: Proposal, version: int, person: str) -> Proposal:
    """Somebody holds the link of a version whose mail is in doubt: it left, whoever was killed around it. The proposal
    as it is if no such mail was ever begun."""
    named = found.of_version(version)
    if named is None or person_of(found.to, ports.keys.address) != person:
        return found
    for attempt in range(found.tries, 0, -1):
        row = received_alone(ports, scope, _place(found), _step(version, attempt), person)
        if row and row.state in LEFT:
            return _sent(ports, scope, found, named, attempt, row.state)
    return found


def remind(ports: Ports, scope: Scope, found: Proposal, sending: Sending, due: int) -> None:
    """The mail that reminds, once for each time that is due."""
    step = f"v{sending.version}-{len(found.sendings)}-remind-{due}"
    _mail(ports, scope, found, sending.to, whole(ports, scope, sending.digest), sending.version, "remind", step)


def answer_mail(ports: Ports, scope: Scope, found: Proposal, message: str, text: str) -> LedgerRow:
    """The mail that answers a client, once for each message. Raises Conflict if it cannot leave just now."""
    sent = found.current
    assert sent is not None, "it was sent"
    priced = whole(ports, scope, sent.digest)
    return _mail(ports, scope, found, sent.to, priced, sent.version, "answer", _answering(message), text)


def answer_begun(ports: Ports, scope: Scope, found: Proposal, message: str) -> LedgerRow | None:
    """The row of that mail, if it was ever begun and was not proved to have stayed here."""
    row = found_alone(ports, scope, _place(found), _answering(message), found.current.to) if found.current else None
    return row if row and row.state != "planned" else None


def link_of(ports: Ports, scope: Scope, id: str, version: int, to: str, until: datetime) -> str:
    """The address at which the client reads a version that can be accepted until then. It is for whom it was approved
    only, and ends half a year later."""
    person, target = person_of(to, ports.keys.address), int((until + _READABLE).timestamp())
    return (
        f"{ports.public_url}/api/{PURPOSE}/{sign(Link(PURPOSE, scope, id, version, person, target), ports.keys.link)}"
    )


def sender_of(ports: Ports, scope: Scope) -> Sender:
    """Who the workspace writes as. Raises Conflict if nobody has said so."""
    sender = house.read(ports, scope).sender
    if sender is None:
        raise Conflict("sender", "say who this workspace writes as first: /settings, baton house")
    return sender


def _begun(ports: Ports, scope: Scope, found: Proposal, version: ProposalVersion) -> LedgerRow | None:
    row = found_alone(ports, scope, _place(found), _step(version.version, found.tries), found.to)
    return row if row and row.state != "planned" else None


def _leave(ports: Ports, scope: Scope, found: Proposal, version: ProposalVersion, priced: Whole) -> LedgerRow:
    occasion: Occasion = "again" if found.sendings else "first"
    step = _step(version.version, found.tries)
    try:
        return _mail(ports, scope, found, found.to, priced, version.version, occasion, step)
    except Conflict as error:
        _say(ports, scope, found, f"{error.error.reason}; it is tried again")
        raise


def _sent(ports: Ports, scope: Scope, found: Proposal, version: ProposalVersion, attempt: int, mail: str) -> Proposal:
    """Note that it left; what the client or a colleague said meanwhile stands."""
    now, until = ports.clock.now(), ends_at(ports, whole(ports, scope, version.digest).content.answer_by)

    def left(each: Proposal) -> None:
        if any(sent.attempt == attempt for sent in each.sendings):  # whoever else was quicker has noted it
            return
        made = Sending(
            version=version.version,
            attempt=attempt,
            to=found.to,
            digest=version.digest,
            at=now,
            ends_at=until,
            mail=mail,
        )
        each.sendings = sorted([*each.sendings, made], key=lambda sent: sent.attempt)
        if awaited := (each.approved, each.tries) == (version.version, attempt):
            each.approved, each.held = None, ""
        if each.accepted is None and (awaited or each.status not in _ENDED):
            each.status, each.declined, each.changed_at, each.pending = "sent", None, now, True

    after = PROPOSALS.change(ports, scope, found.id, left)
    note(ports, scope, found.id, "schedule", "sent", version=version.version, digest=version.digest)
    return dealing.tell(ports, scope, after.id)


def _hold(ports: Ports, scope: Scope, found: Proposal, why: str) -> Proposal:
    """It does not leave; what was approved since is not meant."""

    def hold(each: Proposal) -> None:
        if _is_same(each, found):
            each.approved, each.held, each.changed_at = None, why[:2000], ports.clock.now()

    after = PROPOSALS.change(ports, scope, found.id, hold)
    note(ports, scope, found.id, "schedule", "held", version=found.approved)
    return after


def _say(ports: Ports, scope: Scope, found: Proposal, why: str) -> Proposal:
    """Why it has not left yet."""

    def say(each: Proposal) -> None:
        if _is_same(each, found):
            each.held = why

    return PROPOSALS.change(ports, scope, found.id, say)


def _is_same(one: Proposal, other: Proposal) -> bool:
    return (one.approved, one.tries) == (other.approved, other.tries)


def _place(found: Proposal) -> str:
    return f"proposal-{found.id}"


def _step(version: int, attempt: int) -> str:
    return f"v{version}-{attempt}"


def _answering(message: str) -> str:
    return f"answer-{message}"


def _mail(
    ports: Ports, scope: Scope, found: Proposal, to: str, priced: Whole, version: int, occasion: Occasion, step: str,
    answer: str = "",
) -> LedgerRow:  # fmt: skip
    sender, content = sender_of(ports, scope), priced.content
    rendered = proposal_notice(
        occasion,
        content.language,
        content.title,
        content.recipient.name,
        sender.name,
        link_of(ports, scope, found.id, version, to, ends_at(ports, content.answer_by)),
        content.answer_by,
        look_of(brands.read(ports, scope)[0]),
        answer,
    )
    return send_alone(ports, scope, Letter(_place(found), step, "proposal", sender, to, rendered))
