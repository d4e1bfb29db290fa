"""What an agency's client sees of campaigns, their questions and their texts: nobody's data, no group that points at a
person, and nothing of what it costs the agency.

Fields are shown because they are named here; a field that a model gains later is not, until somebody names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from shared.domain.approval import Approval
from shared.domain.campaign import Campaign, CampaignRequest, Segment
from shared.domain.client_report import LEAST, OTHER, reasons
from shared.domain.draft import Draft
from shared.domain.forecast import Forecast, Group, warning
from shared.domain.piece import Piece

OF_CAMPAIGN = (
    "id", "name", "status", "status_before_pause", "created_at", "created_by", "version", "digest", "approved",
    "change_wish", "part_wish", "recheck", "audience", "holding_until", "paused", "cancelled", "resumed_at",
    "went_on_at", "shards", "distributions", "attempt", "opened_at", "first_due", "last_due", "final_at",
)  # fmt: skip
OF_REQUEST = (
    "name", "brief", "channels", "message", "purpose", "topic", "sender", "window", "approval", "undo_minutes",
    "variants", "holdout", "piece", "texts",
)  # fmt: skip
_NOT_SEALED = ("max_cost_micros", "enter")
"""Of what a seal covers: costs, and the conditions on people by which a journey takes them in."""
_HELD = "held."
Sealed = TypeVar("Sealed", bound=Approval)


def campaign(found: Campaign) -> Campaign:
    """Whom it is for is no more than how many; no limits, and no cost (None: not told)."""
    request = CampaignRequest.model_construct(**_kept(found.request, OF_REQUEST), segment=Segment.model_construct())
    reason = None if found.budget_stop else found.status_reason
    journey = found.journey.model_copy(update={"enter": {}}) if found.journey else None
    told: dict[str, Any] = {"request": request, "journey": journey, "status_reason": reason, "max_cost_micros": None}
    return Campaign.model_construct(**_kept(found, OF_CAMPAIGN), **told)


def asked(found: Sealed) -> Sealed:
    """A question without what it costs."""
    sealed = {name: value for name, value in found.sealed.items() if name not in _NOT_SEALED}
    return found.model_copy(update={"sealed": sealed})


def forecast(found: Forecast) -> Forecast:
    """No names; the reasons that fewer than five people share are one, and so is what is said of them."""
    held = reasons(found.held)
    groups = [each.model_copy(update={"names": []}) for each in found.groups if each.code in held.keys() - {OTHER}]
    if OTHER in held:
        groups.append(
            Group(code=OTHER, reason="of other reasons", count=held[OTHER], names=[], repair="The agency knows which.")
        )
    groups.sort(key=lambda each: -each.count)
    said = warning(found.people, found.gets, groups)
    slots = found.slots if found.gets >= LEAST else []
    return found.model_copy(update={"groups": groups, "warning": said, "cost_micros": 0, "slots": slots})


def tally(found: Mapping[str, int]) -> dict[str, int]:
    """How many are in each state; the reasons for holding that fewer than five people share are one."""
    states = {name: n for name, n in found.items() if not name.startswith(_HELD)}
    held = {name.removeprefix(_HELD): n for name, n in found.items() if name.startswith(_HELD)}
    return states | {f"{_HELD}{code}": n for code, n in reasons(held).items()}


def draft(found: Draft) -> Draft:
    """Without what writing it took."""
    return found.model_copy(update={"cost": {}})


def piece(found: Piece) -> Piece:
    """Without what planning and writing it took, and the budget that it waits for."""
    texts = [each.model_copy(update={"cost": {}}) for each in found.texts]
    reason = None if found.budget_stop else found.status_reason
    return found.model_copy(update={"cost": {}, "texts": texts, "budget_stop": None, "status_reason": reason})


def _kept(found: Campaign | CampaignRequest, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names}
