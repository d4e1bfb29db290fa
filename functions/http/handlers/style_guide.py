"""A workspace's style guide over HTTP, and its page."""

from __future__ import annotations

from pydantic import ValidationError

from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import style_guide
from shared.domain.style_guide import StyleGuide, with_voice
from shared.domain.voice import Heard, Mails, heard
from shared.web.style_guide import of_form, rows_of


def show(call: Call) -> Answer[StyleGuide]:
    """The words to avoid, the form of address, the spelling of names; empty where nobody wrote any."""
    return Answer(style_guide.read(call.ports, call.scope))


def replace(call: Call, body: StyleGuide) -> Answer[StyleGuide]:
    """Put this guide in the place of the old; what is written from now on keeps it."""
    return Answer(style_guide.write(call.ports, call.scope, call.principal, body))


def learn(call: Call, body: Mails) -> Answer[Heard]:
    """What three mails or more show of how the house writes, with what each finding rests on.

    Nothing is kept: what you agree with, PUT into the style guide."""
    return Answer(heard(body.mails))


def page(call: Call) -> Answer[str]:
    """The guide as a form."""
    guide = style_guide.read(call.ports, call.scope)
    return html(call, "style_guide", here="pieces", guide=guide, avoid=rows_of(guide), because={}, mails=[""] * 3)


def form(call: Call) -> Answer[str]:
    """The form as it was filled in."""
    try:
        given = StyleGuide.model_validate(of_form(call.form))
    except ValidationError as error:
        raise rejected(error, "form") from None
    style_guide.write(call.ports, call.scope, call.principal, given)
    return see("/style-guide")


def learn_form(call: Call) -> Answer[str]:
    """The form filled in with what the pasted mails show; nothing is kept before it is saved."""
    pasted = [call.form.get(f"mail{n}", "") for n in range(3)]
    try:
        found = heard(Mails(mails=pasted).mails)
    except ValidationError as error:
        raise rejected(error, "form") from None
    guide = with_voice(style_guide.read(call.ports, call.scope), found)
    return html(
        call, "style_guide", here="pieces", guide=guide, avoid=rows_of(guide), because=found.because, mails=pasted
    )
