"""Why me, why now, why not: by address, over every campaign."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import campaigns, contacts
from shared.domain.certificate import Explanation
from shared.domain.faults import Missing


class AddressQuery(Paging):
    """Whose mail is asked about."""

    address: Annotated[str, Field(min_length=3, max_length=320)]


def by_address(call: Call, query: AddressQuery) -> Answer[Listing[Explanation]]:
    """What each campaign, newest first, did about this address."""
    person = contacts.find_by_address(call.ports, call.scope, query.address)
    if person is None:
        raise Missing("address", query.address)
    found, cursor = campaigns.listing(call.ports, call.scope, query.limit, query.cursor)
    items = [campaigns.explain(call.ports, call.scope, each.id, person.id) for each in found]
    return Answer(Listing(items=items, cursor=cursor))
