"""Business documents over HTTP, and their page."""

from __future__ import annotations

from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from functions.http.handlers.download import download
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.limits import check_json
from shared.access.problem import rejected
from shared.agents import documents
from shared.domain.document import TEMPLATES, BusinessDocument, DocumentRequest, TemplateName
from shared.domain.document_examples import EXAMPLES
from shared.domain.faults import FieldError, Missing, Rejected

_TYPES = {"document.pdf": "application/pdf", "document.md": "text/markdown; charset=utf-8"}


class TemplateShown(BaseModel):
    """A template, the JSON schema of its data, and an invented example of them."""

    name: TemplateName
    title: str
    version: int
    data: dict[str, Any]
    example: dict[str, Any]


def create(call: Call, body: DocumentRequest) -> Answer[BusinessDocument]:
    """Make the document from its template and data, as PDF and Markdown."""
    made = _made(call, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/documents/{made.id}"})


def listing(call: Call, query: Paging) -> Answer[Listing[BusinessDocument]]:
    """Documents, newest first."""
    items, cursor = documents.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def templates(call: Call) -> Answer[Listing[TemplateShown]]:
    """Every template, what it needs, and an example."""
    return Answer(
        Listing(
            items=[
                TemplateShown(
                    name=name,
                    title=each.title,
                    version=each.version,
                    data=each.data.model_json_schema(),
                    example=dict(EXAMPLES[name]),
                )
                for name, each in TEMPLATES.items()
            ]
        )
    )


def show(call: Call) -> Answer[BusinessDocument]:
    """One document: its data, what it was made of, its files."""
    return Answer(documents.get(call.ports, call.scope, call.path["id"]))


def file(call: Call) -> Answer[bytes]:
    """One of its files: `document.pdf` or `document.md`; a large one may be a redirect to where it is fetched."""
    found = documents.get(call.ports, call.scope, call.path["id"])
    file = next((each for each in found.files if each.name == call.path["file"]), None)
    if file is None:
        raise Missing("file", call.path["file"])
    return download(call, file.path, file.bytes, _TYPES[file.name])


def page(call: Call, query: Paging) -> Answer[str]:
    """All documents, and the forms for the next."""
    items, cursor = documents.listing(call.ports, call.scope, query.limit, query.cursor)
    examples = {name: orjson.dumps(each, option=orjson.OPT_INDENT_2).decode() for name, each in EXAMPLES.items()}
    shown = {"documents": items, "cursor": cursor, "templates": TEMPLATES, "examples": examples}
    return html(call, "documents", here="pieces", **shown)


def form(call: Call) -> Answer[str]:
    """Make what was filled in."""
    said = call.form
    text = said.get("data", "").encode()
    try:
        check_json(text)
    except Rejected as wrong:
        raise Rejected(*(FieldError("data", each.reason) for each in wrong.errors)) from None
    try:
        request = DocumentRequest.model_validate({"template": said.get("template"), "data": orjson.loads(text)})
    except ValidationError as error:
        raise rejected(error, "form") from None
    return see(f"/documents#{_made(call, request).id}")


def _made(call: Call, request: DocumentRequest) -> BusinessDocument:
    try:
        data = documents.checked(request)
    except ValidationError as error:
        found = (FieldError(_below(field), reason) for field, reason in rejected(error, "data").errors)
        raise Rejected(*found) from None
    return documents.make(call.ports, call.scope, call.principal, request, data)


def _below(field: str) -> str:
    return field if field == "data" else f"data.{field}"
