"""Who a workspace writes as, and a test mail by which it sees that mail leaves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.domain.campaign import Sender, mailbox

HOUSE = "house"
"""The document's id: a workspace has one."""


class House(BaseModel):
    """The document, and the body of PUT /api/v1/house: what a new campaign says of its sender unless told otherwise."""

    model_config = ConfigDict(extra="forbid")

    sender: Sender | None = None


class TrialRequest(BaseModel):
    """The body of POST /api/v1/house/trials: where the test mail goes."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[str, AfterValidator(mailbox), Field(json_schema_extra={"format": "email"})]


class Trial(BaseModel):
    """What became of a test mail, as its row in the ledger says. `campaign` names the row's place; it is no campaign,
    and no certificate counts it."""

    campaign: str
    key: str
    state: str
    detail: str | None = None


class DraftTrialRequest(TrialRequest):
    """The body of POST /api/v1/campaigns/{id}/trials: which variant, and as whom one reads it (the first of the
    audience if nobody is named)."""

    variant: Literal["A", "B", "C", "D"] = "A"
    contact: Annotated[str, Field(max_length=64)] | None = None
