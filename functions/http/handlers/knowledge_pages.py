"""The pages of the knowledge base, and their forms."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from functions.http.handlers.html import html, see
from functions.http.handlers.knowledge import PASSAGES_A_PAGE, PassagesQuery, file_of, page_of, text_of
from shared.access.call import Answer, Call, Paging
from shared.access.problem import rejected
from shared.access.upload import filled_in, uploaded
from shared.agents import knowledge
from shared.domain.knowledge import Description, WrittenText

Said = TypeVar("Said", bound=BaseModel)
SHOWN = 10


class OverviewQuery(Paging):
    """What is searched for; nothing shows the documents."""

    q: Annotated[str, Field(max_length=2_000)] = ""


class DocumentQuery(PassagesQuery):
    """Which version, and from where."""

    limit: Annotated[int, Field(ge=1, le=100)] = PASSAGES_A_PAGE


def overview(call: Call, query: OverviewQuery) -> Answer[str]:
    """Search; all documents; bring one in."""
    asked = query.q.strip()
    hits = knowledge.search(call.ports, call.scope, asked, SHOWN) if asked else []
    documents, cursor = knowledge.listing(call.ports, call.scope, query.limit, query.cursor)
    shown = {"question": asked, "hits": hits, "documents": documents, "cursor": cursor}
    return html(call, "knowledge", here="knowledge", **shown)


def document(call: Call, query: DocumentQuery) -> Answer[str]:
    """One document: what is known of it, its versions, its text in passages."""
    found = knowledge.get(call.ports, call.scope, call.path["id"])
    whole = knowledge.passages(call.ports, call.scope, found.id, query.version)
    items, cursor = page_of(whole, query.cursor, query.limit)
    version = next((each for each in found.versions if each.version == query.version), found.current)
    shown = {"document": found, "version": version, "passages": items, "cursor": cursor}
    return html(call, "document", here="knowledge", **shown)


def bring_in(call: Call, body: bytes) -> Answer[str]:
    """Take in the file, or the text, of the form."""
    brought, said = _form(call, body)
    made = knowledge.bring_in(call.ports, call.scope, call.principal, brought, said)
    return see(f"/knowledge/{made.id}")


def renew(call: Call, body: bytes) -> Answer[str]:
    """Take in the new version of the form."""
    earlier = knowledge.get(call.ports, call.scope, call.path["id"])
    brought, said = _form(call, body)
    made = knowledge.renew(call.ports, call.scope, call.principal, earlier.id, brought, said)
    return see(f"/knowledge/{made.id}")


def delete(call: Call) -> Answer[str]:
    """Delete the document."""
    knowledge.remove(call.ports, call.scope, call.principal, call.path["id"])
    return see("/knowledge")


def _form(call: Call, body: bytes) -> tuple[knowledge.Brought, Description]:
    content_type = call.headers.get("content-type", "")
    given = filled_in(body, content_type)
    if "text" in given:
        return text_of(_checked(WrittenText, given))
    file = uploaded(body, content_type, "file")
    return file_of(file.data, "", file.name), _checked(Description, given)


def _checked(model: type[Said], given: dict[str, str]) -> Said:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
