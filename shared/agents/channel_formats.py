"""The format that a campaign writes in."""

from __future__ import annotations

from shared.domain.campaign import CampaignRequest
from shared.domain.formats import FORMATS, FormatName
from shared.ports import Ports

_POST: FormatName = "mastodon"
"""Of a campaign whose account is not set up (any more): the one network that posts are published to."""


def format_of(ports: Ports, request: CampaignRequest) -> FormatName:
    """A text message, a post by the rules of its account's network, else a mail: a chat shows its subject and preview,
    and a webhook gets everything."""
    match request.channels[0]:
        case "sms":
            return "sms"
        case "social":
            account = ports.channels.get("social")
            return next((format for format in FORMATS if account and format == account.name), _POST)
        case _:
            return "email"
