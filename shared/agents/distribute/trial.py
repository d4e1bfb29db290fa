"""Test mails to oneself: each is a row of the ledger, written before it leaves, in a place of its own. No campaign and
no certificate counts it."""

from __future__ import annotations

from dataclasses import replace

import uuid_utils

from shared.agents.channels import channel_named
from shared.agents.distribute.window import FRESH, Shard, settle
from shared.domain.address import effect_key, person_of
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict
from shared.domain.house import Trial
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.suppression import holds
from shared.ports import Claim, LedgerRow, Outgoing, PlannedRow, Ports, Receipt
from shared.render.dkim import Signer
from shared.render.mail import mail, mail_domain, octets_of
from shared.render.personal import Rendered

STREAM = "trials"


def send_trial(ports: Ports, scope: Scope, by: str, sender: Sender, to: str, rendered: Rendered) -> Trial:
    """Have this one mail leave now, or say why it does not. Raises Conflict if e-mail is not set up, its server cannot
    be reached, or the address wants nothing from here."""
    return _Errand(ports, scope, sender, to).run(by, rendered)


class _Errand:
    def __init__(self, ports: Ports, scope: Scope, sender: Sender, to: str) -> None:
        self._ports, self._scope, self._sender, self._to = ports, scope, sender, to
        self._person = person_of(to, ports.keys.address)
        self._campaign = f"trial-{uuid_utils.uuid4().hex[:16]}"
        self._shard = Shard(ports, scope, self._campaign, 0, self._campaign)

    def run(self, by: str, rendered: Rendered) -> Trial:
        ports, scope, place = self._ports, self._scope, (self._scope, self._campaign, 0)
        self._check_wanted()
        channel = channel_named(ports, "email")
        if refusal := channel.refusal():
            raise Conflict("email", refusal)
        with channel.session(scope) as session:
            if why := session.unreachable():
                raise Conflict("email", f"the mail server cannot be reached: {why}")
            row = self._claimed()
            ports.journal.append(scope, STREAM, ports.clock.now(), by, "trial", {"campaign": self._campaign})
            settle(self._shard, [*map(_final, session.send([self._message(row, rendered)], FRESH.total_seconds()))])
        [left] = ports.ledger.of_shard(*place, limit=1)
        return Trial(campaign=self._campaign, key=left.key, state=left.state, detail=left.detail)

    def _check_wanted(self) -> None:
        found = self._ports.documents.get(self._scope.agency, Kind.SUPPRESSION, self._person)
        if found and holds(found.body, self._scope.workspace, self._person):
            raise Conflict("to", "has unsubscribed or bounced here; nothing is sent to it, not even a test")

    def _claimed(self) -> LedgerRow:
        """Written down before it leaves (design 4.1)."""
        ports, scope, now = self._ports, self._scope, self._ports.clock.now()
        key = effect_key(scope, self._campaign, "1", "email", self._person)
        ports.ledger.plan(scope, self._campaign, 0, [PlannedRow(key, self._person, self._person, "A", now, "test")])
        lease = now.replace(microsecond=0) + FRESH + FRESH
        ports.ledger.claim(scope, self._campaign, 0, self._shard.owner, [Claim(key, 1, "intent", {})], now, lease)
        [row] = ports.ledger.of_shard(scope, self._campaign, 0, limit=1)
        return row

    def _message(self, row: LedgerRow, rendered: Rendered) -> Outgoing:
        ports, sender = self._ports, self._sender
        keys = ports.dkim.of(self._scope, mail_domain(sender.address))
        link = Link("u", self._scope, self._campaign, 0, self._person)
        made = mail(
            key=row.key,
            sender_name=sender.name,
            sender_address=sender.address,
            recipient_name="",
            recipient_address=self._to,
            rendered=rendered,
            unsubscribe_url=f"{ports.public_url}/api/u/{sign(link, ports.keys.link)}",
            date=ports.clock.now(),
        )
        [octets] = octets_of([made], Signer(keys[0]) if keys else None)
        return Outgoing(row.key, row.attempt, sender.address, self._to, octets)


def _final(receipt: Receipt) -> Receipt:
    """A test is not tried again later: what was not taken has failed."""
    return replace(receipt, state="failed") if receipt.state in ("deferred", "unsent") else receipt
