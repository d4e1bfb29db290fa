"""Where undelivered messages of a workspace come back to."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

_DOMAIN = re.compile(r"(?=.{4,180}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def _domain(text: str) -> str:
    name = text.strip().lower()
    if not _DOMAIN.fullmatch(name):
        raise ValueError("must be a domain such as bounces.example.com, in ASCII")
    return name


class ReturnSettings(BaseModel):
    """`bounce_domain`: every message gets a return path of its own in this domain, whose mail must all arrive in the
    mailbox that Baton reads. Without it reports are recognised by the Message-ID that they bring back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bounce_domain: Annotated[str, AfterValidator(_domain)] | None = None
