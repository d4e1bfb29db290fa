"""The page of one person: what is known of them, what they agreed to, and by what that is proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import contacts
from shared.domain.evidence import METHODS, ConsentRequest
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.found import spoken
from shared.render.privacy import CHECKS, REQUESTERS
from shared.web.fields import labelled
from shared.web.person import BASES, BLANK, LABELS, consent_of_form


def show(call: Call) -> Answer[str]:
    """What is on record, newest evidence first, and a form for what they said otherwise."""
    return _page(call, {})


def record(call: Call) -> Answer[str]:
    """Record what they said; what is wrong is said above the form, and nothing of it is lost."""
    form = call.form
    try:
        contacts.record(call.ports, call.scope, call.path["id"], call.principal, _request(call, form))
    except Rejected as wrong:
        return replace(_page(call, form, wrong.errors), status=400)
    except Conflict as other:
        return replace(_page(call, form, [other.error]), status=409)
    return see(f"/contacts/{call.path['id']}")


def _request(call: Call, form: Mapping[str, str]) -> ConsentRequest:
    try:
        return ConsentRequest.model_validate(consent_of_form(form, ZoneInfo(call.ports.timezone)))
    except ValidationError as error:
        raise rejected(error, "What they said") from None


def _page(call: Call, form: Mapping[str, str], errors: Sequence[FieldError] = ()) -> Answer[str]:
    person = contacts.get_contact(call.ports, call.scope, call.path["id"])
    shown = {
        "person": person,
        "evidence": contacts.history(call.ports, call.scope, person.id)[::-1],
        "form": {**BLANK, **form},
        "errors": labelled(errors, LABELS),
        "bases": BASES,
        "methods": METHODS,
        "checks": CHECKS,
        "requesters": REQUESTERS,
        "spoken": spoken,
    }
    return html(call, "person", here="contacts", **shown)
