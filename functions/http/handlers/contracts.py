"""Contracts over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from functions.http.handlers.billing import stirred
from functions.http.handlers.links import trace
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.propose import (
    concluding,
    contract_paper,
    contract_sending,
    contract_templates,
    contracts,
    seal_keys,
    signing,
)
from shared.domain.contract import Contract, ContractChange, ContractRequest, ContractShown, SignRequest
from shared.domain.contract_template import ContractTemplate, NewTemplate, TemplateVersion
from shared.domain.faults import Conflict
from shared.domain.seal_certificate import SealCertificate


class WhichContracts(Paging):
    """Of one deal, if one is named."""

    deal: str | None = None


class ContractVersionQuery(BaseModel):
    """The newest if none is named."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)] | None = None


def create(call: Call, body: ContractRequest) -> Answer[ContractShown]:
    """Begin the contract of an accepted proposal: from a template and what was agreed."""
    made = contracts.create(call.ports, call.scope, call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/contracts/{made.id}"})


def listing(call: Call, query: WhichContracts) -> Answer[Listing[Contract]]:
    """Contracts, those that changed last first."""
    items, cursor = contracts.listing(call.ports, call.scope, query.limit, query.cursor, query.deal)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call, query: ContractVersionQuery) -> Answer[ContractShown]:
    """A contract with what a version says, who has signed, and why it cannot be sent as it is."""
    return Answer(contracts.get(call.ports, call.scope, call.path["id"], query.version))


def edit(call: Call, body: ContractChange) -> Answer[ContractShown]:
    """Keep this as the newest version; what waited for approval waits no more, what the client has stays."""
    return Answer(contract_sending.change(call.ports, call.scope, call.path["id"], call.principal, body))


def pdf(call: Call, query: ContractVersionQuery) -> Answer[bytes]:
    """A version as PDF: the very file that is signed, or a draft that says so."""
    found = contracts.CONTRACTS.load(call.ports, call.scope, call.path["id"])
    content = contract_paper.pdf(call.ports, call.scope, found, query.version or found.version)
    return pdf_answer(content, "contract.pdf")


def sealed(call: Call) -> Answer[bytes]:
    """The sealed file with the evidence of both signatures."""
    found = contracts.CONTRACTS.load(call.ports, call.scope, call.path["id"])
    return pdf_answer(contract_paper.sealed_pdf(call.ports, call.scope, found), "contract-sealed.pdf")


def submit(call: Call) -> Answer[Contract]:
    """Put the newest version up for approval; approved, it leaves."""
    return Answer(contract_sending.submit(call.ports, call.scope, call.path["id"], call.principal))


def sign(call: Call, body: SignRequest) -> Answer[Contract]:
    """Sign for the agency what the client has in hand."""
    return signed(call, sign_for_agency(call, body))


def cancel(call: Call) -> Answer[Contract]:
    """From now on it cannot be signed."""
    return Answer(contract_sending.cancel(call.ports, call.scope, call.path["id"], call.principal))


def copy(call: Call) -> Answer[Contract]:
    """Have the client's copy of the sealed file leave again, after its mail was refused or is in doubt."""
    return Answer(concluding.copy_again(call.ports, call.scope, call.path["id"], call.principal))


def certificates(call: Call) -> Answer[Listing[SealCertificate]]:
    """What contracts are sealed with here, the newest first: tell its SHA-256 to whoever has to rely on a seal."""
    return Answer(Listing(items=seal_keys.certificates(call.ports, call.scope)))


def templates(call: Call) -> Answer[Listing[TemplateVersion]]:
    """What contracts can be written from, each in its newest version."""
    return Answer(Listing(items=contract_templates.listing(call.ports, call.scope)))


def template(call: Call) -> Answer[TemplateVersion]:
    """The newest version of one."""
    return Answer(contract_templates.newest(call.ports, call.scope, call.path["id"]))


def begin_template(call: Call, body: NewTemplate) -> Answer[TemplateVersion]:
    """Write down a template of one's own."""
    made = contract_templates.begin(call.ports, call.scope, call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/contract-templates/{made.template}"})


def put_template(call: Call, body: ContractTemplate) -> Answer[TemplateVersion]:
    """Keep this as its newest version; contracts that are written stay as they are."""
    return Answer(contract_templates.put(call.ports, call.scope, call.principal, call.path["id"], body))


def sign_for_agency(call: Call, given: SignRequest) -> Contract:
    """Raises Conflict with words for who works here."""
    found = contracts.CONTRACTS.load(call.ports, call.scope, call.path["id"])
    if found.current is None:
        raise Conflict("contract", "the client has nothing in hand yet; have it sent first")
    told = trace(call)
    origin = signing.Origin(told.ip or "", told.user_agent or "", by=call.principal)
    try:
        return signing.sign(call.ports, call.scope, found.id, found.current.version, "agency", given, origin)
    except Conflict as error:
        raise Conflict(error.error.field, _plainly(error.error.reason)) from None


def signed(call: Call, found: Contract) -> Answer[Contract]:
    """With the flow of the books, if both have signed."""
    flows = stirred(call.ports, call.scope) if found.status == "signed" else []
    return Answer(found, start=flows, ring=[each.instance_id for each in flows])


def pdf_answer(content: bytes, name: str) -> Answer[bytes]:
    """To be shown, and saved under this name."""
    named = {"Content-Disposition": f'inline; filename="{name}"'}
    return Answer(content, content_type="application/pdf", headers=named)


def _plainly(code: str) -> str:
    code, _, who = code.partition(":")
    said = {
        "newer": "another version was sent meanwhile; look at it again",
        "other": "another document was read; look at it again",
        "scope": "something else was agreed on since; write the contract anew",
        "signed-already": f"it is signed for the agency already, by {who}",
        "archived": "the workspace is archived",
    }
    return said.get(code, f"it is {code}")
