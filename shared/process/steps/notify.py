"""Telling people and systems what a process did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints

from shared.agents.numbers import e164
from shared.domain.address import person_of
from shared.domain.links import Link, sign
from shared.domain.texts import Line, Plain
from shared.ports import LedgerRow, Outgoing
from shared.process.errors import InputError, PolicyError
from shared.process.notices import Recipient, send_once
from shared.process.steps.call import Answer, Desk, StepType
from shared.render.dkim import Signer
from shared.render.mail import mail, mail_domain, octets_of
from shared.render.process_notice import notice

Words = Annotated[str, StringConstraints(min_length=1, max_length=50_000), Plain]
_SENT: Mapping[str, str] = {"sent": "how many were taken", "held": "how many want nothing from this workspace"}


class From(BaseModel):
    """Who writes."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    address: EmailStr


class Email(StepType):
    """Mail people who work with this process: once each, whatever is killed; whoever unsubscribed gets none."""

    to: Annotated[list[EmailStr], Field(min_length=1, max_length=500)]
    sender: From = Field(alias="from")
    subject: Line
    text: Words
    """Paragraphs, divided by empty lines."""

    outputs: ClassVar[Mapping[str, str]] = _SENT

    def run(self, desk: Desk) -> Answer:
        keys = desk.ports.dkim.of(desk.scope, mail_domain(self.sender.address))
        signer, at = Signer(keys[0]) if keys else None, desk.ports.clock.now()

        def write(row: LedgerRow, who: Recipient) -> Outgoing:
            link = Link("u", desk.scope, row.campaign, 0, who.person)
            made = mail(
                key=row.key,
                sender_name=self.sender.name,
                sender_address=self.sender.address,
                recipient_name="",
                recipient_address=who.to,
                rendered=notice(self.subject, self.text, f"Sent by the process run {desk.run}."),
                unsubscribe_url=f"{desk.ports.public_url}/api/u/{sign(link, desk.ports.keys.link)}",
                date=at,
            )
            [octets] = octets_of([made], signer)
            return Outgoing(row.key, row.attempt, self.sender.address, who.to, octets)

        people = [Recipient(to, person_of(to, desk.ports.keys.address)) for to in self.to]
        return _answer(send_once(desk, "email", people, write), "email")


class Sms(StepType):
    """A text message to people who work with this process."""

    to: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(min_length=1, max_length=100)]
    """Numbers with their country code: +49 …"""
    text: Annotated[str, StringConstraints(min_length=1, max_length=600), Plain]

    outputs: ClassVar[Mapping[str, str]] = _SENT

    def run(self, desk: Desk) -> Answer:
        numbers = [e164(each, None) for each in self.to]
        if None in numbers:
            raise InputError("is no telephone number with its country code", f"to.{numbers.index(None)}")
        people = [Recipient(str(each), person_of(str(each), desk.ports.keys.address)) for each in numbers]

        def write(row: LedgerRow, who: Recipient) -> Outgoing:
            return Outgoing(row.key, row.attempt, "", who.to, self.text.encode())

        return _answer(_by(desk, "sms", people, write), "sms")


class Chat(StepType):
    """A message into the chat that BATON_CHAT_URL leads to (Slack or Teams), with a link to the run."""

    title: Line
    text: Annotated[str, StringConstraints(min_length=1, max_length=4000), Plain]

    outputs: ClassVar[Mapping[str, str]] = _SENT

    def run(self, desk: Desk) -> Answer:
        link = f"{desk.ports.public_url}/runs/{desk.run}"
        said = {"title": self.title, "text": self.text, "link_text": "Open the run", "link": link}
        told = json.dumps(said, ensure_ascii=False).encode()
        return _answer(_by(desk, "chat", [_room(desk)], lambda row, who: _plain(row, who, told)), "chat")


class Webhook(StepType):
    """A signed event to the system behind BATON_WEBHOOK_URL (Standard Webhooks); its id is the same if it is sent
    again."""

    type: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,80}$")]
    data: dict[str, Any] = Field(default_factory=dict)

    outputs: ClassVar[Mapping[str, str]] = _SENT

    def run(self, desk: Desk) -> Answer:
        at = desk.ports.clock.now().isoformat()
        told = json.dumps({"type": self.type, "timestamp": at, "data": self.data}, ensure_ascii=False).encode()
        return _answer(_by(desk, "webhook", [_room(desk)], lambda row, who: _plain(row, who, told)), "webhook")


def _by(desk: Desk, channel: str, people: list[Recipient], write: Any) -> dict[str, int]:
    if channel not in desk.ports.channels:
        raise PolicyError(f"the channel {channel} is not set up: BATON_{channel.upper()}_URL", "type")
    return send_once(desk, channel, people, write)


def _room(desk: Desk) -> Recipient:
    """A place rather than a person; each step's notice is one of its own."""
    return Recipient(desk.run, person_of(f"{desk.run}/{desk.step}/{desk.item}", desk.ports.keys.address))


def _plain(row: LedgerRow, who: Recipient, told: bytes) -> Outgoing:
    return Outgoing(row.key, row.attempt, "", who.to, told)


def _answer(counts: dict[str, int], channel: str) -> Answer:
    return Answer(counts, (f"{counts['sent']} by {channel}",) if counts["sent"] else ())
