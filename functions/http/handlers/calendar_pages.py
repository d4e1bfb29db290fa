"""The page of the calendar, and the forms on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.access.upload import filled_in, uploaded
from shared.agents import calendar
from shared.agents.calendar import feeds
from shared.domain.calendar import Entry
from shared.domain.calendar_feed import FeedRequest
from shared.domain.faults import Conflict, FieldError, Missing, Rejected, Unavailable
from shared.web.calendar import LABELS, entry_of_form, listed
from shared.web.fields import filled, labelled


def page(call: Call) -> Answer[str]:
    """When nothing leaves in the year to come, who says so, and what can be entered."""
    return _page(call)


def enter(call: Call) -> Answer[str]:
    """Enter what was filled in; what is wrong is said above it, and nothing of it is lost."""

    def act() -> None:
        entry = Entry.model_validate(entry_of_form(call.form, ZoneInfo(call.ports.timezone)))
        calendar.enter(call.ports, call.scope, call.principal, entry)

    return _done(call, call.form, act)


def subscribe(call: Call) -> Answer[str]:
    """Keep to a published calendar."""

    def act() -> None:
        asked = FeedRequest.model_validate({"name": call.form.get("name", ""), "url": call.form.get("url", "")})
        feeds.subscribe(call.ports, call.scope, call.principal, asked)

    return _done(call, call.form, act)


def bring_in(call: Call, body: bytes) -> Answer[str]:
    """Keep to what a file says."""
    kind = call.headers.get("content-type", "")
    form = filled_in(body, kind)

    def act() -> None:
        file = uploaded(body, kind, "file")
        name = form.get("name", "").strip() or file.name.rpartition("/")[2].rpartition("\\")[2]
        feeds.bring_in(call.ports, call.scope, call.principal, name[:200] or "A file", file.data)

    return _done(call, form, act)


def remove(call: Call) -> Answer[str]:
    """Take out an entry, or keep to another calendar no longer."""
    form = filled(call.form)

    def act() -> None:
        if "feed" in form:
            feeds.remove(call.ports, call.scope, call.principal, form["feed"])
        else:
            calendar.remove(call.ports, call.scope, call.principal, form.get("entry", ""))

    return _done(call, {}, act)


def _done(call: Call, form: Mapping[str, str], act: Callable[[], None]) -> Answer[str]:
    try:
        act()
    except ValidationError as error:
        return _refused(call, form, rejected(error, "form").errors, 400)
    except Rejected as wrong:
        return _refused(call, form, wrong.errors, 400)
    except (Conflict, Missing) as other:
        return _refused(call, form, [other.error], 409)
    except Unavailable as fault:
        return _refused(call, form, [FieldError("calendar", str(fault))], 503)
    return see("/calendar")


def _refused(
    call: Call, form: Mapping[str, str], errors: list[FieldError] | tuple[FieldError, ...], status: int
) -> Answer[str]:
    return replace(_page(call, form, labelled(errors, LABELS)), status=status)


def _page(call: Call, form: Mapping[str, str] | None = None, errors: list[str] | None = None) -> Answer[str]:
    view = calendar.view(call.ports, call.scope, None, None)
    zone = ZoneInfo(call.ports.timezone)
    return html(
        call,
        "calendar",
        here="calendar",
        view=view,
        rows=listed(view.stretches, zone),
        form=form or {},
        errors=errors or [],
    )
