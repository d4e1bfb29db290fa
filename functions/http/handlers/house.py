"""Who a workspace writes as, over HTTP; test mails; and the page on which a workspace is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from functions.http.readiness import look
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import campaigns, house, workspaces
from shared.agents.campaigns.sample import sample
from shared.agents.distribute.alone import send_trial
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.house import DraftTrialRequest, House, Trial, TrialRequest
from shared.render.process_notice import notice
from shared.web.fields import labelled
from shared.wiring import model_urls

_LABELS = {"sender.name": "Name", "sender.address": "E-mail address", "sender.postal_address": "Postal address"}
_TEXT = "This mail was sent from Baton to see whether mail leaves. It does.\n\nNobody else got it."


def show(call: Call) -> Answer[House]:
    """Who new campaigns come from unless they say otherwise."""
    return Answer(house.read(call.ports, call.scope))


def change(call: Call, body: House) -> Answer[House]:
    """Say who writes here. Campaigns that exist keep their own sender."""
    return Answer(house.write(call.ports, call.scope, call.principal, body))


def try_out(call: Call, body: TrialRequest) -> Answer[Trial]:
    """Send one test mail now. It has a row in the ledger and is part of no campaign."""
    return Answer(_try_out(call, body), status=201)


def try_draft(call: Call, body: DraftTrialRequest) -> Answer[Trial]:
    """Send one variant of a campaign's draft to yourself.

    As one of its readers would see it; its links lead nowhere. It has a row in the ledger of its own and is not on the
    campaign's certificate."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    if found.request.channels != ["email"]:
        raise Conflict("channels", "only mails can be tried out")
    rendered = campaigns.preview(call.ports, call.scope, found.id, body.variant, body.contact)
    tried = rendered._replace(subject=f"[Test] {rendered.subject}")
    made = send_trial(call.ports, call.scope, call.principal, found.request.sender, body.to, tried)
    return Answer(made, status=201)


def try_draft_form(call: Call) -> Answer[str]:
    """The same, from the campaign's page."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    given = {name: text for name, text in call.form.items() if text.strip()}
    try:
        body = DraftTrialRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = try_draft(call, body).body
    return see(f"/campaigns/{found.id}?variant={body.variant}&tried={made.state}#mail")


def page(call: Call) -> Answer[str]:
    """What this workspace is set up with, and what is missing, each with what mends it."""
    return _page(call)


def form(call: Call) -> Answer[str]:
    """The sender as it was filled in; what is wrong is said above it, and nothing of it is lost."""
    given = {"sender": {name: call.form.get(name, "") for name in ("name", "address", "postal_address")}}
    try:
        asked = House.model_validate(given)
    except ValidationError as error:
        wrong = labelled(rejected(error, "form").errors, _LABELS)
        return replace(_page(call, sender=given["sender"], errors=wrong), status=400)
    house.write(call.ports, call.scope, call.principal, asked)
    return see("/settings")


def try_form(call: Call) -> Answer[str]:
    """Send the test mail and say what became of it."""
    try:
        tried = _try_out(call, TrialRequest.model_validate({"to": call.form.get("to", "")}))
    except ValidationError as error:
        wrong = labelled(rejected(error, "form").errors, {"to": "To"})
        return replace(_page(call, trial_errors=wrong), status=400)
    except (Conflict, Rejected) as refused:
        return replace(_page(call, trial_errors=labelled(_errors(refused), {"to": "To"})), status=409)
    return _page(call, tried=tried)


def show_sample(call: Call) -> Answer[str]:
    """A campaign that is invented, so that one sees what comes of a brief."""
    request, rendered = sample(call.ports, call.scope)
    return html(call, "sample", here="campaigns", request=request, rendered=rendered)


def _errors(refused: Conflict | Rejected) -> list[FieldError]:
    return [refused.error] if isinstance(refused, Conflict) else list(refused.errors)


def _try_out(call: Call, body: TrialRequest) -> Trial:
    sender = house.read(call.ports, call.scope).sender
    if sender is None:
        raise Conflict("sender", "say first who writes here")
    rendered = notice(f"[Test] Mail from {sender.name} leaves", _TEXT, f"{sender.name}, {sender.postal_address}")
    return send_trial(call.ports, call.scope, call.principal, sender, body.to, rendered)


def _page(call: Call, sender: Mapping[str, str] | Sender | None = None, **shown: Any) -> Answer[str]:
    known = sender or house.read(call.ports, call.scope).sender or {"name": ""}
    values: dict[str, Any] = {"errors": [], "trial_errors": [], "tried": None, **shown}
    standing = workspaces.setup(call.ports, call.scope)
    return html(
        call,
        "settings",
        here="settings",
        sender=known if isinstance(known, Mapping) else known.model_dump(),
        checks=look(call.ports, call.scope, model_urls()),
        public_url=call.ports.public_url,
        needs=standing.needs,
        title=standing.workspace.name,
        simulated=not call.ports.relays,
        **values,
    )
