"""From approval to the client: question, decision about exactly one version, mail, reminders, end.

Each mail is a row of the ledger under a name that never changes, and `refusals` is asked right before it leaves: a
price below its floor leaves by no way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from shared.agents import brand as brands
from shared.agents import house
from shared.agents.distribute.alone import Letter, send_alone
from shared.agents.propose import dealing
from shared.agents.propose.messages import waits
from shared.agents.propose.priced import Whole, ends_at, refusals, whole
from shared.agents.propose.proposals import PROPOSALS, note
from shared.domain.address import person_of
from shared.domain.approval import Approval
from shared.domain.brand import look_of
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.links import Link, Purpose, sign
from shared.domain.names import Kind
from shared.domain.proposal import Proposal, Sending
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports
from shared.render.proposal_notice import Occasion, proposal_notice

PURPOSE: Purpose = "q"
_DAY = timedelta(days=1)
_READABLE = timedelta(days=183)
_MOST = 100
_ENDED = ("accepted", "declined", "withdrawn")
"""By a person's word, which a mail does not take back."""


def submit(ports: Ports, scope: Scope, id: str, by: str) -> Proposal:
    """Put the newest version up for approval. Raises Missing, Rejected with everything why it cannot be sent, Conflict
    if nobody has said who the workspace writes as, or it is accepted."""
    found = PROPOSALS.load(ports, scope, id)
    if found.accepted:
        raise Conflict("proposal", "it is accepted; there is nothing to send")
    sender_of(ports, scope)
    newest = found.versions[-1]
    _check(ports, scope, whole(ports, scope, newest.digest))
    sealed = _sealed(ports, found, newest.version)
    question = Approval(
        subject=id, version=newest.version, digest=digest(sealed), sealed=sealed, asked_at=ports.clock.now()
    )
    ports.documents.put(scope, Kind.APPROVAL, f"{id}-{newest.version}", question.model_dump(mode="json"), "*")

    def ask(found: Proposal) -> None:
        if found.version != newest.version:
            raise Conflict("version", f"it was changed meanwhile: version {found.version} is the newest")
        found.asked, found.held, found.changed_at = newest.version, "", ports.clock.now()

    after = PROPOSALS.change(ports, scope, id, ask)
    note(ports, scope, id, by, "asked", version=newest.version, digest=question.digest)
    return after


def question(ports: Ports, scope: Scope, found: Proposal) -> Approval | None:
    """What waits for a decision; None if nothing does."""
    if found.asked is None:
        return None
    document = ports.documents.get(scope, Kind.APPROVAL, f"{found.id}-{found.asked}")
    return Approval.model_validate(document.body) if document else None


def waiting(ports: Ports, scope: Scope) -> Iterator[tuple[Proposal, Approval]]:
    """The proposals that wait for approval, those that changed last first."""
    page = ports.documents.find(scope, Kind.PROPOSAL, [Filter("asking", "eq", True)], limit=_MOST)
    for document in page.documents:
        found = Proposal.model_validate(document.body)
        if asked := question(ports, scope, found):
            yield found, asked


def decide(ports: Ports, scope: Scope, id: str, by: str, decision: str, seal: str, comment: str | None) -> Proposal:
    """Approve, reject, or ask for changes of exactly what is sealed; approved, it leaves. Raises Missing, Conflict if
    something else is sealed now, Rejected if it cannot be sent any more."""
    found = PROPOSALS.load(ports, scope, id)
    asked = question(ports, scope, found)
    if asked is None:
        raise Conflict("proposal", "nothing waits for approval")
    if seal != asked.digest:
        raise Conflict("digest", "another version waits now; look at it again")
    if decision not in ("approve", "reject", "changes"):
        raise Conflict("decision", "must be approve, changes or reject")
    if decision == "approve":
        _check(ports, scope, whole(ports, scope, found.versions[-1].digest))
    decided = asked.model_copy(update={"decision": decision, "by": by, "at": ports.clock.now(), "comment": comment})
    ports.documents.put(scope, Kind.APPROVAL, f"{id}-{asked.version}", decided.model_dump(mode="json"), "*")

    def settle(found: Proposal) -> None:
        if found.asked != asked.version:
            raise Conflict("digest", "it was changed or decided meanwhile; look at it again")
        found.asked, found.changed_at = None, ports.clock.now()
        if decision == "approve":
            found.approved, found.tries, found.pending = asked.version, found.tries + 1, True

    PROPOSALS.change(ports, scope, id, settle)
    note(ports, scope, id, by, decision, version=asked.version, digest=asked.digest)
    with suppress(Conflict):  # it stays approved, and is tried again
        deliver(ports, scope, id)
    return PROPOSALS.load(ports, scope, id)


def deliver(ports: Ports, scope: Scope, id: str) -> Proposal:
    """Have the mail of an approved version leave, once. What may not leave any more is held, with the reason. Raises
    Conflict if the mail cannot leave just now."""
    found = PROPOSALS.load(ports, scope, id)
    version = found.of_version(found.approved) if found.approved else None
    if version is None:
        return found
    priced = whole(ports, scope, version.digest)
    if wrong := refusals(ports, scope, priced):
        return _hold(ports, scope, id, "; ".join(f"{each.field}: {each.reason}" for each in wrong))
    occasion: Occasion = "again" if found.sendings else "first"
    current = PROPOSALS.load(ports, scope, id)
    if (current.approved, current.tries) != (found.approved, found.tries):
        return current  # it was answered, taken back or changed at this very moment
    try:
        step = f"v{version.version}-{found.tries}"
        row = _mail(ports, scope, found, found.to, priced, version.version, occasion, step)
    except Conflict as error:
        why = f"{error.error.reason}; it is tried again"
        PROPOSALS.change(ports, scope, id, lambda each: setattr(each, "held", why))
        raise
    if row.state in ("failed", "held"):
        return _hold(ports, scope, id, f"the mail was refused: {row.detail or row.state}")
    now, until = ports.clock.now(), ends_at(ports, priced.content.answer_by)

    def left(each: Proposal) -> None:
        if any(sent.attempt == found.tries for sent in each.sendings):  # whoever else was quicker has noted it
            return
        made = Sending(
            version=version.version, attempt=found.tries, to=found.to, digest=version.digest, at=now, ends_at=until,
            mail=row.state,
        )  # fmt: skip
        each.sendings = sorted([*each.sendings, made], key=lambda sent: sent.attempt)
        if awaited := (each.approved, each.tries) == (version.version, found.tries):
            each.approved, each.held = None, ""
        if each.accepted is None and (awaited or each.status not in _ENDED):  # what was said meanwhile stands
            each.status, each.declined, each.changed_at, each.pending = "sent", None, now, True

    after = PROPOSALS.change(ports, scope, id, left)
    note(ports, scope, id, "schedule", "sent", version=version.version, digest=version.digest)
    return dealing.tell(ports, scope, after.id)


def withdraw(ports: Ports, scope: Scope, id: str, by: str) -> Proposal:
    """From now on it cannot be accepted. Repeatable. Raises Missing, and Conflict if it is accepted."""

    def end(found: Proposal) -> None:
        if found.accepted:
            raise Conflict("proposal", "it is accepted; what is agreed is changed in its contract")
        if found.status != "withdrawn":
            found.changed_at = ports.clock.now()
        found.status, found.asked, found.approved, found.pending = "withdrawn", None, None, False

    after = PROPOSALS.change(ports, scope, id, end)
    note(ports, scope, id, by, "withdrawn", version=after.version)
    return after


def look_after(ports: Ports, scope: Scope) -> dict[str, Exception]:
    """What is approved leaves, who is silent is reminded, what is over ends, and deals are told. What fails keeps no
    other waiting, and is tried the next time. Returns the faults by proposal."""
    faults: dict[str, Exception] = {}
    for id in _pending(ports, scope):
        try:
            _look_after(ports, scope, PROPOSALS.load(ports, scope, id))
        except (Conflict, Rejected):  # it says so itself
            pass
        except Exception as fault:  # whatever a store or a server says
            faults[id] = fault
    return faults


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


def answer_mail(ports: Ports, scope: Scope, found: Proposal, message: str, text: str) -> LedgerRow:
    """The mail that answers a client, once for each message. Raises Conflict if it cannot leave just now."""
    sent = found.current
    assert sent is not None, "it was sent"
    priced = whole(ports, scope, sent.digest)
    return _mail(ports, scope, found, sent.to, priced, sent.version, "answer", f"answer-{message}", text)


def _pending(ports: Ports, scope: Scope) -> list[str]:
    """The proposals of which something is still to become, all of them."""
    ids: list[str] = []
    cursor: str | None = None
    while True:
        page = ports.documents.find(scope, Kind.PROPOSAL, [Filter("pending", "eq", True)], limit=_MOST, cursor=cursor)
        ids += [each.id for each in page.documents]
        if (cursor := page.cursor) is None:
            return ids


def _look_after(ports: Ports, scope: Scope, found: Proposal) -> None:
    now = ports.clock.now()
    if found.approved:
        found = deliver(ports, scope, found.id)
    if found.stands(now) == "expired" and found.status == "sent":
        _expire(ports, scope, found.id)
        return
    if found.status == "sent" and found.current and _due(found.current, now) > found.current.reminded:
        _remind(ports, scope, found, found.current, _due(found.current, now))
    dealing.tell(ports, scope, found.id)


def _due(sending: Sending, now: datetime) -> int:
    """How many reminders should have left by now: one half-way, one a day before the end."""
    times = {sending.at + (sending.ends_at - sending.at) / 2, max(sending.ends_at - _DAY, sending.at + _DAY)}
    return sum(now >= each for each in times if each < sending.ends_at)


def _remind(ports: Ports, scope: Scope, found: Proposal, sending: Sending, due: int) -> None:
    """Unless the client waits for an answer from here."""
    if not waits(ports, scope, found.id):
        priced = whole(ports, scope, sending.digest)
        step = f"v{sending.version}-{len(found.sendings)}-remind-{due}"
        now = PROPOSALS.load(ports, scope, found.id)
        if now.status != "sent" or now.current is None or now.current.attempt != sending.attempt:
            return  # it was answered, taken back or sent anew at this very moment
        _mail(ports, scope, found, sending.to, priced, sending.version, "remind", step)
        note(ports, scope, found.id, "schedule", "reminded", version=sending.version)

    def count(each: Proposal) -> None:
        if each.current and each.current.version == sending.version:
            each.current.reminded = due

    PROPOSALS.change(ports, scope, found.id, count)


def _expire(ports: Ports, scope: Scope, id: str) -> None:
    def end(found: Proposal) -> None:
        if found.stands(ports.clock.now()) == "expired":
            found.status, found.pending, found.changed_at = "expired", False, ports.clock.now()

    PROPOSALS.change(ports, scope, id, end)
    note(ports, scope, id, "schedule", "expired")


def _hold(ports: Ports, scope: Scope, id: str, why: str) -> Proposal:
    def hold(found: Proposal) -> None:
        found.approved, found.held, found.changed_at = None, why[:2000], ports.clock.now()

    after = PROPOSALS.change(ports, scope, id, hold)
    note(ports, scope, id, "schedule", "held", version=after.version)
    return after


def _check(ports: Ports, scope: Scope, priced: Whole) -> None:
    if wrong := refusals(ports, scope, priced):
        raise Rejected(*(FieldError(each.field, each.reason) for each in wrong))


def _sealed(ports: Ports, found: Proposal, version: int) -> dict[str, object]:
    named = found.of_version(version)
    assert named is not None
    return {
        "proposal": found.id,
        "version": version,
        "content": named.digest,
        "deal": found.deal,
        "to": person_of(found.to, ports.keys.address),
    }


def _mail(
    ports: Ports, scope: Scope, found: Proposal, to: str, priced: Whole, version: int, occasion: Occasion, step: str,
    answer: str = "",
) -> LedgerRow:  # fmt: skip
    sender, content = sender_of(ports, scope), priced.content
    look = look_of(brands.read(ports, scope)[0])
    rendered = proposal_notice(
        occasion,
        content.language,
        content.title,
        content.recipient.name,
        sender.name,
        link_of(ports, scope, found.id, version, to, ends_at(ports, content.answer_by)),
        content.answer_by,
        look,
        answer,
    )
    return send_alone(ports, scope, Letter(f"proposal-{found.id}", step, "proposal", sender, to, rendered))
