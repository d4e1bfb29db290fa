"""The record of processing activities that whoever processes data of people has to keep (GDPR Article 30)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Activity(BaseModel):
    """One thing that is done with data of people, what for, and on which basis."""

    name: str
    purpose: str
    basis: str


class ProcessingRecord(BaseModel):
    """The record of one workspace."""

    workspace: str
    made_at: datetime
    senders: list[str]
    """In whose name people are written to: the controllers, as the campaigns name them."""
    activities: list[Activity]
    people: list[str]
    data: list[str]
    recipients: list[str]
    """Who is given data of people: processors, as they are set up."""
    kept: dict[str, str]
    security: list[str] = [
        "tokens and roles; a workspace never sees another's",
        "keyed hashes in place of addresses outside of the address book",
        "files for the owner of the account only; on Azure, managed identities",
        "a hash-chained journal of who did what",
    ]
    assessment: str
