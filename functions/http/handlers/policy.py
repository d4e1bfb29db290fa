"""A workspace's policy over HTTP, and its page."""

from __future__ import annotations

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import policy
from shared.domain.policy import Policy
from shared.web.policy import CAP_ROWS, CHANNELS, of_form


def show(call: Call) -> Answer[Policy]:
    """The rules that every message of this workspace keeps; the defaults where nobody changed them."""
    return Answer(policy.read(call.ports, call.scope))


def replace(call: Call, body: Policy) -> Answer[Policy]:
    """Put these rules in the place of the old; they hold from the next window on. What is left out is the default."""
    return Answer(policy.write(call.ports, call.scope, call.principal, body))


def page(call: Call) -> Answer[str]:
    """The rules as a form."""
    found = policy.read(call.ports, call.scope)
    return html(call, "policy", here="policy", policy=found, rows=CAP_ROWS, channels=CHANNELS)


def form(call: Call) -> Answer[str]:
    """The form as it was filled in."""
    try:
        given = Policy.model_validate(of_form(call.form, policy.read(call.ports, call.scope)))
    except ValidationError as error:
        raise rejected(error, "form") from None
    policy.write(call.ports, call.scope, call.principal, given)
    return see("/policy")
