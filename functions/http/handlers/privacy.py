"""What people may ask about their data, over HTTP."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import erasure_flow
from functions.http.handlers.accepted import Accepted, accepted
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents import contacts
from shared.agents.contacts.notices import record_told
from shared.agents.privacy import erase as erasing
from shared.agents.privacy import export as exporting
from shared.agents.privacy import processing
from shared.agents.privacy import retention as retaining
from shared.domain.contact import Contact
from shared.domain.faults import Missing
from shared.domain.found import Told
from shared.domain.privacy import Erasure, Export, PrivacyRequest
from shared.domain.processing import Particulars, ProcessingRecord
from shared.domain.retention import Due, Retention
from shared.render.privacy import certificate_rows
from shared.render.processing import record_pdf


def erase(call: Call, body: PrivacyRequest) -> Answer[Accepted]:
    """Erase everything about a contact in every workspace of the agency; nothing leaves for them from now on."""
    made = erasing.order(call.ports, call.scope, call.path["id"], call.principal, body)
    return accepted(
        made.id, made.status, f"/api/v1/erasures/{made.id}", ("certificate",), erasure_flow(call.scope, made)
    )


def erasures(call: Call, query: Paging) -> Answer[Listing[Erasure]]:
    """Erasures, newest first."""
    items, cursor = erasing.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def erasure(call: Call) -> Answer[Erasure]:
    """How far an erasure is; once it is completed, its certificate: what was found, erased and kept in each store."""
    return Answer(erasing.get(call.ports, call.scope, call.path["id"]))


def certificate(call: Call) -> Answer[bytes]:
    """The certificate as PDF."""
    found = erasing.get(call.ports, call.scope, call.path["id"])
    try:
        pdf = call.ports.files.get(call.scope, erasing.certificate_path(found.id))
    except FileNotFoundError:
        raise Missing("certificate", found.id) from None
    return Answer(pdf, content_type="application/pdf")


def export(call: Call, body: PrivacyRequest) -> Answer[Export]:
    """Put together everything that is held about a contact, as JSON and PDF; the files are here for thirty days."""
    made = exporting.export(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/exports/{made.id}"})


def told(call: Call, body: Told) -> Answer[Contact]:
    """Record that somebody who was found was told so otherwise than by a message (GDPR Article 14)."""
    return Answer(record_told(call.ports, call.scope, call.path["id"], call.principal, body))


def exported(call: Call) -> Answer[Export]:
    """One export: who asked, until when its files are here."""
    return Answer(exporting.get(call.ports, call.scope, call.path["id"]))


def export_file(call: Call) -> Answer[bytes]:
    """One of its files, as a download: `export.json` or `export.pdf`."""
    name = call.path["file"]
    content = exporting.file(call.ports, call.scope, call.path["id"], name)
    kind = "application/pdf" if name.endswith(".pdf") else "application/json"
    return Answer(content, content_type=kind, headers=_download(name))


def record(call: Call) -> Answer[ProcessingRecord]:
    """The record of processing activities (GDPR Article 30), from what is set up and stored now."""
    return Answer(processing.record(call.ports, call.scope))


def record_file(call: Call) -> Answer[bytes]:
    """The same as PDF."""
    made = record_pdf(processing.record(call.ports, call.scope), call.ports.fonts)
    return Answer(made, content_type="application/pdf", headers=_download("record.pdf"))


def particulars(call: Call) -> Answer[Particulars]:
    """What only people know for the record: the controller, the officer, what was agreed with processors."""
    return Answer(processing.particulars(call.ports, call.scope))


def fill_in(call: Call, body: Particulars) -> Answer[Particulars]:
    """Put these in the place of the old."""
    return Answer(processing.fill_in(call.ports, call.scope, call.principal, body))


def retention(call: Call) -> Answer[Listing[Due]]:
    """How long each category is kept, and how much of it the next run would remove; nothing is changed."""
    return Answer(Listing(items=retaining.due(call.ports, call.scope)))


def keep(call: Call, body: Retention) -> Answer[Retention]:
    """Keep categories for so many days; those that are left out for their default."""
    return Answer(retaining.write(call.ports, call.scope, call.principal, body))


def erase_form(call: Call) -> Answer[str]:
    """Erase, from the page of the person."""
    made = erasing.order(call.ports, call.scope, call.path["id"], call.principal, _asked(call))
    return see(f"/erasures/{made.id}", start=[erasure_flow(call.scope, made)])


def export_form(call: Call) -> Answer[bytes]:
    """Put everything together, from the page of the person; the answer is the PDF."""
    made = exporting.export(call.ports, call.scope, call.path["id"], call.principal, _asked(call))
    content = exporting.file(call.ports, call.scope, made.id, "export.pdf")
    return Answer(content, content_type="application/pdf", headers=_download("export.pdf"))


def told_form(call: Call) -> Answer[str]:
    """The same, from the page of the person."""
    try:
        said = Told.model_validate({"how": call.form.get("how", "")})
    except ValidationError as error:
        raise rejected(error, "form") from None
    record_told(call.ports, call.scope, call.path["id"], call.principal, said)
    return see(f"/contacts/{call.path['id']}")


def erasure_page(call: Call) -> Answer[str]:
    """How far an erasure is, and its certificate."""
    found = erasing.get(call.ports, call.scope, call.path["id"])
    return html(call, "erasure", here="contacts", erasure=found, rows=certificate_rows(found))


def _asked(call: Call) -> PrivacyRequest:
    contacts.get_contact(call.ports, call.scope, call.path["id"])  # whoever is not there needs no form
    try:
        return PrivacyRequest.model_validate(call.form)
    except ValidationError as error:
        raise rejected(error, "form") from None


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
