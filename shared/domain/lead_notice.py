"""People of leads who have to be told that they were found, and the mail that tells them (GDPR Article 14; rule
G10)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.domain.found import Found
from shared.domain.lead import LeadPerson


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Stranger(_Strict):
    """Somebody who does not know yet. Without an `email` they cannot be told by mail; `notice`: what came of a mail
    that did not leave."""

    lead: str
    company: str
    name: str
    email: str
    source: str
    found_at: datetime
    due: datetime
    notice: str = ""


class NoticeMail(_Strict):
    """The mail as it would leave, and what became of it: sent, held, failed or unknown, and why; empty: it was only
    shown."""

    to: str
    subject: str
    text: str
    state: str = ""
    why: str = ""


def found_of(person: LeadPerson, licence: str, how: str) -> Found:
    """What was found of them, as the notice says it."""
    held = {"email": person.email, "first_name": person.name, "role": person.role, "phone": person.phone}
    fields = [name for name, value in held.items() if value]
    return Found(fields=fields, source=person.source, at=person.at, by=how, licence=licence or None)
