"""What the campaign before this one did: the one it was made of, else the last to the same people or of its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shared.agents.analyze.shown import shown
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.names import Kind
from shared.domain.report import Report
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports

_LOOKED_AT = 50
_REACHED = ("sending", "paused", "analyzing", "completed")
_AGAIN = re.compile(r"^Correction: |, again(?: \d+)?$")


class Earlier(NamedTuple):
    """A campaign of before, why just this one, its sums, and its report once that is final."""

    campaign: Campaign
    why: str
    tally: Mapping[str, int]
    report: Report | None


def earlier(ports: Ports, scope: Scope, campaign: Campaign) -> Earlier | None:
    """None if there is none among the 50 before it."""
    for body, why in (*_named(ports, scope, campaign.request), *_like(ports, scope, campaign)):
        found = Campaign.model_validate(body)
        report = shown(ports, scope, found) if found.status == "completed" else None
        return Earlier(found, why, ports.ledger.tally(scope, found.id), report)
    return None


def _named(ports: Ports, scope: Scope, request: CampaignRequest) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Those that its request names."""
    segment = request.segment
    asked = (
        (segment.received, "to those who got it"),
        (segment.again.campaign if segment.again else None, "whose people it chooses among"),
        (request.texts.campaign if request.texts else None, "whose words it uses again"),
    )
    for id, why in asked:
        if id and (document := ports.documents.get(scope, Kind.CAMPAIGN, id)):
            yield document.body, why


def _like(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The newest before it to the same segment, then the newest of its name."""
    before = Filter("created_at", "lt", campaign.model_dump(mode="json")["created_at"])
    newest = Order("created_at", descending=True)
    page = ports.documents.find(scope, Kind.CAMPAIGN, [before], newest, _LOOKED_AT)
    sent = [each.body for each in page.documents if _was_sent(each.body)]
    segment, name = campaign.request.segment.model_dump(mode="json"), _base(campaign.name)
    yield from ((body, "to the same people") for body in sent if body["request"]["segment"] == segment)
    yield from ((body, "of this name") for body in sent if _base(body["name"]) == name)


def _was_sent(body: Mapping[str, Any]) -> bool:
    """To its audience: a mail of a journey goes to each in their own time, and says nothing of a "last time"."""
    return body["status"] in _REACHED and bool(body["shards"]) and not body.get("journey")


def _base(name: str) -> str:
    return _AGAIN.sub("", name).strip().lower()
