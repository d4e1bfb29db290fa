"""The page behind a client's link to a contract. Following it signs nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.http.handlers.billing import stirred
from functions.http.handlers.contracts import pdf_answer
from functions.http.handlers.html import HTML
from functions.http.handlers.links import link_of, nowhere, trace
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents.propose import contract_paper, contract_reading, signing
from shared.agents.propose.signing import Seen
from shared.domain.contract import DeclineRequest, SignRequest
from shared.domain.contract_words import WORDS
from shared.domain.faults import Conflict
from shared.domain.links import Link
from shared.web.pages import POLICY
from shared.web.plain import plain_page

_QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Whoever has the link may sign: nothing hands the link on."""
Form = TypeVar("Form", bound=BaseModel)


def show(call: Call) -> Answer[str | bytes]:
    """The contract as the client reads it, as a page or (`?format=pdf`, `?format=sealed`) as PDF."""
    found = _opened(call)
    if found is None or found[1].over:
        gone = _over(found[1]) if found else nowhere()
        return Answer(gone.body, gone.status, gone.content_type, gone.headers)
    link, seen = found
    if (wanted := call.query.get("format", "")) in ("pdf", "sealed"):
        file = _sealed(call, link, seen) if wanted == "sealed" else _document(call, link, seen)
        return Answer(file.body, content_type=file.content_type, headers={**_QUIET, **file.headers})
    page = contract_reading.page(call.ports, link.scope, seen)
    return Answer(page, content_type=HTML, headers=_QUIET)


def respond(call: Call) -> Answer[str]:
    """The client signs or declines: exactly the document that the link is of."""
    found = _opened(call)
    if found is None:
        return nowhere()
    link, seen = found
    if seen.over:
        return _over(seen)
    words, did = WORDS[seen.content.language], call.form.get("do", "")
    try:
        if did == "decline":
            signing.decline(call.ports, link.scope, seen, _form(DeclineRequest, call))
        else:
            told = trace(call)
            origin = signing.Origin(told.ip or "", told.user_agent or "", token=call.path["token"])
            given = _form(SignRequest, call)
            signing.sign(call.ports, link.scope, seen.contract.id, link.shard, "client", given, origin)
    except Conflict as why:
        now = signing.opened(call.ports, link) or seen
        title = words["ended" if why.error.field == "workspace" else f"no_{did if did == 'decline' else 'sign'}"]
        return _plain(call, now, title, contract_reading.refusal(call.ports, now, why), 409, link)
    now = signing.opened(call.ports, link) or seen
    answer = _plain(call, now, words["thanks"], contract_reading.status(call.ports, now))
    flows = stirred(call.ports, link.scope) if now.contract.status == "signed" else []
    return replace(answer, start=flows, ring=[each.instance_id for each in flows])


def _opened(call: Call) -> tuple[Link, Seen] | None:
    link = link_of(call, "k")
    seen = signing.opened(call.ports, link) if link else None
    return (link, seen) if link and seen else None


def _document(call: Call, link: Link, seen: Seen) -> Answer[bytes]:
    return pdf_answer(contract_paper.pdf(call.ports, link.scope, seen.contract, seen.sending.version), "contract.pdf")


def _sealed(call: Call, link: Link, seen: Seen) -> Answer[bytes]:
    """Of an earlier version there is none. Raises Conflict."""
    if seen.newer:
        raise Conflict("contract", "another version was signed")
    return pdf_answer(contract_paper.sealed_pdf(call.ports, link.scope, seen.contract), "contract-sealed.pdf")


def _over(seen: Seen) -> Answer[str]:
    """Nothing of the contract is shown any more."""
    words = WORDS[seen.content.language]
    sentence = words["s_cancelled" if seen.standing == "cancelled" else "closed"]
    page = plain_page(words["ended"], sentence, language=seen.content.language)
    return Answer(page, status=410, content_type=HTML, headers=_QUIET)


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
    """A sentence, and the way to the version that counts, or back to the contract."""
    language, words = seen.content.language, WORDS[seen.content.language]
    leads = contract_reading.current_link(call.ports, link.scope, seen) if link else ""
    more = f'<p><a href="{leads or call.path["token"]}">{words["current" if leads else "contract"]}</a></p>\n'
    page = plain_page(title, sentence, language=language, content=more)
    return Answer(page, status=status, content_type=HTML, headers=_QUIET)
