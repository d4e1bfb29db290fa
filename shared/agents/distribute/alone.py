"""One mail to one person who works with Baton: a test, or a question. Each is a row of the ledger, written before it
leaves, in a place of its own: no campaign and no certificate counts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import uuid_utils

from shared.agents.channels import channel_named
from shared.agents.distribute.window import FRESH, LEASE, Shard, proved, settle
from shared.domain.address import effect_key, person_of
from shared.domain.campaign import Sender
from shared.domain.faults import Conflict
from shared.domain.gate import Verdict
from shared.domain.house import Trial
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.returns import sign_return
from shared.domain.scope import Scope
from shared.domain.suppression import holds, suppression_ids
from shared.ports import Claim, LedgerRow, Outgoing, PlannedRow, Ports, Receipt, Session, Settlement
from shared.render.dkim import Signer
from shared.render.mail import mail, mail_domain, octets_of
from shared.render.personal import Rendered

_OPEN = ("intent", "submitted", "unknown")


class Letter(NamedTuple):
    """What leaves. `place` and `step` name its row, for ever; `reason` is the row's. `about`: the id (32 hexadecimal
    digits) that answers to it are about; "": none are looked for. `verdict`: of the gate, where it is for a stranger;
    what it holds does not leave, and its row says why."""

    place: str
    step: str
    reason: str
    sender: Sender
    to: str
    rendered: Rendered
    about: str = ""
    verdict: Verdict | None = None


def send_trial(ports: Ports, scope: Scope, by: str, sender: Sender, to: str, rendered: Rendered) -> Trial:
    """Have this one mail leave now, or say why it does not. Raises Conflict if e-mail is not set up, its server cannot
    be reached, or the address wants nothing from here."""
    place = f"trial-{uuid_utils.uuid4().hex[:16]}"
    ports.journal.append(scope, "trials", ports.clock.now(), by, "trial", {"campaign": place})
    row = send_alone(ports, scope, Letter(place, "1", "test", sender, to, rendered))
    return Trial(campaign=place, key=row.key, state=row.state, detail=row.detail)


def send_alone(ports: Ports, scope: Scope, letter: Letter) -> LedgerRow:
    """The row of a letter that has left, or was refused, at most once: of a row that stands already it is only asked
    how it ended, so that this may be called again after a kill. Raises Conflict as `send_trial` does, before there is a
    row."""
    return _Errand(ports, scope, letter).run()


def found_alone(ports: Ports, scope: Scope, place: str, step: str, to: str) -> LedgerRow | None:
    """The row of such a letter, if it was ever written down. Whoever could know how it ended is asked first: a sender
    that was killed leaves it unknown once its lease is over, and what is proved not to have left is planned again."""
    row = _row(ports, scope, place, step, person_of(to, ports.keys.address))
    if row is None or row.state not in _OPEN:
        return row
    at, now = (scope, place, 0), ports.clock.now()
    ports.ledger.expire(*at, f"{place}/{uuid_utils.uuid4().hex[:12]}", now)
    proof = channel_named(ports, "email").evidence(scope, [row.key]).get(row.key)
    row = _row(ports, scope, place, step, row.person)
    if row and proof and row.state in _OPEN[1:]:  # an intent within its lease is its sender's
        ports.ledger.settle(*at, [proved(row, proof, now)], now)
        row = _row(ports, scope, place, step, row.person)
    return row


def received_alone(ports: Ports, scope: Scope, place: str, step: str, person: str) -> LedgerRow | None:
    """The row of such a letter of which somebody has shown that they got it, say by its link: that is evidence that it
    left, whoever brings it (design 4.1). None if it was never written down."""
    row = _row(ports, scope, place, step, person)
    if row is None or row.state not in _OPEN:
        return row
    said = Settlement(row.key, row.attempt, "accepted", detail="its link was opened")
    ports.ledger.settle(scope, place, 0, [said], ports.clock.now())
    return _row(ports, scope, place, step, person)


def check_way(ports: Ports, scope: Scope, to: str) -> None:
    """Raises Conflict if a mail to this address could not leave now: nobody there wants it, or no server is reached."""
    _check_wanted(ports, scope, person_of(to, ports.keys.address))
    with _way(ports, scope):
        pass


@contextmanager
def _way(ports: Ports, scope: Scope) -> Iterator[Session]:
    channel = channel_named(ports, "email")
    if refusal := channel.refusal():
        raise Conflict("email", refusal)
    with channel.session(scope) as session:
        if why := session.unreachable():
            raise Conflict("email", f"the mail server cannot be reached: {why}")
        yield session


def _check_wanted(ports: Ports, scope: Scope, person: str) -> None:
    asked = suppression_ids(person, "email").present()
    found = [ports.documents.get(scope.agency, Kind.SUPPRESSION, id) for id in asked]
    if any(each and holds(each.body, scope.workspace, person) for each in found):
        raise Conflict("to", "has unsubscribed or bounced here; nothing is sent to it, not even a test")


class _Errand:
    def __init__(self, ports: Ports, scope: Scope, letter: Letter) -> None:
        self._ports, self._scope, self._letter = ports, scope, letter
        self._person = person_of(letter.to, ports.keys.address)
        self._key = effect_key(scope, letter.place, letter.step, "email", self._person)
        self._shard = Shard(ports, scope, letter.place, 0, f"{letter.place}/{uuid_utils.uuid4().hex[:12]}")

    def run(self) -> LedgerRow:
        there = found_alone(self._ports, self._scope, self._letter.place, self._letter.step, self._letter.to)
        if there and there.state != "planned":
            return there
        if self._letter.verdict is None:
            _check_wanted(self._ports, self._scope, self._person)
        with _way(self._ports, self._scope) as session:
            self._leave(session)
        return self._row()

    def _leave(self, session: Session) -> None:
        """Written down before it leaves (design 4.1); whoever else was quicker sends it."""
        ports, scope, place, now = self._ports, self._scope, self._letter.place, self._ports.clock.now()
        planned = PlannedRow(self._key, self._person, self._person, "A", now, self._letter.reason)
        ports.ledger.plan(scope, place, 0, [planned])
        row = self._row()
        claims = [self._claim(row)]
        if self._key in ports.ledger.claim(scope, place, 0, self._shard.owner, claims, now, now + LEASE):
            settle(self._shard, [*map(_final, session.send([self._message(row.attempt)], FRESH.total_seconds()))])

    def _claim(self, row: LedgerRow) -> Claim:
        if (verdict := self._letter.verdict) is None:
            return Claim(self._key, row.attempt, "intent", {})
        held = verdict.code if verdict.state == "held" else None
        return Claim(self._key, row.attempt, verdict.state, verdict.record(), held, verdict.not_before)

    def _row(self) -> LedgerRow:
        row = _row(self._ports, self._scope, self._letter.place, self._letter.step, self._person)
        assert row is not None, "it was planned"
        return row

    def _message(self, attempt: int) -> Outgoing:
        ports, sender, to, about = self._ports, self._letter.sender, self._letter.to, self._letter.about
        keys = ports.dkim.of(self._scope, mail_domain(sender.address))
        link = Link("u", self._scope, self._letter.place, 0, self._person)
        made = mail(
            key=self._key,
            sender_name=sender.name,
            sender_address=sender.address,
            recipient_name="",
            recipient_address=to,
            rendered=self._letter.rendered,
            unsubscribe_url=f"{ports.public_url}/api/u/{sign(link, ports.keys.link)}",
            date=ports.clock.now(),
            name=sign_return(self._scope, about, self._key, 0, ports.keys.link) if about else "",
        )
        [octets] = octets_of([made], Signer(keys[0]) if keys else None)
        return Outgoing(self._key, attempt, sender.address, to, octets)


def _row(ports: Ports, scope: Scope, place: str, step: str, person: str) -> LedgerRow | None:
    key = effect_key(scope, place, step, "email", person)
    return next((row for row in ports.ledger.of_shard(scope, place, 0) if row.key == key), None)


def _final(receipt: Receipt) -> Receipt:
    """It is not tried again by itself: what was not taken has failed."""
    return replace(receipt, state="failed") if receipt.state in ("deferred", "unsent") else receipt
