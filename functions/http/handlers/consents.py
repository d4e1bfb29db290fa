"""Evidence of consent over HTTP."""

from __future__ import annotations

from shared.access.call import Answer, Call, Listing
from shared.agents import contacts
from shared.agents.contacts.evidence import Verified
from shared.domain.evidence import ConsentRequest


def listing(call: Call) -> Answer[Listing[Verified]]:
    """Every change of a person's consent, oldest first; `verified`: it is the one that the journal has a digest of."""
    return Answer(Listing(items=contacts.history(call.ports, call.scope, call.path["id"])))


def record(call: Call, body: ConsentRequest) -> Answer[Verified]:
    """Record a consent or its withdrawal by hand; the answer is its evidence."""
    return Answer(contacts.record(call.ports, call.scope, call.path["id"], call.principal, body), status=201)
