"""Taking a campaign in: everything that can be wrong is said now, with its field, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import uuid_utils

from shared.agents import policy
from shared.agents.budget.campaigns import open_account
from shared.agents.calendar import ahead, leaves_nothing
from shared.agents.campaigns.audience import members
from shared.agents.campaigns.from_piece import piece_errors, texts_errors
from shared.agents.channels import refusals
from shared.agents.guardian import domains
from shared.agents.records import note
from shared.agents.scopes import register
from shared.domain.address import effect_key
from shared.domain.campaign import WHO, Campaign, CampaignRequest, JourneyMail, Segment, Window, sender_domain
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.policy import Policy
from shared.domain.position import LANES
from shared.domain.scope import Scope
from shared.domain.sender_domain import why_not
from shared.ports import CalendarUnavailable, Document, Ports, Stale
from shared.render.personal import template_errors

FURTHEST = timedelta(days=730)
"""How far ahead a window may begin; beyond it, it is a typing error."""


def accept(
    ports: Ports,
    scope: Scope,
    by: str,
    request: CampaignRequest,
    id: str | None = None,
    journey: JourneyMail | None = None,
) -> Campaign:
    """Check, claim the name, store. The caller starts the flow; should it die first, the sweep does. Under a given `id`
    it is made once: the second time the campaign is as it stands.

    Raises Rejected for what the request itself gets wrong, Conflict if the name is taken by another campaign."""
    if id and (made := ports.documents.get(scope, Kind.CAMPAIGN, id)):
        return Campaign.model_validate(made.body)
    check(ports, scope, request, journey)
    now = ports.clock.now()
    campaign = Campaign(
        id=id or str(uuid_utils.uuid7().hex),
        request=request,
        name=request.name,
        status="generating",
        created_at=now,
        created_by=by,
        journey=journey,
        shards=LANES * journey.rounds if journey else 0,
    )
    claimed = _claim_name(ports, scope, campaign)
    register(ports, scope)
    open_account(ports, scope, by, campaign)
    ports.documents.put(scope, Kind.CAMPAIGN, campaign.id, campaign.model_dump(mode="json"))
    _keep_name(ports, scope, campaign, claimed)
    note(ports, scope, campaign.id, by, "accepted", {"variants": request.variants})
    return campaign


def check(ports: Ports, scope: Scope, request: CampaignRequest, journey: JourneyMail | None = None) -> None:
    """Everything that can be wrong with it but its name. Raises Rejected."""
    now = ports.clock.now()
    when = list(_window_errors(request, now))
    errors = [*when, *_text_errors(request), *_channel_errors(ports, request)]
    errors += [] if journey or when else _calendar_errors(ports, scope, request.window, now)
    errors += _policy_errors(policy.read(ports, scope), request)
    errors = errors or [*_segment_errors(ports, scope, request, journey), *_domain_errors(ports, scope, request)]
    errors = errors or [*piece_errors(ports, scope, request), *texts_errors(ports, scope, request)]
    if errors:
        raise Rejected(*errors)


def _claim_name(ports: Ports, scope: Scope, campaign: Campaign) -> Document:
    """One campaign per name, for ever: a second start of the same campaign would mail its people twice."""
    slug, body = effect_key(scope, "", "name", "", campaign.name.casefold()), {"campaign": campaign.id}
    taken = ports.documents.get(scope, Kind.CAMPAIGN_NAME, slug)
    if taken and ports.documents.get(scope, Kind.CAMPAIGN, taken.body["campaign"]):
        raise _already_started(campaign, taken.body["campaign"])
    try:
        # A name without a campaign: its process died between the two writes, or is just about to do the second.
        return ports.documents.put(scope, Kind.CAMPAIGN_NAME, slug, body, taken.rev if taken else None)
    except Stale:
        return _claim_name(ports, scope, campaign)


def _keep_name(ports: Ports, scope: Scope, campaign: Campaign, claimed: Document) -> None:
    """Nobody can take the name any more; whoever took it while the campaign was not there yet has it."""
    try:
        ports.documents.put(scope, Kind.CAMPAIGN_NAME, claimed.id, claimed.body, claimed.rev)
    except Stale:
        ports.documents.delete(scope, Kind.CAMPAIGN, campaign.id)
        raise _already_started(campaign, "being made right now") from None


def _already_started(campaign: Campaign, other: str) -> Conflict:
    return Conflict("name", f"campaign {campaign.name!r} was already started; its id is {other}")


def too_far(window: Window, now: datetime) -> FieldError | None:
    """Does it begin so late that it is a typing error? The last days that there are have no end to be counted."""
    if window.start is None or window.start <= now + FURTHEST:
        return None
    return FieldError("window.start", f"it is more than {FURTHEST.days} days ahead; is the year right?")


def _window_errors(request: CampaignRequest, now: datetime) -> Iterator[FieldError]:
    window = request.window
    if far := too_far(window, now):
        yield far
    elif window.start and window.start + timedelta(days=window.days) <= now:
        yield FieldError("window.start", f"the window is in the past: it ended before {now:%Y-%m-%d %H:%M} UTC")


def _calendar_errors(ports: Ports, scope: Scope, window: Window, now: datetime) -> Iterator[FieldError]:
    """A calendar that cannot be read just now refuses nobody: it is read again before anything is planned."""
    start = max(window.start or now, now)
    with suppress(CalendarUnavailable):
        if why := leaves_nothing(ahead(ports, scope, window, start), window, start, ports.timezone):
            yield FieldError("window", why)


def _text_errors(request: CampaignRequest) -> Iterator[FieldError]:
    brief = request.brief
    yield from template_errors(brief.goal, "brief.goal")
    yield from template_errors(brief.offer, "brief.offer")
    yield from template_errors(brief.audience, "brief.audience")
    yield from template_errors(brief.call_to_action.text, "brief.call_to_action.text")
    yield from template_errors(request.sender.name, "sender.name")
    yield from template_errors(request.sender.postal_address, "sender.postal_address")
    for n, fact in enumerate(brief.facts):
        yield from template_errors(fact, f"brief.facts[{n}]")


def _channel_errors(ports: Ports, request: CampaignRequest) -> Iterator[FieldError]:
    known = refusals(ports)
    for n, name in enumerate(request.channels):
        if refusal := known[name]:
            yield FieldError(f"channels[{n}]", refusal)


def _policy_errors(rules: Policy, request: CampaignRequest) -> Iterator[FieldError]:
    """What the workspace's policy does not know: said now, rather than that everybody is held later."""
    if rules.purposes and request.purpose not in rules.purposes:
        yield FieldError("purpose", f"{request.purpose!r} is none of the policy's: {', '.join(rules.purposes)}")
    if rules.topics and request.topic is not None and request.topic not in rules.topics:
        yield FieldError("topic", f"{request.topic!r} is none of the policy's: {', '.join(rules.topics)}")
    domain = str(request.sender.address).rpartition("@")[2].lower()
    if rules.sender_domains and domain not in rules.sender_domains:
        listed = ", ".join(rules.sender_domains)
        yield FieldError("sender.address", f"{domain!r} is not a domain that the policy sends from: {listed}")


def _domain_errors(ports: Ports, scope: Scope, request: CampaignRequest) -> Iterator[FieldError]:
    """Rule C7: a domain that receivers would not trust is told what to mend before anybody writes a word. Where DNS
    does not answer just now, the messages wait for it."""
    if request.channels[0] != "email":
        return
    found = domains.applies(ports) and domains.current(ports, scope, sender_domain(request))
    if found and any(each.state == "fail" for each in found.findings):
        yield FieldError("sender.address", why_not(found))


def _segment_errors(
    ports: Ports, scope: Scope, request: CampaignRequest, journey: JourneyMail | None
) -> list[FieldError]:
    try:
        somebody = next(members(ports, scope, request.segment), None)
    except Rejected as rejected:
        return list(rejected.errors)
    except Missing:
        again = request.segment.again
        field, id = ("again.campaign", again.campaign) if again else ("received", request.segment.received)
        return [FieldError(f"segment.{field}", f"there is no campaign {id!r}")]
    if somebody is None and journey is None:
        return [FieldError("segment", _nobody(request.segment))]
    return []


def _nobody(segment: Segment) -> str:
    if segment.again:
        return f"of that campaign there is nobody among {WHO[segment.again.who]}"
    return "nobody has got that campaign" if segment.received else "it matches nobody in the address book"
