"""The mails that ask for a confirmation leave: each through gate and ledger as one row, once, whatever is killed or run
again in between (design 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import uuid_utils

from shared.agents import brand, facts, policy
from shared.agents.channels import channel_named
from shared.agents.contacts.opt_in import follow, link_of, opt_ins
from shared.agents.distribute.window import FRESH, Shard, recall, settle
from shared.agents.guardian.standing import why_stopped
from shared.agents.return_settings import return_settings
from shared.domain.address import effect_key
from shared.domain.brand import Look, look_of
from shared.domain.campaign import Brief, CallToAction, Campaign, CampaignRequest, Segment, Window, sender_domain
from shared.domain.choice_words import words
from shared.domain.contact import Consent, Contact
from shared.domain.gate import Verdict, decide
from shared.domain.links import Purpose, sign
from shared.domain.names import Kind
from shared.domain.opt_in import OptIn, OptInState, opt_in_campaign
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.returns import sign_return
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.slots import zone
from shared.ports import Claim, LedgerRow, Outgoing, PlannedRow, Ports, Session
from shared.render.confirmation import confirmation
from shared.render.dkim import Signer
from shared.render.mail import mail, mail_domain, octets_of

LEASE = timedelta(minutes=2)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=50)
_PAGE = 100
_OPEN: tuple[OptInState, ...] = ("asked", "unknown")


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One turn of the flow of a request, `{scope, asking}`: what can leave leaves, and whoever could know is asked
    about what is unknown. Later as long as any of it may still change and its link has not ended."""
    scope = Scope(*order["scope"])
    errands = [_Errand(ports, scope, each) for each in _open(ports, scope, order["asking"])]
    for each in errands:
        each.look_after()
    why = _leave(ports, scope, [each for each in errands if each.may_leave()])
    again = [at for each in errands if (at := each.again())]
    return Later(min(again), why or "waiting") if again else Done()


def open_askings(ports: Ports, scope: Scope) -> set[str]:
    """The requests that have mails which are to leave or may be unknown, and whose links have not ended."""
    now = ports.clock.now()
    return {each.asking for each in _open(ports, scope) if now < each.until + _LONGEST_WAIT}


def fail(ports: Ports, scope: Scope, asking: str, why: str) -> None:
    """Say on what has not left that it will not."""

    def write(found: OptIn) -> None:
        if found.asking == asking and found.state == "asked":
            found.state, found.reason = "failed", why

    for each in list(_open(ports, scope, asking)):
        opt_ins.change(ports, scope, each.contact, write)


def _open(ports: Ports, scope: Scope, asking: str | None = None) -> Iterator[OptIn]:
    wanted = [Filter("state", "in", _OPEN), *([Filter("asking", "eq", asking)] if asking else [])]
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.OPT_IN, wanted, None, _PAGE, cursor)
        yield from (OptIn.model_validate(each.body) for each in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def _leave(ports: Ports, scope: Scope, errands: Sequence[_Errand]) -> str | None:
    """Hand them over, on one connection. Returns why that was not possible, as a short code."""
    channel = channel_named(ports, "email")
    if not errands:
        return None
    if channel.refusal():
        return "not_set_up"
    with channel.session(scope) as session:
        if session.unreachable():
            return "unreachable"
        for each in errands:
            each.leave(session)
    return None


class _Errand:
    """One mail of one person, and its row in the ledger."""

    def __init__(self, ports: Ports, scope: Scope, asked: OptIn) -> None:
        self._ports, self._scope, self._asked = ports, scope, asked
        self._campaign = opt_in_campaign(asked.contact)
        self._shard = Shard(ports, scope, self._campaign, asked.tries, f"opt-in/{uuid_utils.uuid4().hex[:12]}")
        self._place = scope, self._campaign, asked.tries
        self._like = _like_a_campaign(self._campaign, asked)

    def look_after(self) -> None:
        """See that there is a row; what a killed sender left is unknown, and whoever could know is asked."""
        ports, asked = self._ports, self._asked
        key = effect_key(self._scope, self._campaign, str(asked.tries), "email", asked.person)
        row = PlannedRow(key, asked.contact, asked.person, "A", asked.asked_at, "opt_in")
        ports.ledger.plan(*self._place, [row])
        ports.ledger.expire(*self._place, self._shard.owner, ports.clock.now())
        recall(self._shard, self._like, lambda row, reader: self._message(row, reader, ports.clock.now()))
        self._asked = follow(ports, self._scope, asked)

    def may_leave(self) -> bool:
        """Is its turn now?"""
        now = self._ports.clock.now()
        if not self._due(now) or now >= self._asked.until:
            return False
        return why_stopped(self._ports, self._scope, sender_domain(self._like.request)) is None

    def leave(self, session: Session) -> None:
        """Through the gate, and out."""
        ports, now = self._ports, self._ports.clock.now()
        (row,) = self._due(now)
        verdict, reader = self._verdict(row, now)
        held = verdict.code if verdict.state == "held" else None
        claim = Claim(row.key, row.attempt, verdict.state, verdict.record(), held, verdict.not_before)
        granted = ports.ledger.claim(*self._place, self._shard.owner, [claim], now, now + LEASE)
        if granted and reader is not None:
            settle(self._shard, list(session.send([self._message(row, reader, now)], FRESH.total_seconds())))
        self._asked = follow(ports, self._scope, self._asked)

    def again(self) -> datetime | None:
        """When to look at it once more; None: nothing about it will change by itself."""
        asked, now = self._asked, self._ports.clock.now()
        if asked.state not in _OPEN:
            return None
        (row,) = self._ports.ledger.of_shard(*self._place, limit=1)
        if now < asked.until:
            passed = now - (row.settled_at or asked.asked_at)
            at = row.not_before if row.state == "planned" else now
            wait = max(passed, _FIRST_WAIT) if row.state == "unknown" else min(max(passed, _FIRST_WAIT), _LONGEST_WAIT)
            return min(max(at, now + wait), asked.until)
        if row.state in ("intent", "submitted"):
            return now + LEASE
        fail(self._ports, self._scope, asked.asking, "it could not leave before its link ended")
        return None

    def _due(self, now: datetime) -> list[LedgerRow]:
        return self._ports.ledger.of_shard(*self._place, state="planned", due_by=now, limit=1)

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
        keys = self._ports.dkim.of(self._scope, mail_domain(sender.address))
        written = mail(
            key=row.key,
            sender_name=sender.name,
            sender_address=sender.address,
            recipient_name="",
            recipient_address=reader.email,
            rendered=confirmation(self._asked, self._url("d"), self._look()),
            unsubscribe_url=self._url("u"),
            date=now,
            name=self._name(0),
        )
        [message] = octets_of([written], Signer(keys[0]) if keys else None)
        bounce_domain = return_settings(self._ports, self._scope).bounce_domain
        path = f"{self._name(row.attempt)}@{bounce_domain}" if bounce_domain else sender.address
        return Outgoing(row.key, row.attempt, path, reader.email, message)

    def _look(self) -> Look:
        """The brand's colours. No logo: its link would tell that the mail was opened."""
        return look_of(brand.read(self._ports, self._scope)[0])

    def _name(self, attempt: int) -> str:
        """By which it is known when it comes back (rule B3); 0: whatever the attempt."""
        asked = self._asked
        key = effect_key(self._scope, self._campaign, str(asked.tries), "email", asked.person)
        return sign_return(self._scope, asked.asking, key, attempt, self._ports.keys.link)

    def _url(self, purpose: Purpose) -> str:
        link = link_of(self._scope, self._asked)._replace(purpose=purpose)
        return f"{self._ports.public_url}/api/{purpose}/{sign(link, self._ports.keys.link)}"


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
