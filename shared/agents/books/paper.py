"""An invoice as PDF: of what has a number the bytes are made once and kept."""

from __future__ import annotations

from contextlib import suppress

from shared.agents import brand as brands
from shared.agents.books import invoices
from shared.agents.books import terms as billing
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.invoice import Invoice
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.invoice import invoice_pdf


def pdf(ports: Ports, scope: Scope, found: Invoice) -> bytes:
    """Of a draft as it would look now. Raises Rejected if it cannot be set."""
    if not found.number:
        return _drawn(ports, scope, found)
    path = f"invoices/{found.id}/{found.number}.pdf"
    with suppress(FileNotFoundError):
        return ports.files.get(scope, path)
    ports.files.put(scope, path, _drawn(ports, scope, found), only_new=True)
    return ports.files.get(scope, path)


def _drawn(ports: Ports, scope: Scope, found: Invoice) -> bytes:
    brand, _ = brands.read(ports, scope)
    terms = found.terms or billing.required(ports, scope)
    try:
        logo = brands.logo_file(ports, scope, brand)
        return invoice_pdf(found, terms, brand, logo, _cancelled(ports, scope, found), ports.fonts)
    except ValueError as error:
        raise Rejected(FieldError("invoice", str(error))) from None


def _cancelled(ports: Ports, scope: Scope, found: Invoice) -> str:
    with suppress(Missing):
        return invoices.get(ports, scope, found.cancels).number if found.cancels else ""
    return ""
