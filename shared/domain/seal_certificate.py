"""The certificate that a house seals its contracts with, as it is shown to whoever wants to compare it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class SealCertificate(BaseModel):
    """`sha256` of the certificate, as readers of PDF and `baton contract verify` show it; `certificate` as PEM."""

    model_config = ConfigDict(extra="forbid")

    name: str
    sha256: str
    made_at: datetime
    certificate: str
