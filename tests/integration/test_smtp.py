"""What each reply, silence and broken connection of a mail server means for a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from shared.adapters.channels._smtp_connect import Timeouts
from shared.adapters.channels.smtp import SmtpChannel
from shared.domain.scope import Scope
from shared.ports import Outgoing, Receipt
from tests.servers.smtp_strict import PASSWORD, USER, Authority, Manner, Record, authority, strict_server

SCOPE = Scope("local", "main")
SENDER = "hello@nordlicht.example"
SHORT = Timeouts(connect=5, command=5, data=5, block=5, end=5)
BOTH = pytest.mark.parametrize("pipelining", [True, False])


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


def to(local: str, n: int = 0, text: bytes = b"Subject: x\r\n\r\nHello\r\n") -> Outgoing:
    return Outgoing(f"{local}{n}", 1, SENDER, f"{local}@example.com", text)


@contextmanager
def channel(manner: Manner, options: str = "connections=1", login: str = "") -> Iterator[tuple[SmtpChannel, Record]]:
    with strict_server(manner) as record:
        made = SmtpChannel(f"smtp://{login}127.0.0.1:{record.port}?{options}", "")
        made.timeouts = SHORT
        yield made, record


def sent(made: SmtpChannel, *messages: Outgoing) -> list[Receipt]:
    with made.session(SCOPE) as session:
        return list(session.send(messages))


def states(receipts: list[Receipt]) -> dict[str, str]:
    return {receipt.key: receipt.state for receipt in receipts}


# ------------------------------------------------------------------ replies


@BOTH
def test_accepted_with_the_reply_as_the_providers_id_and_the_price(pipelining: bool) -> None:
    with channel(Manner(pipelining=pipelining), "cost_per_message=0.0003") as (made, record):
        assert sent(made, to("ada")) == [Receipt("ada0", 1, "accepted", "250 2.0.0 taken 1", None, 300)]
        assert record.taken[0].content == b"Subject: x\r\n\r\nHello\r\n"
        assert record.commands == ["QUIT"]


@BOTH
@pytest.mark.parametrize(
    ("local", "state", "said"),
    [
        ("r550", "failed", "550 5.1.1 no such user"),
        ("r451", "deferred", "451 4.7.1 greylisted"),
        ("r421", "deferred", "421 4.3.2 shutting down"),
        ("r530", "deferred", "530 5.7.0 authentication required"),
        ("r550-then-drop", "failed", "550 5.1.1 no such user"),
        ("late550", "failed", "550 5.7.1 spam"),
        ("late451", "deferred", "451 4.3.0 busy"),
        ("late421", "deferred", "421 4.3.2 shutting down"),
        ("late354", "unknown", "354 what?"),
        ("drop-rcpt", "deferred", "connection"),
        ("drop-data", "deferred", "connection"),
        ("drop-reply", "unknown", "no reply to the text: "),
    ],
)
def test_a_misfortune_has_one_meaning_and_the_neighbours_are_sent_once(
    local: str, state: str, said: str, pipelining: bool
) -> None:
    with channel(Manner(pipelining=pipelining)) as (made, record):
        receipts = sent(made, to("before"), to(local), to("after"))

        assert states(receipts) == {"before0": "accepted", f"{local}0": state, "after0": "accepted"}
        assert said in next(str(receipt.detail) for receipt in receipts if receipt.key == f"{local}0")
        assert [who for who in record.recipients() if local not in who] == ["before@example.com", "after@example.com"]


@BOTH
def test_a_refused_sender_fails(pipelining: bool) -> None:
    with channel(Manner(pipelining=pipelining)) as (made, record):
        receipts = sent(made, replace(to("ada"), sender="m550@nordlicht.example"), to("after"))

        assert states(receipts) == {"ada0": "failed", "after0": "accepted"}
        assert record.commands.count("RSET") == 1


def test_a_server_that_awaits_a_text_without_any_recipient_gets_a_single_dot() -> None:
    with channel(Manner()) as (made, record):
        receipts = sent(made, to("open354"), to("after"))

        assert states(receipts) == {"open3540": "failed", "after0": "accepted"}
        assert record.commands == [".\r\n", "QUIT"]
        assert record.recipients() == ["after@example.com"]


def test_a_text_broken_off_before_its_dot_is_deferred() -> None:
    with channel(Manner()) as (made, _):
        receipts = sent(made, to("drop-text", text=b"x: y\r\n" * 2_000_000), to("after"))

        assert states(receipts) == {"drop-text0": "deferred", "after0": "accepted"}


@pytest.mark.parametrize("local", ["noisy", "early250"])
def test_no_text_is_written_to_a_server_that_spoke_out_of_turn(local: str) -> None:
    with channel(Manner()) as (made, record):
        receipts = sent(made, to(local), to("after"))

        assert states(receipts) == {f"{local}0": "deferred", "after0": "accepted"}
        assert record.recipients() == ["after@example.com"]


@BOTH
def test_a_server_that_accepts_and_then_says_500_harms_nobody_else(pipelining: bool) -> None:
    with channel(Manner(pipelining=pipelining)) as (made, record):
        receipts = sent(made, to("before"), to("then500"), to("after"), to("last"))

        assert states(receipts) == dict.fromkeys(("before0", "then5000", "after0", "last0"), "accepted")
        assert sorted(record.recipients()) == sorted(
            f"{who}@example.com" for who in ("before", "then500", "after", "last")
        )


@pytest.mark.parametrize(
    "banner", ["220-" + "x" * 1_000_000 + "\r\n220 hello", "220-hello\r\n" * 10_000 + "220 hello", "\0" * 100_000]
)
def test_a_banner_without_end_is_not_listened_to(banner: str) -> None:
    with channel(Manner(banner=banner)) as (made, record):
        receipts = sent(made, to("ada"))

        assert states(receipts) == {"ada0": "deferred"}
        assert len(str(receipts[0].detail)) < 400
        assert record.taken == []


# ------------------------------------------------------------------ silence


@BOTH
def test_a_reply_that_comes_byte_by_byte_is_waited_for_no_longer_than_any_other(pipelining: bool) -> None:
    with channel(Manner(pipelining=pipelining)) as (made, record):
        made.timeouts = replace(SHORT, command=0.3)
        receipts = sent(made, to("drip-rcpt"), to("after"))

        assert states(receipts) == {"drip-rcpt0": "deferred", "after0": "accepted"}
        assert record.recipients() == ["after@example.com"]


def test_no_message_begins_when_what_was_decided_about_it_has_grown_old() -> None:
    with channel(Manner()) as (made, record):
        with made.session(SCOPE) as session:
            receipts = list(session.send([to("late-rcpt"), *(to("ada", n) for n in range(3))], within=0.2))
            again = list(session.send([to("bob")]))

        assert {receipt.state for receipt in receipts} == {"unsent"}
        assert states(again) == {"bob0": "accepted"}
        assert record.recipients() == ["bob@example.com"]


@BOTH
def test_silence_before_the_text_defers_and_after_it_is_unknown(pipelining: bool) -> None:
    with channel(Manner(pipelining=pipelining)) as (made, record):
        made.timeouts = replace(SHORT, command=0.2, end=0.2)
        receipts = sent(made, to("slow-rcpt"), to("slow-reply"), to("after"))

        assert states(receipts) == {"slow-rcpt0": "deferred", "slow-reply0": "unknown", "after0": "accepted"}
        assert receipts[0].detail == "no answer within 0.2 s"
        assert record.recipients() == ["slow-reply@example.com", "after@example.com"]


def test_a_port_where_nobody_listens_defers_everything_with_the_reason() -> None:
    with strict_server(Manner()) as record:
        port = record.port
    receipts = sent(SmtpChannel(f"smtp://127.0.0.1:{port}", ""), *(to("ada", n) for n in range(20)))

    assert len(receipts) == 20
    assert {(receipt.state, receipt.detail) for receipt in receipts} == {
        ("deferred", f"127.0.0.1:{port} cannot be reached: Connect call failed ('127.0.0.1', {port})")
    }


# ------------------------------------------------------------------ connections


def test_connections_are_kept_from_window_to_window() -> None:
    with channel(Manner(), "connections=3") as (made, record), made.session(SCOPE) as session:
        for window in range(4):
            receipts = list(session.send([to("ada", 10 * window + n) for n in range(10)]))
            assert {receipt.state for receipt in receipts} == {"accepted"}

        assert record.connections <= 3
        assert len(record.taken) == 40


@BOTH
def test_a_server_that_tires_of_a_connection_loses_and_doubles_nothing(pipelining: bool) -> None:
    with channel(Manner(pipelining=pipelining, patience=3), "connections=2") as (made, record):
        receipts = sent(made, *(replace(to("ada", n), recipient=f"p{n}@example.com") for n in range(20)))

        assert {receipt.state for receipt in receipts} == {"accepted"}
        assert sorted(record.recipients()) == sorted(f"p{n}@example.com" for n in range(20))
        assert record.connections >= 6


def test_one_open_connection_does_the_work_of_those_that_are_refused() -> None:
    with channel(Manner(refuse_from_connection=2), "connections=4") as (made, record):
        receipts = sent(made, *(to("ada", n) for n in range(20)))

        assert {receipt.state for receipt in receipts} == {"accepted"}
        assert len(receipts) == len(record.taken) == 20


def test_the_rest_is_deferred_when_no_connection_can_be_opened_any_more() -> None:
    with channel(Manner(refuse_from_connection=2)) as (made, _):
        receipts = sent(made, to("ada"), to("drop-reply"), to("after"), to("after", 1))

        assert states(receipts) == {
            "ada0": "accepted",
            "drop-reply0": "unknown",
            "after0": "deferred",
            "after1": "deferred",
        }
        assert receipts[-1].detail == "the server greeted with 421 4.7.0 too many connections"


def test_whoever_stops_taking_receipts_early_can_still_close_and_open_again() -> None:
    with channel(Manner()) as (made, _), made.session(SCOPE) as session:
        receipts = session.send([to("ada", n) for n in range(5)] + [to("slow-reply")])
        assert next(receipts).state == "accepted"
        receipts.close()

        assert [receipt.state for receipt in session.send([to("bob")])] == ["accepted"]


def test_nothing_to_send_opens_nothing() -> None:
    with channel(Manner()) as (made, record):
        assert sent(made) == []
        assert record.connections == 0


# ------------------------------------------------------------------ texts and addresses


@BOTH
def test_leading_dots_arrive_as_they_were(pipelining: bool) -> None:
    text = b".\r\n..\r\n.x\r\n\r\n.\r\nend without line break"
    with channel(Manner(pipelining=pipelining)) as (made, record):
        receipts = sent(made, to("ada", text=text), to("after"))

        assert [receipt.state for receipt in receipts] == ["accepted", "accepted"]
        assert record.taken[0].content == text + b"\r\n"


@pytest.mark.parametrize(
    "text", [b"a\nb\r\n", b"a\rb\r\n", b"a\r\n.\n\r\n", b"a\n.\r\nMAIL FROM:<x@y>\r\n", b"a\r\n\r"]
)
def test_a_bare_line_end_could_hide_a_second_message_and_is_refused(text: bytes) -> None:
    with channel(Manner()) as (made, record):
        receipts = sent(made, to("ada", text=text), to("after"))

        assert [(receipt.state, receipt.detail) for receipt in receipts] == [
            ("failed", "the message holds a bare CR or LF"),
            ("accepted", None),
        ]
        assert record.recipients() == ["after@example.com"]


@pytest.mark.parametrize(
    "address", ["", "ada", "a@b>\r\nRCPT TO:<c@d", "a b@c", "ada@ex ample.com", "a@b\0", "a@\ud800", "a@é..é"]
)
def test_an_address_that_could_end_the_command_fails(address: str) -> None:
    with channel(Manner()) as (made, record):
        receipts = sent(made, replace(to("ada"), recipient=address), replace(to("ada", 1), sender=address), to("after"))

        assert [receipt.state for receipt in receipts] == ["failed", "failed", "accepted"]
        assert record.recipients() == ["after@example.com"]


def test_what_is_not_ascii_is_announced() -> None:
    with channel(Manner()) as (made, record):
        messages = (
            to("eight", text="Grüße\r\n".encode()),
            replace(to("utf8"), recipient="zoë@example.com"),
            replace(to("idn"), recipient="ada@straße.example"),
        )
        assert {receipt.state for receipt in sent(made, *messages)} == {"accepted"}
        assert [(each.recipient, each.options) for each in record.taken] == [
            ("eight@example.com", ("BODY=8BITMIME",)),
            ("zoë@example.com", ("SMTPUTF8",)),
            ("ada@xn--strae-oqa.example", ()),
        ]


def test_what_a_plain_server_cannot_take_fails_with_the_reason() -> None:
    with channel(Manner(ascii_only=True)) as (made, _):
        receipts = sent(
            made, to("eight", text=b"\xff\r\n"), replace(to("utf8"), recipient="zoë@example.com"), to("after")
        )

        assert [(receipt.state, receipt.detail) for receipt in receipts] == [
            ("failed", "the message holds 8-bit octets and the server offers no 8BITMIME"),
            ("failed", "an address is not ASCII and the server offers no SMTPUTF8"),
            ("accepted", None),
        ]


# ------------------------------------------------------------------ TLS and AUTH


def secure(trusted: Authority, **changes: Any) -> Manner:
    return Manner(tls=trusted.context, require_tls=True, auth=True, **changes)


@pytest.mark.parametrize("login_only", [False, True])
def test_credentials_travel_over_verified_tls_only(trusted: Authority, login_only: bool) -> None:
    login = f"{USER}:{quote(PASSWORD, safe='')}@"
    with channel(secure(trusted, login_only=login_only), f"ca={trusted.ca_file}", login) as (made, record):
        receipts = sent(made, *(to("ada", n) for n in range(8)))

        assert {receipt.state for receipt in receipts} == {"accepted"}
        assert {(each.user, each.encrypted) for each in record.taken} == {(USER, True)}


def test_tls_is_used_wherever_it_is_offered(trusted: Authority) -> None:
    with channel(Manner(tls=trusted.context), f"ca={trusted.ca_file}") as (made, record):
        assert [receipt.state for receipt in sent(made, to("ada"))] == ["accepted"]
        assert record.taken[0].encrypted


@BOTH
def test_misfortunes_mean_the_same_under_tls(trusted: Authority, pipelining: bool) -> None:
    manner = Manner(tls=trusted.context, require_tls=True, pipelining=pipelining)
    with channel(manner, f"connections=1&ca={trusted.ca_file}") as (made, _):
        receipts = sent(made, to("drop-rcpt"), to("drop-reply"), to("r550"), to("after"))

        assert states(receipts) == {
            "drop-rcpt0": "deferred",
            "drop-reply0": "unknown",
            "r5500": "failed",
            "after0": "accepted",
        }


def test_a_large_message_arrives_whole_under_tls(trusted: Authority) -> None:
    text = b"".join(b"%07d\r\n" % n for n in range(100_000))
    with channel(Manner(tls=trusted.context), f"connections=1&ca={trusted.ca_file}") as (made, record):
        assert [receipt.state for receipt in sent(made, to("ada", text=text), to("after"))] == ["accepted", "accepted"]
        assert record.taken[0].content == text


def test_a_certificate_that_nobody_vouches_for_defers(trusted: Authority) -> None:
    with channel(Manner(tls=trusted.context)) as (made, record):
        (receipt,) = sent(made, to("ada"))

        assert receipt.state == "deferred"
        assert "the certificate of 127.0.0.1 is not trusted" in str(receipt.detail)
        assert record.taken == []


def test_a_wrong_password_defers_and_is_not_told(trusted: Authority) -> None:
    with channel(secure(trusted), f"ca={trusted.ca_file}", f"{USER}:wr0ng@") as (made, _):
        (receipt,) = sent(made, to("ada"))

        assert receipt.state == "deferred"
        assert str(receipt.detail).startswith("AUTH was answered with 535")
        assert "wr0ng" not in repr(made.__dict__)


def test_without_starttls_no_credentials_are_shown() -> None:
    with channel(Manner(), login="user:pass@") as (made, _):
        (receipt,) = sent(made, to("ada"))

        assert receipt.state == "deferred"
        assert receipt.detail == "127.0.0.1 offers no STARTTLS, and without it nothing may be sent there"


def test_words_slipped_in_before_tls_end_the_connection(trusted: Authority) -> None:
    with channel(Manner(tls=trusted.context, injects=True), f"ca={trusted.ca_file}") as (made, _):
        (receipt,) = sent(made, to("ada"))

        assert receipt.state == "deferred"
        assert receipt.detail == "the server spoke between STARTTLS and TLS"


# ------------------------------------------------------------------ the URL


def test_the_url_names_the_rate_the_price_and_the_defaults() -> None:
    made = SmtpChannel("smtp://mail.example:2525?rate_per_second=12.5&cost_per_message=0.0003", "")
    plain = SmtpChannel("smtp://mail.example", "")

    assert (made.rate_per_second, made.cost_micros) == (12.5, 300)
    assert (plain.rate_per_second, plain.cost_micros) == (100, 0)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "must look like"),
        ("http://mail.example", "must look like"),
        ("smtp://", "must look like"),
        ("smtp://mail.example/path", "must look like"),
        ("smtp://mail.example[", "must look like"),
        ("smtp://mail.ex\u2100mple", "must look like"),
        ("smtp://mail.example:99999", "port"),
        ("smtp://mail.example:x", "port"),
        ("smtp://mail.example?rate_per_second=0", "rate_per_second '0'"),
        ("smtp://mail.example?rate_per_second=fast", "rate_per_second 'fast'"),
        ("smtp://mail.example?cost_per_message=-1", "cost_per_message '-1'"),
        ("smtp://mail.example?connections=0", "connections '0'"),
        ("smtp://mail.example?connections=nan", "connections 'nan'"),
        ("smtp://mail.example?ca=/nowhere.pem", "ca '/nowhere.pem'"),
        ("smtp://mail.example?retries=3", "unknown option retries"),
    ],
)
def test_a_wrong_url_is_refused_by_its_part_without_the_password(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        SmtpChannel(url.replace("smtp://m", "smtp://user:s3cret@m"), "")
    assert "BATON_SMTP_URL" in str(raised.value)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("host", "public_url", "may"),
    [
        ("mail.example", "https://baton.example", True),
        ("mail.example", "http://baton.example", False),
        ("mail.example", "", False),
        ("127.1.2.3", "", True),
        ("[::1]", "http://127.0.0.1:7071", True),
        ("localhost", "", True),
        ("127.0.0.1.example", "", False),
    ],
)
def test_mail_to_the_world_needs_links_that_the_world_can_reach(host: str, public_url: str, may: bool) -> None:
    refusal = SmtpChannel(f"smtp://{host}", public_url).refusal()

    assert (refusal is None) == may
    assert may or "Set BATON_PUBLIC_URL" in str(refusal)


# ------------------------------------------------------------------ before a window


def test_a_server_that_is_there_is_reached_once_and_then_used() -> None:
    with channel(Manner()) as (made, record), made.session(SCOPE) as session:
        assert session.unreachable() is session.unreachable() is None
        assert states(list(session.send([to("ada")]))) == {"ada0": "accepted"}
        assert record.connections == 1


def test_nobody_is_claimed_for_a_server_that_is_away_or_does_not_let_us_in(trusted: Authority) -> None:
    with SmtpChannel("smtp://127.0.0.1:1", "").session(SCOPE) as session:
        assert "127.0.0.1:1 cannot be reached" in (session.unreachable() or "")
    with (
        channel(secure(trusted), f"ca={trusted.ca_file}", f"{USER}:wrong@") as (made, _),
        made.session(SCOPE) as session,
    ):
        why = session.unreachable() or ""
        assert "AUTH" in why
        assert "wrong" not in why
