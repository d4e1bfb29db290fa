"""Use again: a campaign's words in a new draft, with a new window and a choice among its people."""

from __future__ import annotations

from shared.agents import policy
from shared.agents.campaigns.accept import accept, check
from shared.agents.records import load
from shared.agents.schedule.forecast import counted
from shared.domain.campaign import Again, Campaign, CampaignRequest, Segment, TextsRef, Window, sender_domain
from shared.domain.copy import CopyRequest, Trial, trial
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports


def copy(ports: Ports, scope: Scope, campaign: str, by: str, asked: CopyRequest) -> Campaign:
    """A campaign of its own, which waits for approval even if the first asked for none: that was said of the first
    alone. The caller starts its flow.

    Raises Rejected if nobody is left, Conflict if there are no words yet or the name is taken."""
    return accept(ports, scope, by, _request(ports, scope, campaign, asked))


def tried(ports: Ports, scope: Scope, campaign: str, by: str, asked: CopyRequest) -> Trial:
    """What the copy would be; nothing is made. Raises as `copy` does."""
    request = _request(ports, scope, campaign, asked)
    check(ports, scope, request)
    now = ports.clock.now()
    made = Campaign(id="trial", request=request, name=request.name, status="generating", created_at=now, created_by=by)
    rules = policy.standing(ports, scope, sender_domain(request)).policy
    return trial(request, counted(ports, scope, made), rules.caps if rules else ())


def _request(ports: Ports, scope: Scope, campaign: str, asked: CopyRequest) -> CampaignRequest:
    found = load(ports, scope, campaign)
    if not found.version:
        raise Conflict("status", f"there is nothing to use again yet; the campaign is {found.status}")
    if asked.audience != "same" and not found.shards:
        raise Conflict("audience", "nobody was written to yet, so there is only the same audience")
    first = found.request
    if asked.audience != "same" and first.segment.own:
        raise Conflict("audience", "it went to a place of your own, so there are no people to choose among")
    segment = first.segment if asked.audience == "same" else Segment(again=Again(campaign=campaign, who=asked.audience))
    return first.model_copy(
        update={
            "name": asked.name or _free_name(ports, scope, first.name),
            "segment": segment,
            "window": asked.window or Window(days=first.window.days, hours=first.window.hours),
            "approval": "required",
            "piece": None,
            "texts": TextsRef(campaign=campaign, version=found.version),
        }
    )


def _free_name(ports: Ports, scope: Scope, name: str) -> str:
    """Spring, again; Spring, again 2."""
    base, n = f"{name[:180]}, again", 1
    while ports.documents.find(scope, Kind.CAMPAIGN, [Filter("name", "eq", _numbered(base, n))], limit=1).documents:
        n += 1
    return _numbered(base, n)


def _numbered(base: str, n: int) -> str:
    return base if n == 1 else f"{base} {n}"
