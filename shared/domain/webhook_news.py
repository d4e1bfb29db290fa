"""What a signed webhook may say, in Baton's own words: `{"type": "bounced", "data": {…}}`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class WebhookData(BaseModel):
    """About a message: its Message-ID or return path. About a telephone: its number and what it wrote."""

    model_config = ConfigDict(extra="forbid")

    message_id: Annotated[str, Field(max_length=1000)] | None = None
    status: Annotated[str, Field(max_length=100)] = ""
    phone: Annotated[str, Field(min_length=5, max_length=40)] | None = None
    text: Annotated[str, Field(max_length=5000)] | None = None


class WebhookNews(BaseModel):
    """`texted`: somebody wrote a text message; if it is a "no", nothing reaches them any more."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["delivered", "delayed", "bounced", "complained", "replied", "auto_replied", "texted"]
    data: WebhookData

    @model_validator(mode="after")
    def _complete(self) -> WebhookNews:
        if self.type == "texted" and (self.data.phone is None or self.data.text is None):
            raise ValueError("texted needs data.phone and data.text")
        if self.type != "texted" and self.data.message_id is None:
            raise ValueError(f"{self.type} needs data.message_id")
        return self


class Taken(BaseModel):
    """How many of the events were about a message or person of this workspace; of the others nothing is told."""

    events: int
    taken: int


class FeedbackAddresses(BaseModel):
    """Where others bring news to, and the secret that signs it. `mailbox`: what is read, without its password."""

    webhook: str
    secret: str
    event_grid: str
    texts: str
    task_status: str
    workflow_completed: str
    bounce_domain: str | None
    mailbox: str | None
