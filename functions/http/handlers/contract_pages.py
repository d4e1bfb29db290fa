"""The pages of contracts, and their forms."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.http.handlers.contracts import ContractVersionQuery, WhichContracts, sign_for_agency, signed
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import deals
from shared.agents.books import terms as billing
from shared.agents.propose import (
    concluding,
    contract_paper,
    contract_sending,
    contract_templates,
    contracts,
    proposals,
    seal_keys,
)
from shared.domain.contract import ContractChange, ContractContent, ContractRequest, SignRequest
from shared.domain.contract_words import WORDS, consent_of
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.proposal import Proposal
from shared.web.contract_form import change_of, contract_of

Form = TypeVar("Form", bound=BaseModel)


class ContractsPage(WhichContracts):
    """`proposal`: the one that a new contract is to be of."""

    proposal: str = ""


def listing(call: Call, query: ContractsPage) -> Answer[str]:
    """All contracts, and the form for the next."""
    items, cursor = contracts.listing(call.ports, call.scope, query.limit, query.cursor, query.deal)
    now = call.ports.clock.now()
    return html(
        call,
        "contracts",
        here="contracts",
        contracts=items,
        cursor=cursor,
        deal=query.deal or "",
        wanted=query.proposal,
        standing={each.id: each.stands(now) for each in items},
        accepted=[each for each in _accepted(call) if not _has_one(call, each.id)],
        templates=contract_templates.listing(call.ports, call.scope),
        certificates=seal_keys.certificates(call.ports, call.scope),
        billed=billing.read(call.ports, call.scope) is not None,
    )


def create(call: Call) -> Answer[str]:
    """Begin one."""
    made = contracts.create(call.ports, call.scope, call.principal, _checked(ContractRequest, contract_of(call.form)))
    return see(f"/contracts/{made.id}")


def show(call: Call, query: ContractVersionQuery) -> Answer[str]:
    """One contract: where it stands, its terms as the client reads them, and the buttons."""
    found = contracts.get(call.ports, call.scope, call.path["id"], query.version)
    sent = found.current
    in_hand = contracts.content_of(call.ports, call.scope, found, sent.version) if sent else None
    return html(
        call,
        "contract",
        here="contracts",
        contract=found,
        content=found.content,
        said=contract_paper.said(call.ports, call.scope, found, found.shown),
        words=WORDS[found.content.language],
        deal=_deal(call, found.deal),
        question=contract_sending.question(call.ports, call.scope, found),
        consent=consent_of(found, in_hand, "agency") if in_hand else "",
        document=next((each.document for each in found.versions if sent and each.version == sent.version), ""),
        templates=contract_templates.listing(call.ports, call.scope),
        fields={} if found.content.own else _fields(call, found.content),
    )


def act(call: Call) -> Answer[str]:
    """Save, put up for approval, take back, or send the client's copy again."""
    id, form = contracts.CONTRACTS.load(call.ports, call.scope, call.path["id"]).id, call.form
    did = form.get("do", "")
    if did == "save":
        before = contracts.content_of(call.ports, call.scope, contracts.CONTRACTS.load(call.ports, call.scope, id))
        wished = _checked(ContractChange, change_of(form, before, _fields(call, before)))
        contract_sending.change(call.ports, call.scope, id, call.principal, wished)
        return see(f"/contracts/{id}")
    if did == "submit":
        contract_sending.submit(call.ports, call.scope, id, call.principal)
        return see(f"/contracts/{id}#approve")
    if did == "cancel":
        contract_sending.cancel(call.ports, call.scope, id, call.principal)
        return see(f"/contracts/{id}")
    if did == "copy":
        concluding.copy_again(call.ports, call.scope, id, call.principal)
        return see(f"/contracts/{id}")
    raise Rejected(FieldError("do", "must be save, submit, cancel or copy"))


def sign(call: Call) -> Answer[str]:
    """Sign for the agency what the client has in hand."""
    found = contracts.CONTRACTS.load(call.ports, call.scope, call.path["id"])
    given = {name: text for name, text in call.form.items() if name in SignRequest.model_fields}
    done = signed(call, sign_for_agency(call, _checked(SignRequest, given)))
    return see(f"/contracts/{found.id}", start=done.start, ring=done.ring)


def _accepted(call: Call) -> list[Proposal]:
    """Of the proposals that changed last, those that a client has accepted."""
    found, _ = proposals.listing(call.ports, call.scope, 200)
    return [each for each in found if each.accepted]


def _has_one(call: Call, proposal: str) -> bool:
    try:
        contracts.CONTRACTS.load(call.ports, call.scope, contracts.contract_of(proposal))
    except Missing:
        return False
    return True


def _fields(call: Call, content: ContractContent) -> dict[str, str]:
    return contract_templates.fields_of(call.ports, call.scope, content.template, content.fields)


def _deal(call: Call, id: str) -> str:
    try:
        return deals.get(call.ports, call.scope, id).name
    except Missing:
        return "Deal"


def _checked(model: type[Form], given: object) -> Form:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
