"""The mails that ask for a confirmation leave: each through gate and ledger as one row, once, whatever is killed or run
again in between (design 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import uuid_utils

from shared.agents import facts, policy
from shared.agents.contacts.opt_in import link_of, opt_ins
from shared.agents.distribute.window import Shard, settle
from shared.agents.guardian.standing import why_stopped
from shared.domain.address import effect_key
from shared.domain.campaign import Brief, CallToAction, Campaign, CampaignRequest, Segment, Window, sender_domain
from shared.domain.choice_words import words
from shared.domain.contact import Consent, Contact
from shared.domain.gate import Verdict, decide
from shared.domain.links import Purpose, sign
from shared.domain.names import Kind
from shared.domain.opt_in import OptIn, opt_in_campaign
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.slots import zone
from shared.ports import Claim, LedgerRow, Outgoing, PlannedRow, Ports, Session
from shared.render.confirmation import confirmation
from shared.render.dkim import Signer
from shared.render.mail import mail, mail_domain

LEASE = timedelta(minutes=2)
_PAGE = 100
_STATES = {"failed": "failed", "held": "held"}


def send_due(ports: Ports, scope: Scope) -> int:
    """Send what is to be sent in this scope; returns how many mails were handed over."""
    waiting = list(_asked(ports, scope))
    channel = ports.channels["email"]
    if not waiting or channel.refusal():
        return 0
    with channel.session(scope) as session:
        if session.unreachable():
            return 0
        return sum(_Errand(ports, scope, each).run(session) for each in waiting)


def _asked(ports: Ports, scope: Scope) -> Iterator[OptIn]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.OPT_IN, [Filter("state", "eq", "asked")], None, _PAGE, cursor)
        yield from (OptIn.model_validate(each.body) for each in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


class _Errand:
    """One mail of one person, and its row in the ledger."""

    def __init__(self, ports: Ports, scope: Scope, asked: OptIn) -> None:
        self._ports, self._scope, self._asked = ports, scope, asked
        self._campaign = opt_in_campaign(asked.contact)
        self._shard = Shard(ports, scope, self._campaign, asked.tries, f"opt-in/{uuid_utils.uuid4().hex[:12]}")
        self._like = _like_a_campaign(self._campaign, asked)

    def run(self, session: Session) -> bool:
        """True if it was handed over now."""
        ports, asked = self._ports, self._asked
        if why_stopped(ports, self._scope, sender_domain(self._like.request)):
            return False
        key = effect_key(self._scope, self._campaign, str(asked.tries), "email", asked.person)
        row = PlannedRow(key, asked.contact, asked.person, "A", asked.asked_at, "opt_in")
        ports.ledger.plan(self._scope, self._campaign, asked.tries, [row])
        sent = self._leave(session)
        self._note()
        return sent

    def _leave(self, session: Session) -> bool:
        ports, now = self._ports, self._ports.clock.now()
        place = self._scope, self._campaign, self._asked.tries
        ports.ledger.expire(*place, self._shard.owner, now)
        rows = ports.ledger.of_shard(*place, state="planned", due_by=now, limit=1)
        if not rows:
            return False
        verdict, reader = self._verdict(rows[0], now)
        claim = Claim(
            rows[0].key,
            rows[0].attempt,
            verdict.state,
            verdict.record(),
            verdict.code if verdict.state == "held" else None,
            verdict.not_before,
        )
        granted = ports.ledger.claim(*place, self._shard.owner, [claim], now, now + LEASE)
        if not granted or reader is None:
            return False
        settle(self._shard, list(session.send([self._message(rows[0], reader, now)])))
        return True

    def _verdict(self, row: LedgerRow, now: datetime) -> tuple[Verdict, Contact | None]:
        """The gate decides about it as about any message that is not advertising."""
        ports, scope, request = self._ports, self._scope, self._like.request
        rules = policy.standing(ports, scope, sender_domain(request))
        allowed = rules.policy.sender_domains if rules.policy else []
        lacks = ("sender_unknown",) if allowed and sender_domain(request) not in allowed else ()
        known = facts.people(ports, scope, [row.contact]).get(row.contact)
        reader = known.contact if known else None
        lives, country = (reader.country if reader else None), policy.country(ports, scope)
        number = facts.number_of(ports, reader.phone, lives, country) if reader else None
        stops = facts.suppressions(ports, scope, [row.person], request, {row.person: number})
        ground = facts.Ground(self._like, True, rules, lacks, now)
        planned = facts.Row(row.person, row.key, zone("UTC"))
        stopped = stops.get(row.person, facts.NOT_SUPPRESSED)
        if reader and reader.consent.get("email", Consent()).status == "withdrawn":
            stopped = facts.Suppressed("channel", "")
        return decide(facts.facts_of(ground, planned, known, stopped, [])), reader

    def _message(self, row: LedgerRow, reader: Contact, now: datetime) -> Outgoing:
        sender = self._asked.request.sender
        message = mail(
            key=row.key,
            sender_name=sender.name,
            sender_address=sender.address,
            recipient_name="",
            recipient_address=reader.email,
            rendered=confirmation(self._asked, self._url("d")),
            unsubscribe_url=self._url("u"),
            date=now,
        )
        keys = self._ports.dkim.of(self._scope, mail_domain(sender.address))
        signed = Signer(keys[0]).sign(message, now) if keys else message
        return Outgoing(row.key, row.attempt, sender.address, reader.email, signed)

    def _url(self, purpose: Purpose) -> str:
        link = link_of(self._scope, self._asked)._replace(purpose=purpose)
        return f"{self._ports.public_url}/api/{purpose}/{sign(link, self._ports.keys.link)}"

    def _note(self) -> None:
        """What became of it, on its document: then nobody looks after it any more."""
        rows = self._ports.ledger.of_shard(self._scope, self._campaign, self._asked.tries, limit=1)
        if not rows or rows[0].state in ("planned", "intent"):
            return

        def write(found: OptIn) -> None:
            if found.tries == self._asked.tries and found.state == "asked":
                found.state = _STATES.get(rows[0].state, "sent")  # type: ignore[assignment]
                found.reason = rows[0].held or (rows[0].detail if rows[0].state == "failed" else None)

        opt_ins.change(self._ports, self._scope, self._asked.contact, write)


def _like_a_campaign(id: str, asked: OptIn) -> Campaign:
    """What the gate reads of a campaign, said of this one mail: no advertising, at any hour."""
    text = words(asked.request.language)["ask_title"]
    call = CallToAction.model_validate({"text": text, "url": "https://localhost/"})
    request = CampaignRequest(
        name=id,
        brief=Brief(goal=text, offer=text, audience=text, call_to_action=call),
        segment=Segment(all=True),
        message="transactional",
        sender=asked.request.sender,
        window=Window(start=asked.asked_at, days=60, hours=(0, 24)),
    )
    return Campaign(id=id, request=request, name=id, status="sending", created_at=asked.asked_at, created_by=asked.by)
