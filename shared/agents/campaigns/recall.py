"""Undo: take back what has not left, and write a correction to those whom it reached."""

from __future__ import annotations

from shared.agents.campaigns.accept import accept
from shared.agents.records import change, load, note
from shared.domain.campaign import ENDED, Campaign, CampaignRequest, Segment, Window
from shared.domain.faults import Conflict
from shared.domain.recall import CorrectionRequest, Recalled, RecallRequest, recalled
from shared.domain.scope import Scope
from shared.ports import Ports

_WRITTEN_ON = ("awaiting_approval", "generating")


def recall(ports: Ports, scope: Scope, campaign: str, by: str, request: RecallRequest) -> Recalled:
    """Stop whatever has not left. While it is held, that is everything; with a comment it is then written again and
    not lost. Raises Conflict if there is nothing to recall yet, or if a comment comes too late."""

    def take_back(found: Campaign) -> None:
        if _standing(found) in _WRITTEN_ON:
            raise Conflict("status", f"nothing was approved that could be recalled; the campaign is {found.status}")
        if request.comment:
            _write_again(found, request.comment)
        elif found.status not in ENDED:
            found.status, found.status_reason = "cancelled", f"recalled by {by}"
            found.cancelled, found.paused = True, False

    before = load(ports, scope, campaign)
    after = change(ports, scope, campaign, take_back)
    if after.status != before.status:
        note(ports, scope, campaign, by, "recalled", {"version": after.version, "again": bool(request.comment)})
    return _counted(ports, scope, after)


def correction(ports: Ports, scope: Scope, campaign: str, by: str, request: CorrectionRequest) -> Campaign:
    """A campaign of its own, to those only who got the first. The caller starts its flow.

    Raises Rejected if nobody got it, Conflict if the name is taken."""
    first = load(ports, scope, campaign).request
    brief = first.brief.model_copy(update={"goal": f"Put right: {first.brief.goal}", "offer": request.what})
    return accept(
        ports,
        scope,
        by,
        CampaignRequest(
            name=request.name or f"Correction: {first.name}",
            brief=brief,
            segment=Segment(received=campaign),
            channels=first.channels,
            sender=first.sender,
            window=request.window or Window(hours=first.window.hours),
            undo_minutes=first.undo_minutes,
        ),
    )


def _standing(found: Campaign) -> str | None:
    return found.status_before_pause if found.paused else found.status


def _write_again(found: Campaign, comment: str) -> None:
    if _standing(found) != "holding":
        raise Conflict("comment", f"only a held campaign can be written again; this one is {found.status}")
    found.status, found.change_wish = "generating", comment
    found.approved, found.holding_until = None, None
    found.paused, found.status_before_pause = False, None


def _counted(ports: Ports, scope: Scope, found: Campaign) -> Recalled:
    tally = ports.ledger.tally(scope, found.id) if found.shards else {"planned": found.audience}
    left = sum(tally.get(state, 0) for state in ("submitted", "accepted", "delivered", "unknown"))
    stopped = tally.get("planned", 0) + tally.get("held.cancelled", 0)
    return recalled(found.id, found.status, stopped, left, tally.get("intent", 0))
