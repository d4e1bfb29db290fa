"""From approval to the client: question, decision about exactly one version, reminders, end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from shared.agents.propose import answering, dealing
from shared.agents.propose.mailing import deliver, remind, sender_of
from shared.agents.propose.messages import leaving, waits
from shared.agents.propose.priced import Whole, refusals, whole
from shared.agents.propose.proposals import PROPOSALS, note
from shared.domain.address import person_of
from shared.domain.approval import Approval
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.proposal import Proposal, Sending
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.domain.segment import Filter
from shared.ports import Document, Ports

_DAY = timedelta(days=1)
_MOST = 100


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
    """All proposals that wait for approval."""
    for document in _all(ports, scope, "asking"):
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

    def tried(id: str, work: Callable[[], object]) -> None:
        try:
            work()
        except (Conflict, Rejected):  # it says so itself
            pass
        except Exception as fault:  # whatever a store or a server says
            faults[id] = fault

    for id in [each.id for each in _all(ports, scope, "pending")]:
        tried(id, lambda: _look_after(ports, scope, PROPOSALS.load(ports, scope, id)))  # noqa: B023
    for message in leaving(ports, scope):
        tried(message.proposal, lambda: answering.finish(ports, scope, message))  # noqa: B023
    return faults


def _all(ports: Ports, scope: Scope, flag: str) -> Iterator[Document]:
    """The proposals that have this flag, however many."""
    cursor: str | None = None
    while True:
        page = ports.documents.find(scope, Kind.PROPOSAL, [Filter(flag, "eq", True)], limit=_MOST, cursor=cursor)
        yield from page.documents
        if (cursor := page.cursor) is None:
            return


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
        now = PROPOSALS.load(ports, scope, found.id)
        if now.status != "sent" or now.current is None or now.current.attempt != sending.attempt:
            return  # it was answered, taken back or sent anew at this very moment
        remind(ports, scope, found, sending, due)
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
