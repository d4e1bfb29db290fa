"""The form behind the link in a mail with questions. Following it decides nothing; what is sent is kept as it is."""

from __future__ import annotations

from functions.http.handlers.html import HTML
from functions.http.handlers.links import link_of, nowhere
from shared.access.call import Answer, Call
from shared.agents.deals import asking
from shared.agents.deals.asking import Seen
from shared.domain.deal import CLOSED
from shared.domain.faults import Conflict, Rejected
from shared.domain.links import Link
from shared.web.needs_form import questions_form, sentence_page, thanks_page
from shared.web.pages import POLICY

_QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Whoever has the link may answer: nothing hands the link on."""


def show(call: Call) -> Answer[str]:
    """The questions that are open, and what was answered, to whoever holds the link."""
    found = _opened(call)
    if found is None:
        return nowhere()
    link, seen = found
    if seen.over:
        return _page(sentence_page(seen.asking.language, "ended", "ended_says"), 410)
    until, closed = seen.asking.ends_at.date(), seen.deal.stage in CLOSED
    answered = asking.answered(call.ports, link.scope, seen)
    return _page(
        questions_form(
            seen.asking.language, seen.deal.name, seen.asking.note, seen.open, answered, until, closed
        )
    )  # fmt: skip


def answer(call: Call) -> Answer[str]:
    """Keep what whoever holds the link has written."""
    found = _opened(call)
    if found is None:
        return nowhere()
    link, seen = found
    language = seen.asking.language
    if seen.over:
        return _page(sentence_page(language, "ended", "ended_says"), 410)
    given = {name.removeprefix("q_"): text for name, text in call.form.items() if name.startswith("q_")}
    try:
        asking.answer(call.ports, link, seen, given, call.form.get("more", ""))
    except Rejected:
        return _page(sentence_page(language, "nothing", "write"), 400)
    except Conflict:
        return _page(sentence_page(language, "full", "full_says"), 409)
    now = asking.opened(call.ports, link) or seen
    return _page(thanks_page(language, len(now.open)))


def _opened(call: Call) -> tuple[Link, Seen] | None:
    link = link_of(call, asking.PURPOSE)
    seen = asking.opened(call.ports, link) if link else None
    return (link, seen) if link and seen else None


def _page(content: str, status: int = 200) -> Answer[str]:
    return Answer(content, status=status, content_type=HTML, headers=_QUIET)
