"""A place of one's own that a message can go to: the team's chat, an account of a network. It is planned, decided and
kept in the books as a recipient is; an audience of exactly one."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.domain.address import person_of
from shared.domain.contact import Consent, Contact

OWN = "own-channel"
"""The id of the recipient. It stands in no address book."""
OWN_CHANNELS = ("chat", "social")


def own_channel(address_key: bytes) -> Contact:
    """The recipient of messages to a place of one's own; its consent is its being one's own."""
    consent = Consent(status="granted", source="own channel")
    return Contact(
        id=OWN,
        person=person_of(OWN, address_key),
        email=f"{OWN}@localhost",
        consent=dict.fromkeys(OWN_CHANNELS, consent),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
