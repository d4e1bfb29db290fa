"""Everything that waits for a person: breaches of data and reviews that people asked for, what budgets stopped,
webhooks that were turned off, proposals, invoices, campaigns, pieces; and the decision about what is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from urllib.parse import urlsplit

from pydantic import ValidationError

from shared.agents import pieces
from shared.agents.books import doubts
from shared.agents.budget.stops import Question, answer_stop, open_stops
from shared.agents.campaigns.control import decide as decide_campaign
from shared.agents.campaigns.inbox import waiting as waiting_campaigns
from shared.agents.events.subscriptions import turned_off
from shared.agents.privacy import inbox as by_law
from shared.agents.propose import contract_answers, contract_sending, sending
from shared.agents.records import load
from shared.domain.approval import Approval, ApprovalRequest
from shared.domain.breach import Breach
from shared.domain.campaign import Campaign
from shared.domain.contract import Contract
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.figures import people
from shared.domain.inbox import About, Asked, Decided, Decision
from shared.domain.invoice import Invoice
from shared.domain.names import Kind
from shared.domain.piece import Piece, PieceDecision, question_of
from shared.domain.proposal import Proposal
from shared.domain.review import Review
from shared.domain.scope import Scope
from shared.domain.subscription import Webhook
from shared.ports import Ports

Decidable = Campaign | Piece | Review | Breach | Proposal | Contract | Invoice
_KINDS: Mapping[type, About] = {
    Campaign: "campaign",
    Piece: "piece",
    Review: "review",
    Breach: "breach",
    Proposal: "proposal",
    Invoice: "invoice",
    Contract: "contract",
}

_SUBJECTS: Mapping[About, Kind] = {
    "piece": Kind.PIECE,
    "campaign": Kind.CAMPAIGN,
    "proposal": Kind.PROPOSAL,
    "invoice": Kind.INVOICE,
    "contract": Kind.CONTRACT,
    "webhook": Kind.WEBHOOK,
}


def waiting(ports: Ports, scope: Scope, limit: int, cursor: str | None = None) -> tuple[list[Asked], str | None]:
    """One page: first what has a date by law, what budgets have stopped and webhooks that Baton turned off, then
    campaigns, then pieces, each oldest first. Raises Rejected for a wrong cursor."""
    part, _, inner = (cursor or "campaign.").partition(".")
    if part not in ("campaign", "piece"):
        raise Rejected(FieldError("cursor", "it is not one that this list gave out"))
    items = [] if cursor else [*_at_once(ports, scope)]
    if part == "campaign":
        asked, following = waiting_campaigns(ports, scope, limit, inner or None)
        items += [_of_campaign(each, load(ports, scope, each.subject)) for each in asked]
        if following:
            return items, f"campaign.{following}"
        inner = ""
    found, following = pieces.undecided(ports, scope, limit, inner or None)
    return [*items, *map(_of_piece, found)], f"piece.{following}" if following else None


def about(ports: Ports, scope: Scope, subject: str, decision: Decision) -> About | None:
    """What this would answer: by its word what has words of its own, else by whose id it is; None if nobody's."""
    if decision.decision in ("wait", "local", "raise"):
        return "budget"
    if law := by_law.about(decision):
        return law
    return next((each for each, kind in _SUBJECTS.items() if ports.documents.get(scope, kind, subject)), None)


def decide(ports: Ports, scope: Scope, subject: str, by: str, decision: Decision) -> Decidable:
    """Answer the question that waits about this; the caller wakes its flow, and after an answer about a budget all that
    wait for money. Raises Missing, Conflict as the deciders of each do."""
    kind = about(ports, scope, subject, decision)
    if kind == "budget":
        return answer_stop(ports, scope, by, subject, decision)
    if kind in ("review", "breach"):
        return by_law.decide(ports, scope, subject, by, decision)
    if kind == "proposal":
        return sending.decide(ports, scope, subject, by, decision.decision, decision.digest, decision.comment)
    if kind == "invoice":
        return doubts.answer(ports, scope, by, subject, decision)
    if kind == "contract":
        return contract_sending.decide(ports, scope, subject, by, decision.decision, decision.digest, decision.comment)
    if kind == "webhook":
        raise Conflict("decision", "a webhook is turned on or left off where it is kept: /webhooks, baton webhook")
    if kind is None:
        raise Missing("approval", subject)
    said = {"decision": decision.decision, "digest": decision.digest}
    try:
        if kind == "piece":
            return pieces.decide(ports, scope, subject, by, PieceDecision.model_validate(said))
        request = ApprovalRequest.model_validate({**said, "comment": decision.comment})
        return decide_campaign(ports, scope, subject, by, request)
    except ValidationError as error:
        first = error.errors()[0]
        raise Conflict(str(first["loc"][0]), str(first["msg"])) from None


def decided(found: Decidable) -> Decided:
    """What became of it."""
    return Decided(subject=found.id, kind=_KINDS[type(found)], status=found.status)


def blocked(found: Piece) -> Iterable[str]:
    """Its texts that cannot be approved as they are."""
    return [text.id for text in found.texts if text.blocked]


def _at_once(ports: Ports, scope: Scope) -> Iterator[Asked]:
    yield from by_law.waiting(ports, scope)
    yield from map(_of_stop, open_stops(ports, scope))
    yield from map(_of_webhook, turned_off(ports, scope))
    yield from (_of_proposal(*each) for each in sending.waiting(ports, scope))
    yield from doubts.waiting(ports, scope)
    yield from (_of_contract(*each) for each in contract_sending.waiting(ports, scope))
    yield from contract_answers.waiting(ports, scope)


def _of_campaign(asked: Approval, campaign: Campaign) -> Asked:
    question = f"Approve version {asked.version} for {people(asked.sealed['people'])}?"
    return Asked(
        **asked.model_dump(), kind="campaign", name=campaign.name, question=question,
        answers=["approve", "changes", "reject"],
    )  # fmt: skip


def _of_piece(piece: Piece) -> Asked:
    plan = piece.status == "awaiting_plan"
    texts = f"{len(piece.texts)} text{'s' * (len(piece.texts) != 1)}"
    return Asked(
        subject=piece.id, version=piece.turn, digest=question_of(piece) or "", kind="piece", name=piece.request.name,
        sealed={"piece": piece.id, "plan" if plan else "texts": True if plan else [each.id for each in piece.texts]},
        asked_at=piece.asked_at or piece.created_at,
        question="Write it by this plan?" if plan else f"Approve {texts}?",
        answers=["confirm"] if plan else ["reject"] if blocked(piece) else ["approve", "reject"],
    )  # fmt: skip


def _of_stop(found: Question) -> Asked:
    stop = found.stop
    return Asked(
        subject=found.subject, version=1, digest=stop.digest, kind="budget", name=found.name,
        sealed={"account": stop.account, "what": stop.what}, asked_at=stop.at, question=f"{stop.reason}.",
        answers=["wait", "local", "raise"],
    )  # fmt: skip


def _of_proposal(found: Proposal, asked: Approval) -> Asked:
    return Asked(
        **asked.model_dump(), kind="proposal", name=found.title,
        question=f"Send version {asked.version} to the client?",
        answers=["approve", "changes", "reject"],
    )  # fmt: skip


def _of_contract(found: Contract, asked: Approval) -> Asked:
    return Asked(
        **asked.model_dump(), kind="contract", name=found.title,
        question=f"Send version {asked.version} to the client, to be signed?",
        answers=["approve", "changes", "reject"],
    )  # fmt: skip


def _of_webhook(hook: Webhook) -> Asked:
    at = hook.disabled_at or hook.created_at
    return Asked(
        subject=hook.id, version=1, digest=sha256(f"{hook.id}|{at.isoformat()}".encode()).hexdigest(), kind="webhook",
        name=hook.description or urlsplit(hook.url).hostname or hook.id, sealed={"webhook": hook.id}, asked_at=at,
        question=f"It was turned off: {hook.disabled_because}. Is it to be on again?", answers=[],
    )  # fmt: skip
