"""What people may ask about their data, over HTTP."""

from __future__ import annotations

from functions.flows import erasure_flow
from functions.http.handlers.accepted import Accepted, accepted
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.privacy import erase as erasing
from shared.domain.faults import Missing
from shared.domain.privacy import Erasure, PrivacyRequest


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
