"""Rules B1 to B4, each with what tries to break it: reports in real formats, about real rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.agents import feedback
from shared.agents.contacts import unsubscribe
from shared.domain import links
from shared.domain.address import effect_key, person_of
from shared.domain.autoreply import MOST_A_DAY
from shared.domain.bounce import SOFT_MOST, Return
from shared.domain.engagement import Engagement
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Settlement
from tests.integration.analyze.home import SCOPE, START, Home, Sent

from .letters import bounce, complaint, name, reply

SCOPES = [Scope("local", "other"), SCOPE]


def row(place: Home, sent: Sent, n: int) -> LedgerRow:
    rows = place.ports.ledger.of_shard(SCOPE, sent.campaign, sent.shards[n])
    return next(each for each in rows if each.person == sent.persons[n])


def take(place: Home, raw: bytes) -> bool:
    return feedback.take(place.ports, SCOPES, feedback.read_letter(raw))


def suppressed(place: Home, sent: Sent, n: int) -> str | None:
    found = place.ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, sent.persons[n])
    return str(found.body["reason"]) if found else None


def returns(place: Home) -> list[Return]:
    return [Return.model_validate(each.body) for each in place.ports.documents.find(SCOPE, Kind.RETURN).documents]


@pytest.mark.parametrize("status", ["5.1.1", "5.1.10"])
def test_rule_b1_no_such_mailbox_is_suppressed_at_once(place: Home, sent: Sent, status: str) -> None:
    to = name(SCOPE, sent.campaign, row(place, sent, 0).key)
    assert take(place, bounce(f"{to}@bounces.example", status))
    after = row(place, sent, 0)
    assert (after.state, after.detail, after.acceptances) == ("failed", f"bounced: {status}", (1,))
    assert suppressed(place, sent, 0) == "bounced"


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", "5.7.515"])
def test_rule_b1_a_policy_bounce_is_kept_for_the_domain_and_spares_the_person(
    place: Home, sent: Sent, status: str
) -> None:
    to = name(SCOPE, sent.campaign, row(place, sent, 0).key)
    assert take(place, bounce(f"{to}@bounces.example", status))
    assert row(place, sent, 0).state == "failed"
    assert suppressed(place, sent, 0) is None
    (kept,) = returns(place)
    assert (kept.trouble, kept.domain, kept.status) == ("policy", "example.org", status)


def test_rule_b1_soft_bounces_suppress_only_after_so_many_within_thirty_days(place: Home, sent: Sent) -> None:
    person = sent.persons[0]

    def earlier(n: int, days: float) -> None:
        at = START - timedelta(days=days)
        kept = Return(
            campaign=f"{n:032x}", key="k", attempt=1, person=person, domain="example.org", trouble="soft",
            status="4.4.7", left_at=at, at=at,
        )  # fmt: skip
        place.ports.documents.put(SCOPE, Kind.RETURN, kept.id, kept.model_dump(mode="json"))

    for n in range(SOFT_MOST):
        earlier(100 + n, 40 + 40 * n)  # too long ago, and too far apart
    for n in range(SOFT_MOST - 2):
        earlier(200 + n, 29)
    letter = bounce(f"{name(SCOPE, sent.campaign, row(place, sent, 0).key)}@bounces.example", "4.4.7")
    assert take(place, letter)
    assert take(place, letter), "the same report again is no second bounce"
    assert suppressed(place, sent, 0) is None
    earlier(300, 2)
    assert take(place, letter)
    assert suppressed(place, sent, 0) == "bounced_often"


def test_rule_b1_a_delay_decides_nothing_but_proves_that_an_unknown_message_was_taken(place: Home, sent: Sent) -> None:
    for n in (0, 3):
        to = name(SCOPE, sent.campaign, row(place, sent, n).key)
        assert take(place, bounce(f"{to}@bounces.example", "4.4.1", action="delayed"))
        assert row(place, sent, n).state == "accepted"
        assert suppressed(place, sent, n) is None


def test_a_bounce_of_an_attempt_that_was_believed_refused_stops_the_next(place: Home, sent: Sent) -> None:
    found = row(place, sent, 3)
    put_off = Settlement(found.key, 1, "planned", not_before=START + timedelta(minutes=5))
    place.ports.ledger.settle(SCOPE, sent.campaign, found.shard, [put_off], START)
    assert take(place, bounce(f"{name(SCOPE, sent.campaign, found.key)}@bounces.example", "5.1.1"))
    after = row(place, sent, 3)
    assert (after.state, after.attempt, after.acceptances) == ("failed", 1, (1,))


@pytest.mark.parametrize("kind", ["abuse", "opt-out"])
def test_rule_b2_a_complaint_suppresses_and_counts(place: Home, sent: Sent, kind: str) -> None:
    signed = name(SCOPE, sent.campaign, row(place, sent, 1).key, 0)
    assert take(place, complaint(f"Message-ID: <{signed}@example.org>\r\n", kind))
    assert suppressed(place, sent, 1) == "complained"
    assert row(place, sent, 1).state == "delivered"
    assert [each.trouble for each in returns(place)] == ["complaint"]
    counted = place.ports.documents.get(SCOPE, Kind.ENGAGEMENT, f"{sent.campaign}-{row(place, sent, 1).key}-complaint")
    assert counted
    assert Engagement.model_validate(counted.body).human == 1


def test_rule_b2_a_report_that_it_is_no_spam_suppresses_nobody(place: Home, sent: Sent) -> None:
    signed = name(SCOPE, sent.campaign, row(place, sent, 1).key, 0)
    assert take(place, complaint(f"Message-ID: <{signed}@example.org>\r\n", "not-spam"))
    assert suppressed(place, sent, 1) is None
    assert returns(place) == []


def test_rule_b2_a_complaint_whose_message_id_was_blacked_out_is_matched_by_its_unsubscribe_link(
    place: Home, sent: Sent
) -> None:
    token = links.sign(sent.link(1, "u"), place.ports.keys.link)
    header = f"List-Unsubscribe: <https://mail.example.org/api/u/{token}>\r\n"
    assert take(place, complaint(header))
    assert suppressed(place, sent, 1) == "complained"
    other = links.sign(sent.link(2, "o"), place.ports.keys.link)
    assert not take(place, complaint(f"List-Unsubscribe: <https://mail.example.org/api/u/{other}>\r\n"))


def test_rule_b3_only_our_signature_counts_and_never_an_address_in_the_report(place: Home, sent: Sent) -> None:
    found = row(place, sent, 0)
    good = name(SCOPE, sent.campaign, found.key)
    forged = [
        "p0@example.org",
        f"{found.key}@example.org",
        f"{good[:-4]}aaaa@bounces.example",
        f"{'a' * 61}@bounces.example",
        f"{name(Scope('local', 'third'), sent.campaign, found.key)}@bounces.example",
        f"x{good}@bounces.example",
    ]
    for to in forged:
        assert not take(place, bounce(to, "5.1.1", f"Message-ID: <{to}>\r\n", recipient="p0@example.org")), to
    assert row(place, sent, 0) == found
    assert [suppressed(place, sent, n) for n in range(6)] == [None] * 6
    assert take(place, bounce(f"{good.upper()}@bounces.example", "5.1.1", recipient="p1@example.org"))
    assert (suppressed(place, sent, 0), suppressed(place, sent, 1)) == ("bounced", None)


def test_rule_b3_a_name_of_another_home_or_of_a_campaign_that_is_gone_is_nobodys(place: Home, sent: Sent) -> None:
    key = row(place, sent, 0).key
    assert not take(place, bounce(f"{name(SCOPE, 'f' * 32, key)}@bounces.example", "5.1.1"))
    stranger = effect_key(SCOPE, sent.campaign, "1", "email", person_of("x@y.example", b"a" * 32))
    assert not take(place, bounce(f"{name(SCOPE, sent.campaign, stranger)}@bounces.example", "5.1.1"))


@pytest.mark.parametrize(
    ("headers", "machine"),
    [
        ({}, None),
        ({"Auto_Submitted": "no"}, None),
        ({"Auto_Submitted": "auto-replied; owner-email=x"}, "auto_submitted"),
        ({"Return_Path": "<>"}, "null_return_path"),
        ({"Precedence": "bulk"}, "precedence"),
        ({"Precedence": "LIST"}, "precedence"),
        ({"List_Id": "<x.example>"}, "mailing_list"),
        ({"X_Autoreply": "yes"}, "auto_header"),
    ],
)
def test_rule_b4_replies_of_machines_are_told_from_those_of_people(
    place: Home, sent: Sent, headers: dict[str, str], machine: str | None
) -> None:
    key = row(place, sent, 4).key
    assert take(place, reply(name(SCOPE, sent.campaign, key, 0), **headers))
    assert row(place, sent, 4).state == "delivered", "whoever answers has got it"
    found = place.ports.documents.get(SCOPE, Kind.ENGAGEMENT, f"{sent.campaign}-{key}-reply")
    assert found
    counted = Engagement.model_validate(found.body)
    assert (counted.human, counted.machine, counted.machine_reason) == (
        0 if machine else 1,
        int(bool(machine)),
        machine,
    )
    assert suppressed(place, sent, 4) is None


def test_rule_b4_machines_are_not_answered_and_people_only_so_often_a_day(place: Home, sent: Sent) -> None:
    human, machine = reply("x"), reply("x", Auto_Submitted="auto-generated")
    assert feedback.why_not_answered(place.ports, SCOPE, machine, "ann") == "auto_submitted"
    own = name(SCOPE, sent.campaign, row(place, sent, 0).key, 0)
    looped = human.replace(b"<reply@people.example>", f"<{own}@example.org>".encode())
    assert feedback.why_not_answered(place.ports, SCOPE, looped, "ann") == "our_own_message"
    answers = [feedback.why_not_answered(place.ports, SCOPE, human, "ann") for _ in range(MOST_A_DAY + 2)]
    assert answers == [None] * MOST_A_DAY + ["enough_today"] * 2
    assert feedback.why_not_answered(place.ports, SCOPE, human, "ben") is None
    place.at(START + timedelta(days=1))
    assert feedback.why_not_answered(place.ports, SCOPE, human, "ann") is None


def test_who_unsubscribed_stays_so_whatever_a_mail_server_says_later(place: Home, sent: Sent) -> None:
    unsubscribe(place.ports, sent.link(0, "u"))
    take(place, bounce(f"{name(SCOPE, sent.campaign, row(place, sent, 0).key)}@bounces.example", "5.1.1"))
    assert suppressed(place, sent, 0) == "unsubscribed"
    take(place, bounce(f"{name(SCOPE, sent.campaign, row(place, sent, 1).key)}@bounces.example", "5.1.1"))
    unsubscribe(place.ports, sent.link(1, "u"))
    assert suppressed(place, sent, 1) == "unsubscribed"


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(20_000))
HOSTILE = {
    "empty": b"",
    "one line": b"x",
    "only newlines": b"\n" * 1_000_000,
    "ten megabytes nested": (NESTED * 12)[:10_000_000],
    "one boundary without end": b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"\r\n--x\r\n" * 1_000_000,
    "no header ends": b"A" * 10_000_000,
    "headers without end": b"To: x@y.example\r\n" * 600_000,
    "one header": b"To: " + b"a" * 9_000_000 + b"\r\n\r\n",
    "folded without end": b"To: a\r\n" + b" b\r\n" * 2_000_000,
    "broken base64": b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"
    b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--",
    "broken utf-8": b"Content-Type: message/delivery-status; charset=\xff\r\nTo: \xff\xfe\r\n\r\n"
    b"Action: \xff\r\nStatus: \x00",
    "nul": b"\x00" * 100_000,
    "names without end": b"To: " + b"a" * 61 + (b"," + b"a" * 61) * 100_000 + b"\r\n\r\n",
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_mail_is_nobodys_and_costs_next_to_nothing(place: Home, sent: Sent, raw: bytes) -> None:
    assert not take(place, raw)
    assert returns(place) == []
