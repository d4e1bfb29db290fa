"""The page behind a client's link to a proposal. Following it decides nothing."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.http.handlers.html import HTML
from functions.http.handlers.links import link_of, nowhere
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents.propose import client, reading
from shared.agents.propose.client import Seen
from shared.domain.faults import Conflict
from shared.domain.links import Link
from shared.domain.proposal import Acceptance, Refusal, Say
from shared.domain.proposal_words import WORDS
from shared.web.pages import POLICY
from shared.web.plain import plain_page

_QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Whoever has the link may answer: nothing hands the link on."""
Form = TypeVar("Form", bound=BaseModel)


def show(call: Call) -> Answer[str | bytes]:
    """The proposal as the client reads it, as a page or (`?format=pdf`) as PDF."""
    found = _opened(call)
    if found is None or found[1].over:
        gone = _over(call, found[1]) if found else nowhere()
        return Answer(gone.body, gone.status, gone.content_type, gone.headers)
    link, seen = found
    if call.query.get("format") == "pdf":
        content = reading.pdf(call.ports, link.scope, seen.proposal, seen.sending.version)
        named = {"Content-Disposition": 'inline; filename="proposal.pdf"'}
        return Answer(content, content_type="application/pdf", headers={**_QUIET, **named})
    return Answer(reading.page(call.ports, link.scope, seen), content_type=HTML, headers=_QUIET)


def respond(call: Call) -> Answer[str]:
    """The client accepts, declines, asks or offers a sum: about exactly the version that the link is of."""
    found = _opened(call)
    if found is None:
        return nowhere()
    link, seen = found
    if seen.over:
        return _over(call, seen)
    words, did = WORDS[seen.priced.content.language], call.form.get("do", "")
    try:
        if did == "accept":
            client.accept(call.ports, link, seen, _form(Acceptance, call))
        elif did == "decline":
            client.decline(call.ports, link, seen, _form(Refusal, call))
        else:
            late = client.say(call.ports, link, seen, _form(Say, call)).after_end
            return _plain(call, seen, words["thanks"], words["late_said" if late else "done_said"])
    except Conflict as why:
        now = client.opened(call.ports, link) or seen
        refused = "no_decline" if did == "decline" else "no_accept"
        title = words["ended" if why.error.field == "workspace" else refused]
        return _plain(call, now, title, reading.refusal(call.ports, now, why), 409, link)
    now = client.opened(call.ports, link) or seen
    return _plain(call, now, words["thanks"], reading.status(call.ports, now))


def _opened(call: Call) -> tuple[Link, Seen] | None:
    link = link_of(call, "q")
    seen = client.opened(call.ports, link) if link else None
    return (link, seen) if link and seen else None


def _over(call: Call, seen: Seen) -> Answer[str]:
    """Nothing of the proposal is shown any more."""
    words = WORDS[seen.priced.content.language]
    return _plain(call, seen, words["ended"], words["s_withdrawn" if seen.standing == "withdrawn" else "closed"], 410)


def _form(model: type[Form], call: Call) -> Form:
    """The fields that the model has. Raises Rejected."""
    given = {name: text for name, text in call.form.items() if name in model.model_fields}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None


def _plain(
    call: Call, seen: Seen, title: str, sentence: str, status: int = 200, link: Link | None = None
) -> Answer[str]:
    """A sentence, and the way to the version that counts."""
    language = seen.priced.content.language
    leads = reading.current_link(call.ports, link.scope, seen) if link else ""
    more = f'<p><a href="{leads}">{WORDS[language]["current"]}</a></p>\n' if leads else ""
    page = plain_page(title, sentence, language=language, content=more)
    return Answer(page, status=status, content_type=HTML, headers=_QUIET)
