"""One engagement as one thread: what happened in it, each entry with the document that it is about."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """`what`: moved, noted, mail, reaction, or whatever another room brings in; `href`: the page of its document."""

    model_config = ConfigDict(extra="forbid")

    at: datetime
    what: str
    title: str
    text: str = ""
    by: str = ""
    href: str = ""
