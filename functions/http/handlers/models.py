"""Homes of models, which of them may be asked for what, and what was asked, over HTTP; and their page."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import doorbells
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents import asking
from shared.agents.campaigns.waiting_for import being_written
from shared.agents.replay import replay
from shared.domain.model_view import CallView, HomeView
from shared.domain.replay import Replay
from shared.domain.routing import ModelPolicy
from shared.web.models import of_form

LATEST = 20
"""Calls that the page shows."""


class CallsQuery(Paging):
    """`campaign`: those of one; `unrecorded`: only those of which one more may have been paid."""

    campaign: str | None = None
    unrecorded: bool = False


def listing(call: Call) -> Answer[Listing[HomeView]]:
    """Every home of models that is configured, what it is able to do, and how it does."""
    return Answer(Listing(items=asking.home_views(call.ports)))


def calls(call: Call, query: CallsQuery) -> Answer[Listing[CallView]]:
    """What models were asked, the newest first: by whom, why there, what it took; without what was said."""
    items, cursor = asking.calls(call.ports, call.scope, query.limit, query.cursor, query.campaign, query.unrecorded)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[ModelPolicy]:
    """Which models may be asked for what in this workspace; the defaults where nobody changed them."""
    return Answer(asking.read_policy(call.ports, call.scope))


def replace(call: Call, body: ModelPolicy) -> Answer[ModelPolicy]:
    """Put this policy in the place of the old; it holds from the next call on. What is left out is the default."""
    written = asking.write_policy(call.ports, call.scope, call.principal, body)
    return Answer(written, ring=_bells(call))


def replayed(call: Call) -> Answer[Replay]:
    """The campaign, piece or task of this id, replayed from its tape.

    Every call and decision, and where it would be different today. Nothing is asked, paid, written or sent. 409 where
    there is nothing to replay (yet)."""
    return Answer(replay(call.ports, call.scope, call.path["id"]))


def replay_page(call: Call) -> Answer[str]:
    """The same as a page: first what would be different, then every step."""
    return html(call, "replay", here="", found=replay(call.ports, call.scope, call.path["id"]))


def page(call: Call) -> Answer[str]:
    """The homes and how they do, the policy as a form, the latest calls."""
    policy, homes = asking.read_policy(call.ports, call.scope), asking.home_views(call.ports)
    latest, _ = asking.calls(call.ports, call.scope, LATEST, None)
    return html(call, "models", here="models", homes=homes, policy=policy, calls=latest)


def form(call: Call) -> Answer[str]:
    """The form as it was filled in."""
    try:
        given = of_form(call.form, asking.read_policy(call.ports, call.scope))
    except ValidationError as error:
        raise rejected(error, "form") from None
    asking.write_policy(call.ports, call.scope, call.principal, given)
    return see("/models", ring=_bells(call))


def _bells(call: Call) -> list[str]:
    """What waits for a model is asked again at once."""
    waiting = being_written(call.ports, call.scope)
    return [bell for each in waiting for bell in doorbells(call.scope, each)]
