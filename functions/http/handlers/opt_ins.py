"""Double opt-in: asking over the API, answering by the link in the mail."""

from __future__ import annotations

from functions.http.handlers.links import HTML, link_of, nowhere, trace
from shared.access.call import Answer, Call
from shared.agents.contacts import opt_in
from shared.domain.opt_in import Asked, OptIn, OptInRequest
from shared.web.opt_in import answer_page, ask_page


def ask(call: Call, body: OptInRequest) -> Answer[OptIn]:
    """Have a contact confirm by e-mail that they want messages; at most once a week."""
    made = opt_in.ask(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(made, status=202)


def ask_pending(call: Call, body: OptInRequest) -> Answer[Asked]:
    """The same for a hundred of those whose consent is to be confirmed; `?cursor=` goes on."""
    cursor = call.query.get("cursor") or None
    return Answer(opt_in.ask_pending(call.ports, call.scope, call.principal, body, cursor), status=202)


def show(call: Call) -> Answer[str]:
    """What is asked and by whom; looking at it confirms nothing: scanners follow links (rule U2)."""
    link = link_of(call, "d")
    known = opt_in.standing(call.ports, link) if link else None
    if known is None:
        return nowhere()
    asked, answer = known
    page = ask_page(asked) if answer == "open" else answer_page(answer, asked.request.language)
    return Answer(page, content_type=HTML)


def confirm(call: Call) -> Answer[str]:
    """The button: confirm, or have a new link sent if this one has expired."""
    link = link_of(call, "d")
    known = opt_in.standing(call.ports, link) if link else None
    if link is None or known is None:
        return nowhere()
    language = known[0].request.language
    if known[1] == "expired":
        opt_in.renew(call.ports, link)
        return Answer(answer_page("asked_again", language), content_type=HTML)
    said = opt_in.confirm(call.ports, link, trace(call))
    return Answer(answer_page(said or known[1], language), content_type=HTML)
