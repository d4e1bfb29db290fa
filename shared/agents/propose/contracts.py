"""Contracts as people work on them: begun from an accepted proposal, changed, read. Nothing of it leaves from here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

import orjson

from shared.agents.propose import contract_templates
from shared.agents.propose.contract_writing import Wish, today, write, wrong
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.contract import (
    MOST_VERSIONS,
    Contract,
    ContractChange,
    ContractContent,
    ContractRequest,
    ContractShown,
    ContractVersion,
    Written,
)
from shared.domain.contract_words import WORDS
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.invoice_plan import Instalment, Plan
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

CONTRACTS = Records(Kind.CONTRACT, Contract)
_NEWEST = Order("changed_at", descending=True)


def contract_of(proposal: str) -> str:
    """The id of the contract of a proposal. It has one, with versions: what is agreed on once is never billed twice."""
    return hashlib.sha256(f"contract|{proposal}".encode()).hexdigest()[:32]


def create(ports: Ports, scope: Scope, by: str, request: ContractRequest) -> ContractShown:
    """Begin the contract of an accepted proposal. Raises Missing, Conflict if there is one already, the proposal is not
    accepted or nobody has said who sells, Rejected for what cannot be written. The client sees nothing of it."""
    wish = Wish(
        request.client, request.to, request.template, request.fields, request.dates, request.sign_by
    )  # fmt: skip
    content = write(ports, scope, request.proposal, wish)
    now = ports.clock.now()
    register(ports, scope)
    version = _keep(ports, scope, by, 1, content)
    made = Contract(
        id=contract_of(request.proposal), deal=content.deal, proposal=request.proposal, title=content.title, version=1,
        versions=[version], created_at=now, created_by=by, changed_at=now,
    )  # fmt: skip
    try:
        ports.documents.put(scope, Kind.CONTRACT, made.id, made.model_dump(mode="json"))
    except Stale:
        raise Conflict("proposal", f"it has a contract already, {made.id}; change that one") from None
    note(ports, scope, made.id, by, "created", version=1, digest=version.digest)
    return shown(ports, scope, made)


def get(ports: Ports, scope: Scope, id: str, version: int | None = None) -> ContractShown:
    """A contract with what a version says, the newest if none is named. Raises Missing."""
    return shown(ports, scope, CONTRACTS.load(ports, scope, id), version)


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None, deal: str | None = None
) -> tuple[list[Contract], str | None]:
    """Contracts, those that changed last first; of one deal, if one is named. Raises Rejected for a wrong cursor."""
    asked = [Filter("deal", "eq", deal)] if deal else []
    try:
        page = ports.documents.find(scope, Kind.CONTRACT, asked, _NEWEST, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Contract.model_validate(each.body) for each in page.documents], page.cursor


def change(ports: Ports, scope: Scope, id: str, by: str, wished: ContractChange) -> ContractShown:
    """Keep what is wished as the newest version; what waited for approval waits no more, what the client has in hand
    stays. Raises Missing, Rejected for what cannot be written, Conflict if it was changed meanwhile or is signed."""
    found = CONTRACTS.load(ports, scope, id)
    _check_open(found, wished.seen)
    before = content_of(ports, scope, found)
    wish = Wish(
        wished.client or before.client, wished.to or before.to, wished.template or before.template,
        _fields(ports, scope, before, wished), wished.dates or before.dates, wished.sign_by or before.sign_by,
    )  # fmt: skip
    content = write(ports, scope, found.proposal, wish, _own(before, wished))

    def apply(found: Contract) -> None:
        _check_open(found, wished.seen)
        made = _keep(ports, scope, by, found.version + 1, content)
        if made.digest == found.versions[-1].digest:
            return
        found.version, found.versions, found.title = made.version, [*found.versions, made], content.title
        found.asked = found.approved = None
        found.held, found.changed_at = "", made.at

    after = CONTRACTS.change(ports, scope, id, apply)
    if after.version != found.version:
        note(ports, scope, id, by, "version", version=after.version, digest=after.versions[-1].digest)
    return shown(ports, scope, after)


def _fields(ports: Ports, scope: Scope, before: ContractContent, wished: ContractChange) -> Mapping[str, str]:
    if wished.fields is not None or wished.template not in (None, before.template):
        return wished.fields or {}
    return contract_templates.fields_of(ports, scope, before.template, before.fields)


def _own(before: ContractContent, wished: ContractChange) -> list[Written] | None:
    """The words that somebody wrote, if they are to stay. Raises Rejected for what would change nothing in them."""
    if wished.sections and wished.anew:
        raise Rejected(FieldError("anew", "words are given as well; either these, or those of the template"))
    kept = before.own and not wished.anew and wished.template in (None, before.template)
    own = wished.sections or (before.sections if kept else None)
    if own and wished.fields is not None:
        raise Rejected(
            FieldError("fields", "no field is in words of one's own; change the words, or have them written anew")
        )
    return own


def content_of(ports: Ports, scope: Scope, found: Contract, version: int | None = None) -> ContractContent:
    """What a version says, the newest if none is named. Raises Missing."""
    number = found.version if version is None else version
    named = found.of_version(number)
    stored = ports.documents.get(scope, Kind.CONTRACT_CONTENT, named.digest) if named else None
    if stored is None:
        raise Missing("version", str(number))
    return ContractContent.model_validate(stored.body)


def shown(ports: Ports, scope: Scope, found: Contract, version: int | None = None) -> ContractShown:
    """With what a version says. Raises Missing."""
    number = found.version if version is None else version
    content = content_of(ports, scope, found, number)
    return ContractShown(
        **found.model_dump(),
        shown=number,
        content=content,
        standing=found.stands(ports.clock.now()),
        wrong=[] if found.is_signed else [f"{each.field}: {each.reason}" for each in wrong(ports, scope, content)],
        planned=_planned(ports, scope, found, content),
    )


def note(ports: Ports, scope: Scope, id: str, by: str, what: str, **data: object) -> None:
    """One fact on the contract's stream of the journal: ids, numbers and digests only."""
    ports.journal.append(scope, f"contract/{id}", ports.clock.now(), by, what, data)


def note_signatures(ports: Ports, scope: Scope, found: Contract) -> None:
    """One fact for each signature that has none: whoever signed may have been killed before it was noted."""
    after, noted = 0, Counter[tuple[str, int, str]]()
    while facts := ports.journal.read(scope, f"contract/{found.id}", after):
        after = facts[-1].seq
        noted.update(
            (each.data["role"], each.data["version"], each.data["document"]) for each in facts if each.what == "signed"
        )
    for each in found.signatures:
        if noted[key := (each.role, each.version, each.document)]:
            noted[key] -= 1
        else:
            role, version, document = key
            note(ports, scope, found.id, each.by or role, "signed", role=role, version=version, document=document)


def _planned(ports: Ports, scope: Scope, found: Contract, content: ContractContent) -> list[Instalment]:
    """As agreed; before that, as they would be if both signed today."""
    plan = ports.documents.get(scope, Kind.INVOICE_PLAN, found.plan) if found.plan else None
    if plan is not None:
        return Plan.model_validate(plan.body).instalments
    return content.planned(today(ports), WORDS[content.language]["whole"])


def _keep(ports: Ports, scope: Scope, by: str, number: int, content: ContractContent) -> ContractVersion:
    """Write what a version says under its digest, before the contract names it."""
    if number > MOST_VERSIONS:
        raise Conflict("versions", f"a contract has at most {MOST_VERSIONS} versions")
    body = orjson.loads(content.model_dump_json())
    seal = digest(body)
    ports.documents.put(scope, Kind.CONTRACT_CONTENT, seal, body, "*")
    return ContractVersion(version=number, digest=seal, at=ports.clock.now(), by=by)


def _check_open(found: Contract, seen: int | None) -> None:
    if found.is_signed:
        raise Conflict("contract", "it is signed, and stays as it is")
    if seen is not None and seen != found.version:
        raise Conflict(
            "seen", f"it was changed meanwhile: version {found.version} is the newest", {"seen": [seen, found.version]}
        )
