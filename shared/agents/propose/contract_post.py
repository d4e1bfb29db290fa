"""The mails of a contract. Each is a row of the ledger under a name that never changes; a contract is called sent when
its row says that the mail left, or when its link is opened."""

from __future__ import annotations

from datetime import timedelta

from shared.agents import brand as brands
from shared.agents.distribute.alone import Letter, found_alone, received_alone, send_alone
from shared.agents.propose.contract_writing import wrong
from shared.agents.propose.contracts import CONTRACTS, content_of, note
from shared.agents.propose.mailing import LEFT, REFUSED, sender_of
from shared.agents.propose.priced import ends_at
from shared.domain.address import person_of
from shared.domain.brand import look_of
from shared.domain.contract import Contract, ContractContent, ContractVersion
from shared.domain.faults import Conflict
from shared.domain.links import Link, Purpose, sign
from shared.domain.proposal import Sending
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports
from shared.render.contract_notice import Occasion, contract_notice

PURPOSE: Purpose = "k"
_READABLE = timedelta(days=183)
_ENDED = ("signed", "declined", "cancelled")
"""By a person's word, which a mail does not take back."""
_IN_DOUBT = (
    "the sender was stopped while the mail left, and whether it did is not known. It is looked at again; when the "
    "client opens the link it counts as sent. If you know that nothing came, put it up for approval once more."
)


def deliver(ports: Ports, scope: Scope, id: str) -> Contract:
    """Have the mail of an approved version leave, once. What may not leave any more is held, with the reason; of a mail
    that was begun before, the ledger says what became of it. Raises Conflict if it cannot leave just now."""
    found = CONTRACTS.load(ports, scope, id)
    version = found.of_version(found.approved) if found.approved else None
    if version is None:
        return found
    content = content_of(ports, scope, found, version.version)
    begun = found_alone(ports, scope, _place(id), _step(version.version, found.tries), content.to)
    if begun is None or begun.state == "planned":
        if why := wrong(ports, scope, content):
            return _hold(ports, scope, found, "; ".join(f"{each.field}: {each.reason}" for each in why))
        current = CONTRACTS.load(ports, scope, id)
        if not _is_same(current, found):
            return current  # it was taken back or changed at this very moment
        begun = _leave(ports, scope, found, version, content)
    if begun.state in REFUSED:
        return _hold(ports, scope, found, f"the mail was refused: {begun.detail or begun.state}")
    if begun.state not in LEFT:
        return _say(ports, scope, found, _IN_DOUBT)
    return _sent(ports, scope, found, version, found.tries, begun.state)


def received(ports: Ports, scope: Scope, found: Contract, version: int) -> Contract:
    """Somebody holds the link of a version whose mail is in doubt: it left, whoever was killed around it. The contract
    as it is if no such mail was ever begun."""
    named = found.of_version(version)
    if named is None:
        return found
    person = person_of(content_of(ports, scope, found, version).to, ports.keys.address)
    for attempt in range(found.tries, 0, -1):
        row = received_alone(ports, scope, _place(found.id), _step(version, attempt), person)
        if row and row.state in LEFT:
            return _sent(ports, scope, found, named, attempt, row.state)
    return found


def settle_begun(ports: Ports, scope: Scope, id: str) -> Contract:
    """The contract, ahead of a word that changes it or takes it back: of a mail whose sender was killed, what is known
    by now is noted, for the client has it in hand."""
    found = CONTRACTS.load(ports, scope, id)
    version = found.of_version(found.approved) if found.approved else None
    if version is None:
        return found
    content = content_of(ports, scope, found, version.version)
    row = found_alone(ports, scope, _place(id), _step(version.version, found.tries), content.to)
    return _sent(ports, scope, found, version, found.tries, row.state) if row and row.state in LEFT else found


def mail(
    ports: Ports, scope: Scope, found: Contract, content: ContractContent, version: int, occasion: Occasion, step: str
) -> LedgerRow:
    """The row of the mail, which leaves once. Raises Conflict if it cannot leave just now."""
    sender = sender_of(ports, scope)
    rendered = contract_notice(
        occasion,
        content.language,
        content.title,
        content.client.name,
        sender.name,
        link_of(ports, scope, found.id, version, content),
        content.sign_by,
        look_of(brands.read(ports, scope)[0]),
    )
    return send_alone(ports, scope, Letter(_place(found.id), step, "contract", sender, content.to, rendered))


def link_of(ports: Ports, scope: Scope, id: str, version: int, content: ContractContent) -> str:
    """The address at which the client reads and signs this version. It ends half a year after the last day to sign; a
    version goes to one address, so another address has another link."""
    until = ends_at(ports, content.sign_by) + _READABLE
    link = Link(PURPOSE, scope, id, version, "client", int(until.timestamp()))
    return f"{ports.public_url}/api/{PURPOSE}/{sign(link, ports.keys.link)}"


def _leave(
    ports: Ports, scope: Scope, found: Contract, version: ContractVersion, content: ContractContent
) -> LedgerRow:
    occasion: Occasion = "again" if found.sendings else "first"
    try:
        step = _step(version.version, found.tries)
        return mail(ports, scope, found, content, version.version, occasion, step)
    except Conflict as error:
        _say(ports, scope, found, f"{error.error.reason}; it is tried again")
        raise


def _sent(ports: Ports, scope: Scope, found: Contract, version: ContractVersion, attempt: int, state: str) -> Contract:
    """Note that it left; what the client or a colleague said meanwhile stands."""
    content, now, news = content_of(ports, scope, found, version.version), ports.clock.now(), False
    made = Sending(
        version=version.version, attempt=attempt, to=content.to, digest=version.digest, at=now,
        ends_at=ends_at(ports, content.sign_by), mail=state,
    )  # fmt: skip

    def left(each: Contract) -> None:
        nonlocal news
        awaited = (each.approved, each.tries) == (version.version, attempt)
        if each.status == "signed" or any(sent.attempt == attempt for sent in each.sendings):
            news = False
            return
        news = True
        each.sendings = sorted([*each.sendings, made], key=lambda sent: sent.attempt)
        if awaited:
            each.approved, each.held = None, ""
        if awaited or each.status not in _ENDED:
            each.refusals += [each.declined] if each.declined else []
            each.status, each.declined, each.changed_at, each.pending = "sent", None, now, True

    after = CONTRACTS.change(ports, scope, found.id, left)
    if news:
        note(ports, scope, found.id, "schedule", "sent", version=version.version, digest=version.digest)
    return after


def _hold(ports: Ports, scope: Scope, found: Contract, why: str) -> Contract:
    """It does not leave; what was approved since is not meant."""

    def hold(each: Contract) -> None:
        if _is_same(each, found):
            each.approved, each.held, each.changed_at = None, why[:2000], ports.clock.now()

    after = CONTRACTS.change(ports, scope, found.id, hold)
    note(ports, scope, found.id, "schedule", "held", version=found.approved)
    return after


def _say(ports: Ports, scope: Scope, found: Contract, why: str) -> Contract:
    """Why it has not left yet."""

    def say(each: Contract) -> None:
        if _is_same(each, found):
            each.held = why

    return CONTRACTS.change(ports, scope, found.id, say)


def _is_same(one: Contract, other: Contract) -> bool:
    return (one.approved, one.tries) == (other.approved, other.tries)


def _place(id: str) -> str:
    return f"contract-{id}"


def _step(version: int, attempt: int) -> str:
    return f"v{version}-{attempt}"
