"""The page of choices behind the link in each mail: no login; the token is the only key (rules U2, U3, U6)."""

from __future__ import annotations

import uuid

from functions.http.handlers.links import HTML, link_of, nowhere, trace
from shared.access.call import Answer, Call
from shared.agents.contacts import preferences
from shared.domain.choices import chosen
from shared.domain.links import Link
from shared.web.choices import choices_page


def show(call: Call) -> Answer[str]:
    """What the person gets now, to be changed; looking at it changes nothing."""
    link = link_of(call, "p")
    return _page(call, link) if link else nowhere()


def choose(call: Call) -> Answer[str]:
    """Do as the form says, at once, and show what holds now."""
    link = link_of(call, "p")
    if link is None:
        return nowhere()
    said = chosen(call.form)
    if call.form.get("do") == "stop":
        preferences.stop(call.ports, link, uuid.uuid4().hex, trace(call))
        return _page(call, link, "stopped")
    if said is None:
        return _page(call, link, "unchanged")
    shown = preferences.choices(call.ports, link, call.headers.get("accept-language"))
    preferences.choose(call.ports, link, said, shown, trace(call))
    return _page(call, link, "saved")


def _page(call: Call, link: Link, news: str | None = None) -> Answer[str]:
    now = preferences.choices(call.ports, link, call.headers.get("accept-language"))
    return Answer(choices_page(now, uuid.uuid4().hex, news), content_type=HTML)
