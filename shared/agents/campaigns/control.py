"""What people decide about a campaign: approve, pause, resume, cancel. The document decides; the caller rings the
doorbell afterwards (design 4.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.agents.campaigns.inquire import drafts, unsupported
from shared.agents.records import change, load, note
from shared.domain.approval import Approval, ApprovalRequest
from shared.domain.campaign import ENDED, Campaign
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.seal import difference
from shared.ports import Ports, Stale


def decide(ports: Ports, scope: Scope, campaign: str, by: str, request: ApprovalRequest) -> Campaign:
    """Record a decision about exactly the sealed version. Raises Conflict, with the difference, on any other digest
    and when there is nothing to decide; deciding the same again is the same answer."""
    found = load(ports, scope, campaign)
    document = ports.documents.get(scope, Kind.APPROVAL, f"{campaign}-{found.version}")
    if document is None:
        raise Conflict("decision", f"there is nothing to approve yet; the campaign is {found.status}")
    asked = Approval.model_validate(document.body)
    if asked.digest != request.digest:
        raise _stale_digest(ports, scope, found, asked, request.digest)
    if asked.decision == request.decision:
        return found
    if asked.decision or found.status != "awaiting_approval":
        said = f"it was already decided: {asked.decision}" if asked.decision else f"the campaign is {found.status}"
        raise Conflict("decision", said)
    if request.decision == "approve":
        _check_drafts(ports, scope, found)
    asked.decision, asked.comment, asked.by, asked.at = request.decision, request.comment, by, ports.clock.now()
    try:
        ports.documents.put(scope, Kind.APPROVAL, document.id, asked.model_dump(mode="json"), document.rev)
    except Stale:
        return decide(ports, scope, campaign, by, request)
    note(ports, scope, campaign, by, request.decision, {"digest": asked.digest, "version": asked.version})
    return follow(ports, scope, asked)


def _check_drafts(ports: Ports, scope: Scope, campaign: Campaign) -> None:
    """What was written may have lost its ground since: a document that it cites was deleted. Raises Conflict."""
    if unsaid := unsupported(ports, scope, campaign.id):
        raise Conflict("decision", f"nobody has said {unsaid[0]!r}; confirm it, cite a source or have it rephrased")
    for draft in drafts(ports, scope, campaign.id):
        for finding in draft.findings:
            if finding.severity == "error":
                raise Conflict("decision", f"variant {draft.variant} cannot be approved: {finding.reason}")


def follow(ports: Ports, scope: Scope, decided: Approval) -> Campaign:
    """Carry a recorded decision into the campaign; the flow repeats it, should the decider have died in between."""

    def carry(present: Campaign) -> None:
        if present.status != "awaiting_approval" or present.digest != decided.digest:
            return
        match decided.decision:
            case "approve":
                _approved(present, decided)
            case "changes":
                present.change_wish = decided.comment or "Please write it differently."
                present.status = "generating"
            case "reject":
                present.cancelled, present.status, present.status_reason = True, "cancelled", "the approver rejected it"

    return change(ports, scope, decided.subject, carry)


def _approved(present: Campaign, decided: Approval) -> None:
    present.approved = decided.digest
    if present.request.approval == "required" and decided.at:
        present.status, present.holding_until = "holding", decided.at + timedelta(minutes=present.request.undo_minutes)


def pause(ports: Ports, scope: Scope, campaign: str, by: str) -> Campaign:
    """Nothing leaves any more from the next window on (≤ 100 messages a sender). Raises Conflict once it has ended."""

    def stop(found: Campaign) -> None:
        _still_on(found)
        if not found.paused:
            found.status_before_pause, found.status, found.paused = found.status, "paused", True

    paused = change(ports, scope, campaign, stop)
    note(ports, scope, campaign, by, "paused", {})
    return paused


def resume(ports: Ports, scope: Scope, campaign: str, by: str) -> Campaign:
    """Go on with exactly the remainder, also after a missed window or when the flow itself broke: whoever has got it
    has a row in the ledger. The caller starts the flow. Raises Conflict if it was not stopped."""
    now = ports.clock.now()

    def go_on(found: Campaign) -> None:
        if found.status not in ("paused", "missed", "failed"):
            said = f"only a paused, missed or failed campaign can be resumed; this one is {found.status}"
            raise Conflict("status", said)
        if found.status == "failed":
            _begin_anew(found, now)
        else:
            before = found.status_before_pause if found.paused else "scheduled"
            found.status = "scheduled" if before in (None, "missed") else before
        found.paused, found.status_before_pause, found.status_reason = False, None, None
        found.resumed_at = found.went_on_at = now

    resumed = change(ports, scope, campaign, go_on)
    note(ports, scope, campaign, by, "resumed", {"attempt": resumed.attempt} if resumed.attempt > 1 else {})
    return resumed


def _begin_anew(found: Campaign, now: datetime) -> None:
    """A flow of its own, under numbers that no sender had yet; it finds what the failed one has written and planned."""
    found.attempt += 1 + max(found.again.values(), default=0)
    found.again = {}
    if found.approved is not None and found.approved == found.digest:
        found.status = "holding" if found.holding_until and now < found.holding_until else "scheduled"
    else:
        asked = found.digest is not None and found.change_wish is None
        found.status = "awaiting_approval" if asked else "generating"


def cancel(ports: Ports, scope: Scope, campaign: str, by: str) -> Campaign:
    """Everyone who has not got it will not get it. Raises Conflict once the campaign has ended otherwise."""

    def end(found: Campaign) -> None:
        if found.status == "cancelled":
            return
        _still_on(found)
        found.status, found.status_reason, found.cancelled, found.paused = "cancelled", None, True, False

    cancelled = change(ports, scope, campaign, end)
    note(ports, scope, campaign, by, "cancelled", {})
    return cancelled


def fail(ports: Ports, scope: Scope, campaign: str, reason: str, attempt: int = 1) -> Campaign:
    """The flow of this attempt broke: say so on the document. A campaign that has ended, or that went on under the next
    attempt, stays as it is."""

    def end(found: Campaign) -> None:
        if found.status not in ENDED and found.attempt == attempt:
            found.status, found.status_reason, found.paused = "failed", reason, False

    return change(ports, scope, campaign, end)


def _still_on(found: Campaign) -> None:
    if found.status in ENDED:
        raise Conflict("status", f"the campaign is {found.status}; nothing of it is left to stop")


def _stale_digest(ports: Ports, scope: Scope, found: Campaign, asked: Approval, sent: str) -> Conflict:
    """Which sealed parts differ between the version that was looked at and the one that stands now. Whoever looked at
    none is not told what to send."""
    for version in range(found.version - 1, 0, -1):
        old = ports.documents.get(scope, Kind.APPROVAL, f"{found.id}-{version}")
        if old and old.body["digest"] == sent:
            changed = difference(old.body["sealed"], asked.sealed)
            return Conflict("digest", f"that is version {version}; version {asked.version} stands now", changed)
    return Conflict("digest", f"no version has this digest; version {asked.version} stands now")
