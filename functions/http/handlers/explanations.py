"""Why me, why now, why not: by address, over every campaign."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared.access.call import Answer, Call, Paging
from shared.agents import campaigns
from shared.domain.certificate import Explanations


class AddressQuery(Paging):
    """Whose mail is asked about: an address, a phone number or a handle."""

    address: Annotated[str, Field(min_length=3, max_length=320)]


def by_address(call: Call, query: AddressQuery) -> Answer[Explanations]:
    """Who that is, and what each campaign, newest first, did about them."""
    return Answer(campaigns.explanations(call.ports, call.scope, query.address, query.limit, query.cursor))
