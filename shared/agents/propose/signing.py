"""Signing: the client behind their link, the agency signed in; and what is kept of each signature."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import NamedTuple

from shared.agents.propose import concluding, contract_post
from shared.agents.propose.contract_writing import changed
from shared.agents.propose.contracts import CONTRACTS, content_of, note, note_signatures
from shared.agents.scopes import is_archived
from shared.domain.contract import Contract, ContractContent, DeclineRequest, Role, Signature, SignRequest, Status
from shared.domain.contract_words import consent_of
from shared.domain.faults import Conflict
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.proposal import Declined, Sending
from shared.domain.scope import Scope
from shared.ports import Ports


class Seen(NamedTuple):
    """What a link leads to. `newer`: a later version has taken its place. `over`: it is to be read no more, because it
    was cancelled, or ended long ago."""

    contract: Contract
    content: ContractContent
    sending: Sending
    standing: Status
    newer: bool
    over: bool


class Origin(NamedTuple):
    """Where a signature comes from: network address, program; the client's link, or who of the agency is signed in."""

    address: str = ""
    agent: str = ""
    token: str = ""
    by: str = ""


def opened(ports: Ports, link: Link) -> Seen | None:
    """What a verified link leads to; None if that version was never sent."""
    document = ports.documents.get(link.scope, Kind.CONTRACT, link.campaign)
    if document is None or link.person != "client":
        return None
    found = Contract.model_validate(document.body)
    if found.approved == link.shard or _sent(found, link.shard) is None:
        found = contract_post.received(ports, link.scope, found, link.shard)
    sending = _sent(found, link.shard)
    if sending is None or found.current is None:
        return None
    content, now = content_of(ports, link.scope, found, link.shard), ports.clock.now()
    newer, standing = sending.version != found.current.version, found.stands(now)
    elsewhere = newer and sending.to != found.current.to
    over = standing == "cancelled" or elsewhere or now.timestamp() >= link.target
    return Seen(found, content, sending, standing, newer, over)


def sign(ports: Ports, scope: Scope, id: str, version: int, role: Role, given: SignRequest, origin: Origin) -> Contract:
    """Keep the evidence of one signature under exactly the document that was read; the second one makes the contract,
    in the same write. What follows from it is carried out at once, or by the sweep; a fault of that is none of the
    signature. Raises Missing, and Conflict with a code or words if this cannot be signed, or this side has signed."""
    _check_open(ports, scope)
    found = contract_post.settle_begun(ports, scope, id)
    _check(ports, found, version, role, given.document)
    content = content_of(ports, scope, found, version)
    if any(changed(ports, scope, content)):
        raise Conflict("proposal", "scope")
    made = Signature(
        role=role, version=version, document=given.document, name=given.name, at=ports.clock.now(),
        address=origin.address[:100], agent=origin.agent[:300], consent=consent_of(found, content, role),
        link=hashlib.sha256(origin.token.encode()).hexdigest() if origin.token else "", by=origin.by,
    )  # fmt: skip

    def put(found: Contract) -> None:
        _check(ports, found, version, role, given.document)
        assert found.current is not None, "checked"
        found.signatures = [*found.signatures, made.model_copy(update={"attempt": found.current.attempt})]
        found.changed_at, found.pending = made.at, True
        if found.is_signed:
            found.status, found.asked, found.approved, found.held = "signed", None, None, ""

    after = CONTRACTS.change(ports, scope, id, put)
    with suppress(Exception):  # what is signed is signed
        note_signatures(ports, scope, after)
    return concluding.follow_up(ports, scope, after)


def decline(ports: Ports, scope: Scope, seen: Seen, given: DeclineRequest) -> Contract:
    """Say no, and why. The deal stays where it is, for a person to decide. Raises Conflict as `sign` does."""
    _check_open(ports, scope)
    now = ports.clock.now()
    contract_post.settle_begun(ports, scope, seen.contract.id)

    def close(found: Contract) -> None:
        _check(ports, found, seen.sending.version, "client", None)
        found.status, found.changed_at, found.pending = "declined", now, False
        found.declined = Declined(at=now, name=given.name, reason=given.reason)
        found.asked = found.approved = None

    after = CONTRACTS.change(ports, scope, seen.contract.id, close)
    note(ports, scope, after.id, "client", "declined", version=seen.sending.version)
    return after


def _sent(found: Contract, version: int) -> Sending | None:
    return next((each for each in reversed(found.sendings) if each.version == version), None)


def _check_open(ports: Ports, scope: Scope) -> None:
    if is_archived(ports, scope):
        raise Conflict("workspace", "archived")


def _check(ports: Ports, found: Contract, version: int, role: Role, document: str | None) -> None:
    if found.current is None or found.current.version != version:
        raise Conflict("version", "newer")
    if before := found.signed_by(role):
        raise Conflict("contract", f"signed-already:{before.name}")
    if (standing := found.stands(ports.clock.now())) != "sent":
        raise Conflict("contract", standing)
    named = found.of_version(version)
    if document is not None and (named is None or document != named.document):
        raise Conflict("document", "other")
