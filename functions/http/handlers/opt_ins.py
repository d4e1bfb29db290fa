"""Double opt-in: asking over the API, answering by the link in the mail."""

from __future__ import annotations

from functions.flows import opt_in_flow
from functions.http.handlers.links import HTML, link_of, nowhere, trace
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.contacts import opt_in
from shared.domain.opt_in import Asked, ListedOptIn, OptIn, OptInRequest, OptInState
from shared.web.opt_in import answer_page, ask_page


def ask(call: Call, body: OptInRequest) -> Answer[OptIn]:
    """Have a contact confirm by e-mail that they want messages; at most once a week."""
    made = opt_in.ask(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(made, status=202, start=[opt_in_flow(call.scope, made.asking)])


def ask_pending(call: Call, body: OptInRequest) -> Answer[Asked]:
    """The same for a hundred of those whose consent is to be confirmed; `?cursor=` goes on."""
    cursor, asking = call.query.get("cursor") or None, opt_in.new_asking()
    made = opt_in.ask_pending(call.ports, call.scope, call.principal, body, asking, cursor)
    return Answer(made, status=202, start=[opt_in_flow(call.scope, asking)] if made.asked else ())


class OptInsQuery(Paging):
    """Those in this state; without it, all."""

    state: OptInState | None = None


def listing(call: Call, query: OptInsQuery) -> Answer[Listing[ListedOptIn]]:
    """Who was asked to confirm, and what came of the mail; `?state=unknown`: nobody can tell whether it left."""
    items, cursor = opt_in.listing(call.ports, call.scope, query.limit, query.cursor, query.state)
    return Answer(Listing(items=items, cursor=cursor))


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
        made = opt_in.renew(call.ports, link)
        start = [opt_in_flow(link.scope, made.asking)] if made else ()
        return Answer(answer_page("asked_again", language), content_type=HTML, start=start)
    said = opt_in.confirm(call.ports, link, trace(call)._replace(token=call.path["token"]))
    return Answer(answer_page(said or known[1], language), content_type=HTML)
