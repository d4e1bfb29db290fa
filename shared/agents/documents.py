"""Business documents: data checked against the template, set as PDF and Markdown, kept with what they were made of."""

from __future__ import annotations

import hashlib

from shared.agents import brand as brands
from shared.agents.records import Records
from shared.domain.document import TEMPLATES, BusinessDocument, DocumentFile, DocumentRequest
from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.seal import digest
from shared.ports import Order, Ports, Stale
from shared.render.document import Data, document_markdown, document_pdf, drawing_errors, outline

_DOCUMENTS = Records(Kind.DOCUMENT, BusinessDocument)


def checked(request: DocumentRequest) -> Data:
    """The data as the template has them. Raises ValidationError, its paths within `data`."""
    return TEMPLATES[request.template].data.model_validate(request.data)


def make(ports: Ports, scope: Scope, by: str, request: DocumentRequest, data: Data) -> BusinessDocument:
    """The document as PDF and Markdown; the same template, data and brand are the same document, byte for byte.

    `data` is what `checked` gave. Raises Rejected for texts that no font here can draw."""
    if wrong := [*drawing_errors(data, ports.fonts)]:
        raise Rejected(*wrong)
    brand, _ = brands.read(ports, scope)
    template, kept = TEMPLATES[request.template], data.model_dump(mode="json")
    data_digest, look = digest({"data": kept}), digest({"brand": brand.model_dump_json()})
    made_of = {"template": request.template, "version": template.version, "data": data_digest, "brand": look}
    id = digest(made_of)[:32]
    if found := ports.documents.get(scope, Kind.DOCUMENT, id):
        return BusinessDocument.model_validate(found.body)
    try:
        pdf = document_pdf(data, brand, brands.logo_file(ports, scope, brand), ports.fonts)
    except ValueError as error:
        raise Rejected(FieldError("data", str(error))) from None
    contents = {"document.pdf": pdf, "document.md": document_markdown(data).encode()}
    made = BusinessDocument(
        id=id,
        template=request.template,
        template_version=template.version,
        data=kept,
        data_digest=data_digest,
        brand=look,
        title=outline(data)["title"],
        created_at=ports.clock.now(),
        created_by=by,
        files=[_kept(ports, scope, id, name, content) for name, content in contents.items()],
    )
    try:
        ports.documents.put(scope, Kind.DOCUMENT, id, made.model_dump(mode="json"))
    except Stale:  # somebody asked for the same at the same moment
        return _DOCUMENTS.load(ports, scope, id)
    ports.journal.append(scope, f"document/{id}", made.created_at, by, "made", made_of)
    return made


def get(ports: Ports, scope: Scope, id: str) -> BusinessDocument:
    """Raises Missing."""
    return _DOCUMENTS.load(ports, scope, id)


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None
) -> tuple[list[BusinessDocument], str | None]:
    """Documents, newest first, and the cursor of the next page. Raises Rejected for a wrong one."""
    try:
        newest = Order("created_at", descending=True)
        page = ports.documents.find(scope, Kind.DOCUMENT, order=newest, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [BusinessDocument.model_validate(document.body) for document in page.documents], page.cursor


def _kept(ports: Ports, scope: Scope, id: str, name: str, content: bytes) -> DocumentFile:
    path = f"documents/{id}/{name}"
    ports.files.put(scope, path, content)
    return DocumentFile(name=name, path=path, bytes=len(content), digest=hashlib.sha256(content).hexdigest())
