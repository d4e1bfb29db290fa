"""A contract from approval to the client: question, decision about exactly one document, mail, reminders, end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from shared.agents.propose import concluding, contracts
from shared.agents.propose.contract_answers import is_lost
from shared.agents.propose.contract_paper import frozen
from shared.agents.propose.contract_post import deliver, mail, settle_begun
from shared.agents.propose.contract_writing import wrong
from shared.agents.propose.contracts import CONTRACTS, content_of, note, note_signatures
from shared.agents.propose.mailing import sender_of
from shared.agents.propose.seal_keys import seal_key
from shared.domain.address import person_of
from shared.domain.approval import Approval
from shared.domain.contract import Contract, ContractChange, ContractContent, ContractShown
from shared.domain.faults import Conflict, Rejected
from shared.domain.names import Kind
from shared.domain.proposal import Sending
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.domain.segment import Filter
from shared.ports import Ports

_DAY = timedelta(days=1)
_MOST = 100


def submit(ports: Ports, scope: Scope, id: str, by: str) -> Contract:
    """Put the newest version up for approval: the document that is signed is made now. Raises Missing, Rejected with
    everything why it cannot be sent, Conflict if it is signed or nobody has said who the workspace writes as."""
    found = CONTRACTS.load(ports, scope, id)
    _check_unsigned(found)
    sender_of(ports, scope)
    newest, content = found.versions[-1], content_of(ports, scope, found)
    _check(ports, scope, content)
    seal_key(ports, scope, content.agency.name)  # who cannot seal learns it before anybody signs
    document = frozen(ports, scope, found, newest.version)
    sealed = {
        "contract": id,
        "version": newest.version,
        "content": newest.digest,
        "document": document,
        "deal": found.deal,
        "to": person_of(content.to, ports.keys.address),
    }
    asked = Approval(
        subject=id, version=newest.version, digest=digest(sealed), sealed=sealed, asked_at=ports.clock.now()
    )
    ports.documents.put(scope, Kind.APPROVAL, f"{id}-{newest.version}", asked.model_dump(mode="json"), "*")

    def ask(found: Contract) -> None:
        _check_unsigned(found)
        if found.version != newest.version:
            raise Conflict("version", f"it was changed meanwhile: version {found.version} is the newest")
        found.versions[-1].document = document
        found.asked, found.held, found.changed_at = newest.version, "", ports.clock.now()

    after = CONTRACTS.change(ports, scope, id, ask)
    note(ports, scope, id, by, "asked", version=newest.version, digest=asked.digest, document=document)
    return after


def question(ports: Ports, scope: Scope, found: Contract) -> Approval | None:
    """What waits for a decision; None if nothing does."""
    if found.asked is None:
        return None
    document = ports.documents.get(scope, Kind.APPROVAL, f"{found.id}-{found.asked}")
    return Approval.model_validate(document.body) if document else None


def waiting(ports: Ports, scope: Scope) -> Iterator[tuple[Contract, Approval]]:
    """The contracts that wait for approval, those that changed last first."""
    page = ports.documents.find(scope, Kind.CONTRACT, [Filter("asking", "eq", True)], limit=_MOST)
    for document in page.documents:
        found = Contract.model_validate(document.body)
        if asked := question(ports, scope, found):
            yield found, asked


def decide(ports: Ports, scope: Scope, id: str, by: str, decision: str, seal: str, comment: str | None) -> Contract:
    """Approve, reject, or ask for changes of exactly what is sealed; approved, it leaves. Raises Missing, Conflict if
    something else is sealed now, Rejected if it cannot be sent any more."""
    found = CONTRACTS.load(ports, scope, id)
    asked = question(ports, scope, found)
    if asked is None:
        raise Conflict("contract", "nothing waits for approval")
    if seal != asked.digest:
        raise Conflict("digest", "another version waits now; look at it again")
    if decision not in ("approve", "reject", "changes"):
        raise Conflict("decision", "must be approve, changes or reject")
    if decision == "approve":
        _check(ports, scope, content_of(ports, scope, found))
    decided = asked.model_copy(update={"decision": decision, "by": by, "at": ports.clock.now(), "comment": comment})
    ports.documents.put(scope, Kind.APPROVAL, f"{id}-{asked.version}", decided.model_dump(mode="json"), "*")

    def settle(found: Contract) -> None:
        _check_unsigned(found)
        if found.asked != asked.version:
            raise Conflict("digest", "it was changed or decided meanwhile; look at it again")
        found.asked, found.changed_at = None, ports.clock.now()
        if decision == "approve":
            found.approved, found.tries, found.pending = asked.version, found.tries + 1, True

    CONTRACTS.change(ports, scope, id, settle)
    note(ports, scope, id, by, decision, version=asked.version, digest=asked.digest)
    with suppress(Conflict):  # it stays approved, and is tried again
        concluding.tell_sent(ports, scope, deliver(ports, scope, id))
    return CONTRACTS.load(ports, scope, id)


def change(ports: Ports, scope: Scope, id: str, by: str, wished: ContractChange) -> ContractShown:
    """As `contracts.change`; what has left by now is noted first."""
    settle_begun(ports, scope, id)
    return contracts.change(ports, scope, id, by, wished)


def cancel(ports: Ports, scope: Scope, id: str, by: str) -> Contract:
    """From now on it cannot be signed. Repeatable. Raises Missing, and Conflict if it is signed."""

    def end(found: Contract) -> None:
        _check_unsigned(found)
        if found.status != "cancelled":
            found.changed_at = ports.clock.now()
        found.status, found.asked, found.approved, found.pending = "cancelled", None, None, False

    settle_begun(ports, scope, id)
    after = CONTRACTS.change(ports, scope, id, end)
    note(ports, scope, id, by, "cancelled", version=after.version)
    return after


def look_after(ports: Ports, scope: Scope) -> dict[str, Exception]:
    """What is approved leaves, who is silent is reminded, what is over ends, and what both have signed is carried out.
    What fails keeps no other waiting, and is tried the next time. Returns the faults by contract."""
    faults: dict[str, Exception] = {}
    for id in _pending(ports, scope):
        try:
            _look_after(ports, scope, CONTRACTS.load(ports, scope, id))
        except (Conflict, Rejected):  # it says so itself
            pass
        except Exception as fault:  # whatever a store or a server says
            faults[id] = fault
    return faults


def _pending(ports: Ports, scope: Scope) -> list[str]:
    ids: list[str] = []
    cursor: str | None = None
    while True:
        page = ports.documents.find(scope, Kind.CONTRACT, [Filter("pending", "eq", True)], limit=_MOST, cursor=cursor)
        ids += [each.id for each in page.documents]
        if (cursor := page.cursor) is None:
            return ids


def _look_after(ports: Ports, scope: Scope, found: Contract) -> None:
    if found.approved:
        found = deliver(ports, scope, found.id)
        concluding.tell_sent(ports, scope, found)
    now, sent = ports.clock.now(), found.current
    if found.signatures:
        note_signatures(ports, scope, found)
    if found.status == "signed":
        concluding.conclude(ports, scope, found.id)
    elif found.status == "sent" and found.stands(now) == "expired":
        _expire(ports, scope, found.id)
    elif found.status == "sent" and sent and _due(sent, now) > sent.reminded and not is_lost(ports, scope, found):
        _remind(ports, scope, found, sent, _due(sent, now))


def _due(sending: Sending, now: datetime) -> int:
    """How many reminders should have left by now: one half-way, one a day before the end."""
    times = {sending.at + (sending.ends_at - sending.at) / 2, max(sending.ends_at - _DAY, sending.at + _DAY)}
    return sum(now >= each for each in times if each < sending.ends_at)


def _remind(ports: Ports, scope: Scope, found: Contract, sending: Sending, due: int) -> None:
    """Unless the client has signed."""
    if found.signed_by("client") is None:
        content = content_of(ports, scope, found, sending.version)
        step = f"v{sending.version}-{sending.attempt}-remind-{due}"
        mail(ports, scope, found, content, sending.version, "remind", step)
        note(ports, scope, found.id, "schedule", "reminded", version=sending.version)

    def count(each: Contract) -> None:
        if each.current and each.current.attempt == sending.attempt:
            each.current.reminded = due

    CONTRACTS.change(ports, scope, found.id, count)


def _expire(ports: Ports, scope: Scope, id: str) -> None:
    def end(found: Contract) -> None:
        if found.stands(ports.clock.now()) == "expired":
            found.status, found.pending, found.changed_at = "expired", False, ports.clock.now()

    CONTRACTS.change(ports, scope, id, end)
    note(ports, scope, id, "schedule", "expired")


def _check(ports: Ports, scope: Scope, content: ContractContent) -> None:
    if why := wrong(ports, scope, content):
        raise Rejected(*why)


def _check_unsigned(found: Contract) -> None:
    if found.is_signed:
        raise Conflict("contract", "it is signed, and stays as it is")
