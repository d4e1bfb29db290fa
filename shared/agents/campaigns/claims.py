"""What a person answers to a sentence that no source carries: vouch for it, name who says it, or have it rephrased."""

from __future__ import annotations

from shared.agents import confirmed, knowledge
from shared.agents.campaigns.control import decide
from shared.agents.campaigns.inquire import unsupported
from shared.agents.records import change, load, note
from shared.domain.approval import ApprovalRequest
from shared.domain.campaign import Campaign
from shared.domain.fact import REPHRASE, ClaimRequest, FactRequest
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.knowledge import citation_of
from shared.domain.scope import Scope
from shared.ports import Ports


def answer_claim(ports: Ports, scope: Scope, campaign: str, by: str, request: ClaimRequest) -> Campaign:
    """Keep the answer and have the drafts looked at again; the caller rings the doorbell.

    Raises Rejected for a sentence that is not in question, Conflict when nothing can be answered now."""
    found = load(ports, scope, campaign)
    if found.status not in ("awaiting_approval", "generating") or not found.version:
        raise Conflict("answer", f"there is nothing to answer; the campaign is {found.status}")
    if request.sentence not in unsupported(ports, scope, campaign):
        raise Rejected(FieldError("sentence", "no draft of the newest version says this without a source"))
    if request.answer == "rephrase":
        return _rephrase(ports, scope, found, by, request)
    if request.passage is not None:
        check_passage(ports, scope, request.passage)
    said = FactRequest(text=request.sentence, until=request.until, source=request.passage)
    kept = confirmed.confirm(ports, scope, by, said)
    note(ports, scope, campaign, by, "confirmed", {"fact": kept.id, "answer": request.answer})
    return change(ports, scope, campaign, _again)


def check_passage(ports: Ports, scope: Scope, name: str) -> None:
    """Raises Rejected unless the knowledge base has it."""
    try:
        quoted = knowledge.quoted(ports, scope, citation_of(name))
    except ValueError:
        raise Rejected(FieldError("passage", "must be passage:<document>:<version>:<passage>")) from None
    if quoted is None:
        raise Rejected(FieldError("passage", "there is no such passage, or its document was deleted"))


def _rephrase(ports: Ports, scope: Scope, found: Campaign, by: str, request: ClaimRequest) -> Campaign:
    wish = f"{REPHRASE}{request.sentence}" + (f" ({request.comment})" if request.comment else "")
    asked = ApprovalRequest(decision="changes", digest=found.digest or "", comment=wish)
    return decide(ports, scope, found.id, by, asked)


def _again(found: Campaign) -> None:
    found.recheck = True
    found.proceed("awaiting_approval", "generating")
