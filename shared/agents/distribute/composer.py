"""From a granted row to bytes: the approved variant, written for this person, with their own signed links, and signed
by the sender's domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.agents import policy
from shared.agents.distribute.elsewhere import elsewhere
from shared.agents.return_settings import return_settings
from shared.domain import links
from shared.domain.campaign import Campaign, sender_domain
from shared.domain.contact import Contact
from shared.domain.draft import Draft, language_of
from shared.domain.found import untold
from shared.domain.returns import sign_return
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Outgoing, Ports, Receipt
from shared.render.dkim import Signer
from shared.render.mail import Mail, mail, mail_domain, octets_of
from shared.render.notice import FoundNotice
from shared.render.personal import Personal, fields_of


class _Letter(NamedTuple):
    """An `Outgoing` that is yet to be signed."""

    key: str
    attempt: int
    sender: str
    recipient: str
    mail: Mail


class Composer:
    """Compiles each variant once, then writes messages. `drafts` are those that the approval seals.

    Mail of a domain without a DKIM key leaves unsigned. `unready` says why nothing can be signed although
    it should be, None if all is well."""

    def __init__(self, ports: Ports, scope: Scope, campaign: Campaign, drafts: Iterable[Draft]) -> None:
        self._ports, self._scope, self._campaign = ports, scope, campaign
        self._drafts: dict[str, tuple[Draft, Personal]] = {each.variant: (each, Personal(each)) for each in drafts}
        self._refused: list[Receipt] = []
        self._bounce_domain = return_settings(ports, scope).bounce_domain
        self._key = dict(ports.keys.link)
        self._signer: Signer | None = None
        self.unready: str | None = None
        rules = policy.standing(ports, scope, sender_domain(campaign.request)).policy
        self._sender_name = campaign.request.sender.name
        self._country = rules.country if rules else None
        if campaign.request.channels[0] != "email":
            return
        try:
            keys = ports.dkim.of(scope, mail_domain(campaign.request.sender.address))
            self._signer = Signer(keys[0]) if keys else None
        except ValueError as wrong:
            self.unready = str(wrong)

    def messages(self, rows: Sequence[LedgerRow], people: Mapping[str, Contact]) -> list[Outgoing]:
        """A message per row, in order; one that cannot be written is refused and stops nobody else."""
        now, written = self._ports.clock.now(), []
        self._key = dict(self._ports.keys.link)  # asked once for all: another process may have rotated it
        for row in rows:
            try:
                written.append(self._written(row, people[row.contact], now))
            except ValueError as wrong:
                self._refused.append(Receipt(row.key, row.attempt, "failed", detail=f"not written: {wrong}"[:200]))
        return self._signed(written)

    def take_refused(self) -> list[Receipt]:
        """Failed receipts for the messages that could not be written since this was last asked."""
        refused, self._refused = self._refused, []
        return refused

    def message(self, row: LedgerRow, reader: Contact) -> Outgoing:
        """Raises ValueError, naming the part, for one that cannot be written."""
        self._key = dict(self._ports.keys.link)
        [message] = self._signed([self._written(row, reader, self._ports.clock.now())])
        return message

    def _signed(self, written: Sequence[Outgoing | _Letter]) -> list[Outgoing]:
        octets = iter(octets_of([each.mail for each in written if isinstance(each, _Letter)], self._signer))
        return [Outgoing(*each[:4], next(octets)) if isinstance(each, _Letter) else each for each in written]

    def _written(self, row: LedgerRow, reader: Contact, now: datetime) -> Outgoing | _Letter:
        draft, personal = self._drafts[row.variant]
        clicks = [self._url(row, "c", target) for target in range(len(draft.links))]
        unsubscribe = self._url(row, "u")
        placed = unsubscribe, self._url(row, "o"), self._url(row, "p")
        rendered = personal.render(fields_of(reader), clicks, *placed, self._notice(draft, reader, unsubscribe))
        request, sender = self._campaign.request, self._campaign.request.sender
        if request.channels[0] != "email":
            name = self._name(row, row.attempt)
            return elsewhere(row, request, draft, rendered, reader, unsubscribe, self._country, name)
        made = mail(
            key=row.key,
            sender_name=sender.name,
            sender_address=sender.address,
            recipient_name=" ".join(filter(None, (reader.first_name, reader.last_name))),
            recipient_address=reader.email,
            rendered=rendered,
            unsubscribe_url=unsubscribe,
            date=now,
            name=self._name(row, 0),
        )
        return _Letter(row.key, row.attempt, self._return_path(row) or sender.address, reader.email, made)

    def _notice(self, draft: Draft, reader: Contact, objecting_url: str) -> FoundNotice | str:
        """For whoever was found and does not know yet (rule G10)."""
        waiting = untold(reader.found)
        return FoundNotice(waiting, language_of(draft), self._sender_name, objecting_url) if waiting else ""

    def _return_path(self, row: LedgerRow) -> str | None:
        """An address of this attempt alone: whatever comes back to it is about it (rule B3)."""
        return f"{self._name(row, row.attempt)}@{self._bounce_domain}" if self._bounce_domain else None

    def _name(self, row: LedgerRow, attempt: int) -> str:
        return sign_return(self._scope, row.campaign, row.key, attempt, self._key)

    def _url(self, row: LedgerRow, purpose: links.Purpose, target: int = 0) -> str:
        link = links.Link(purpose, self._scope, row.campaign, row.shard, row.person, target)
        return f"{self._ports.public_url}/api/{purpose}/{links.sign(link, self._key)}"
