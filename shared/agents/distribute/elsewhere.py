"""A message to anywhere but a mailbox: in the form of its channel, to the address that the channel has of a person."""

from __future__ import annotations

from shared.agents.numbers import e164
from shared.agents.places import country_code
from shared.domain.campaign import CampaignRequest
from shared.domain.contact import Contact
from shared.domain.draft import Draft
from shared.ports import LedgerRow, Outgoing
from shared.render.forms import chat_message, event, post, text_message
from shared.render.personal import Rendered


def elsewhere(
    row: LedgerRow,
    request: CampaignRequest,
    draft: Draft,
    rendered: Rendered,
    reader: Contact,
    unsubscribe: str,
    country: str | None,
    name: str,
) -> Outgoing:
    """The message of one row. `country` is where people live who say nothing else, `name` the signed name of this
    attempt. Raises ValueError for a person whose number cannot be one."""
    to = reader.id
    match request.channels[0]:
        case "sms":
            number = e164(reader.phone, country_code(reader.country) or country)
            if number is None:
                raise ValueError("there is no phone number that can be")
            to, text = number, text_message(request, draft, rendered)
        case "webhook":
            text = event(request, draft, rendered, reader, row.key, unsubscribe)
        case "chat":
            text = chat_message(request, draft, rendered)
        case _:
            text = post(draft, rendered)
    return Outgoing(row.key, row.attempt, str(request.sender.address), to, text.encode(errors="replace"), name)
