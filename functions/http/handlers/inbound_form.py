"""The form by which strangers write: a page that needs no script, and the same as JSON for systems."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from functions.http.handlers.links import HTML, link_of, nowhere
from shared.access.call import Answer, Call
from shared.access.limits import check_json
from shared.access.pace import address_of
from shared.access.problem import Refusal, rejected
from shared.agents import inbound
from shared.domain.inbound import TRAP, InboundRequest, Taken, Way
from shared.domain.links import Link
from shared.web.inbound_form import closed_page, form_page, taken_page
from shared.web.pages import POLICY
from shared.wiring import paces

_QUIET = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex"}
_FIELDS = ("name", "email", "company", "website", "phone", "message")


def show(call: Call) -> Answer[str]:
    """The form as strangers see it."""
    link = link_of(call, "f")
    door = inbound.opened(call.ports, link) if link else None
    if door is None:
        return _closed(link, call)
    return _page(form_page(door, {}))


def send(call: Call) -> Answer[str | Taken]:
    """What somebody wrote, from the form or as JSON. The same once more changes nothing."""
    link = link_of(call, "f")
    door = inbound.opened(call.ports, link) if link else None
    system = _is_json(call)
    if link is None or door is None:
        if system:
            raise Refusal(404, "not-found", "token", "there is no form here, or it is closed")
        gone = _closed(link, call)
        return Answer(gone.body, gone.status, gone.content_type, gone.headers)
    paces().admit_writer(address_of(call.headers.get("x-forwarded-for")), call.ports.clock.now())
    if system:
        return _of_system(call, link)
    form = call.form
    said: dict[str, Any] = {name: form.get(name, "") for name in _FIELDS} | {"consent": "consent" in form}
    try:
        asked = InboundRequest.model_validate(said)
    except ValidationError as error:
        shown = form_page(door, form, rejected(error, "form").errors)
        return Answer(shown, status=400, content_type=HTML, headers=_QUIET)
    arrived = _received(call, link, "form", asked, form.get(TRAP, ""))
    return Answer(taken_page(door, arrived.again, arrived.inbound.agreed == "asked"), content_type=HTML, headers=_QUIET)


def _of_system(call: Call, link: Link) -> Answer[str | Taken]:
    check_json(call.body)
    try:
        asked = InboundRequest.model_validate_json(call.body, strict=True)
    except ValidationError as error:
        raise rejected(error, "body") from None
    found, again = _received(call, link, "system", asked)
    state = "quarantined" if found.state in ("quarantined", "dropped") else "received"
    told = Taken(id=found.id, state=state, why=found.why, again=again)  # type: ignore[arg-type]
    return Answer(told, status=200 if again else 201)


def _received(call: Call, link: Link, way: Way, asked: InboundRequest, trap: str = "") -> inbound.Arrived:
    return inbound.receive(call.ports, link.scope, way, asked, trap)


def _is_json(call: Call) -> bool:
    return call.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _closed(link: Link | None, call: Call) -> Answer[str]:
    if link is None:
        return nowhere()
    return _page(closed_page(inbound.read(call.ports, link.scope)), 410)


def _page(content: str, status: int = 200) -> Answer[str]:
    return Answer(content, status=status, content_type=HTML, headers=_QUIET)
