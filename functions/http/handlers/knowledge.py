"""The knowledge base over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.access.call import Answer, Call, Listing, Paging
from shared.access.limits import check_json
from shared.access.problem import rejected
from shared.agents import knowledge
from shared.domain.faults import FieldError, Rejected
from shared.domain.knowledge import Description, Hit, KnowledgeDocument, Passage, WrittenText
from shared.domain.knowledge_formats import SUFFIXES, format_of
from shared.domain.texts import Line

PASSAGES_A_PAGE = 50


class FileQuery(Description):
    """What is said about a file whose bytes are the body. A JSON body says it itself."""

    name: Line = "document"
    """The file's name; its ending says the format where the Content-Type does not."""


class SearchQuery(BaseModel):
    """What is asked, in words; at most `limit` passages."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(min_length=1, max_length=2_000)]
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class PassagesQuery(Paging):
    """Passages of one version; of the current one if none is named."""

    version: Annotated[int, Field(ge=1)] | None = None


class Deleted(BaseModel):
    """What deleting did: so many drafts cite the document, and are flagged now."""

    id: str
    flagged: int


def bring_in(call: Call, body: bytes, query: FileQuery) -> Answer[KnowledgeDocument]:
    """Take in a document: a file (Markdown, text, HTML, PDF, DOCX, CSV), or JSON {title, text, format, …}."""
    brought, said = _brought(call, body, query)
    made = knowledge.bring_in(call.ports, call.scope, call.principal, brought, said)
    return Answer(made, status=201, headers={"Location": f"/api/v1/knowledge/{made.id}"})


def renew(call: Call, body: bytes, query: FileQuery) -> Answer[KnowledgeDocument]:
    """Take in a new version, in the same forms; from then on it alone answers."""
    earlier = knowledge.get(call.ports, call.scope, call.path["id"])
    brought, said = _brought(call, body, query)
    made = knowledge.renew(call.ports, call.scope, call.principal, earlier.id, brought, said)
    return Answer(made, status=201, headers={"Location": f"/api/v1/knowledge/{made.id}"})


def listing(call: Call, query: Paging) -> Answer[Listing[KnowledgeDocument]]:
    """Documents, newest first."""
    items, cursor = knowledge.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def search(call: Call, query: SearchQuery) -> Answer[Listing[Hit]]:
    """The passages that answer best, each with document, version and passage to cite."""
    return Answer(Listing(items=knowledge.search(call.ports, call.scope, query.q, query.limit)))


def show(call: Call) -> Answer[KnowledgeDocument]:
    """One document with its versions."""
    return Answer(knowledge.get(call.ports, call.scope, call.path["id"]))


def passages(call: Call, query: PassagesQuery) -> Answer[Listing[Passage]]:
    """The text of a document, in passages."""
    whole = knowledge.passages(call.ports, call.scope, call.path["id"], query.version)
    items, cursor = page_of(whole, query.cursor, query.limit)
    return Answer(Listing(items=items, cursor=cursor))


def delete(call: Call) -> Answer[Deleted]:
    """Delete a document with all its versions: no answer has it any more, and drafts that cite it are flagged."""
    id = call.path["id"]
    return Answer(Deleted(id=id, flagged=knowledge.remove(call.ports, call.scope, call.principal, id)))


def page_of(whole: list[Passage], cursor: str | None, limit: int) -> tuple[list[Passage], str | None]:
    """So many passages from where the cursor (a number) says. Raises Rejected for one that is none."""
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 8):
        raise Rejected(FieldError("cursor", "is not one that a page before gave"))
    start = int(cursor or 0)
    end = start + limit
    return whole[start:end], str(end) if end < len(whole) else None


def file_of(data: bytes, content_type: str, name: str) -> knowledge.Brought:
    """A file with its format. Raises Rejected if nobody says one that can be read."""
    format = format_of(content_type, name)
    if format is None:
        raise Rejected(FieldError("file", f"must be one of these: {', '.join(sorted(SUFFIXES))}"))
    return knowledge.Brought(data, format, name)


def text_of(given: WrittenText) -> tuple[knowledge.Brought, Description]:
    """A typed text as the file that it is kept as."""
    brought = knowledge.Brought(given.text.encode(), given.format, given.title)
    return brought, Description.model_validate(given.model_dump(include=set(Description.model_fields)))


def _brought(call: Call, body: bytes, query: FileQuery) -> tuple[knowledge.Brought, Description]:
    content_type = call.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() == "application/json":
        check_json(body)
        return text_of(_checked(WrittenText, body))
    if not body:
        raise Rejected(FieldError("body", "is empty; a file is needed"))
    said = query.model_dump(include=set(Description.model_fields))
    return file_of(body, content_type, query.name), Description.model_validate(said)


def _checked(model: type[WrittenText], body: bytes) -> Any:
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise rejected(error, "body") from None
