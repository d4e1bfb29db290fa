"""A mail, read back by the standard library's parser: whatever goes in, the header holds and the body returns."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.render.mail import mail
from shared.render.personal import Rendered

HEADER = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Baton-Effect",
    "MIME-Version", "Content-Type",
]  # fmt: skip

anything = st.text(st.characters(exclude_categories=[]), max_size=300)
PIECES = ["\r\n", "\n", "\r", "\0", "Bcc: all@example.com", ": ", "=?utf-8?Q?x?=", '"', "\\", "ü", "名", "😀", " ", "."]
hostile = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
line = anything | hostile


def texts(subject: str = "Spring", html: str = "<p>Hello</p>", text: str = "Hello") -> Rendered:
    return Rendered(subject, "", html, text)


def made(rendered: Rendered | None = None, **changes: Any) -> bytes:
    arguments: dict[str, Any] = {
        "key": "k2abc",
        "sender_name": "Nordlicht",
        "sender_address": "hello@nordlicht.example",
        "recipient_name": "Ada Lovelace",
        "recipient_address": "ada@example.com",
        "rendered": rendered or texts(),
        "unsubscribe_url": "https://baton.example/api/u/abc",
        "date": datetime(2027, 3, 1, 8, tzinfo=UTC),
    }
    return bytes(mail(**(arguments | changes)))


def parsed(message: bytes) -> EmailMessage:
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def cleaned(text: str) -> str:
    """What a header may keep of a text: one line of printable characters."""
    shown = re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", text).strip()
    return shown.encode(errors="replace").decode()


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode()


def newlines(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text).encode(errors="replace").decode()


def assert_well_formed(message: bytes) -> None:
    assert message.isascii()
    assert message.endswith(b"\r\n")
    assert message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r")
    assert max(len(each) for each in message.split(b"\r\n")) <= 998
    assert b"\0" not in message


@given(subject=line, sender=line, recipient=line)
@example(subject="x\r\nBcc: all@example.com\r\n\r\n<html>", sender='"\r\n', recipient="=?utf-8?Q?x?=")
@example(subject="\ud800" * 50, sender="\u2028Bcc: x", recipient="\x85Bcc: x")
def test_no_name_or_subject_adds_changes_or_ends_a_header(subject: str, sender: str, recipient: str) -> None:
    message = made(texts(subject=subject), sender_name=sender, recipient_name=recipient)
    found = parsed(message)

    assert_well_formed(message)
    assert found.keys() == HEADER
    assert [each.addr_spec for each in found["From"].addresses] == ["hello@nordlicht.example"]
    assert [each.addr_spec for each in found["To"].addresses] == ["ada@example.com"]
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


@given(subject=line)
def test_a_subject_is_read_back_as_one_clean_line(subject: str) -> None:
    assert parsed(made(texts(subject=subject)))["Subject"] == cleaned(subject)


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", 'Dr. "Ada" \\ Co, Ltd.', "Zoë Müller", "名前 " * 30, "a" * 300, "=?utf-8?Q?x?="]
)
def test_a_display_name_is_read_back(name: str) -> None:
    # The newer policy leaves spaces between the encoded words of a long name; the older decoder knows RFC 2047 6.2.
    phrase, address = parseaddr(email.message_from_bytes(made(recipient_name=name))["To"])
    assert str(make_header(decode_header(phrase))) == name.strip()
    assert address == "ada@example.com"


@given(text=anything | hostile, html=anything | hostile)
@example(text=".", html="\n.\n..\nFrom me\n--=_k2abc--\n")
@example(text="x" * 5_000, html="ü" * 3_000)
@example(text="tab\t\nspace \nend ", html="\ud83d")
def test_both_bodies_return_as_they_went_in(text: str, html: str) -> None:
    message = made(texts(text=text, html=html))
    found = parsed(message)

    assert_well_formed(message)
    assert body(found, "plain") == newlines(text)
    assert body(found, "html") == newlines(html)


def test_latin_text_stays_readable_and_other_scripts_stay_short() -> None:
    assert b"Gr=C3=BC=C3=9Fe aus Lindau" in made(texts(text="Grüße aus Lindau"))
    assert len(made(texts(text="Привет, мир! " * 100))) < 2 * len("Привет, мир! ".encode() * 100)


def test_the_effect_key_names_the_message_and_unsubscribing_is_one_click() -> None:
    found = parsed(made())

    assert found["Baton-Effect"] == "k2abc"
    assert found["Message-ID"] == "<k2abc@nordlicht.example>"
    assert found["List-Unsubscribe"] == "<https://baton.example/api/u/abc>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Date"].datetime == datetime(2027, 3, 1, 8, tzinfo=UTC)
    assert "Auto-Submitted" not in found


def test_the_same_arguments_make_the_same_bytes() -> None:
    assert made() == made()


def test_a_domain_is_written_in_ascii_and_a_local_part_in_utf8() -> None:
    assert (
        parsed(made(recipient_address="ada@straße.example"))["To"].addresses[0].addr_spec == "ada@xn--strae-oqa.example"
    )
    assert 'To: "Ada Lovelace" <zoë@example.com>'.encode() in made(recipient_address="zoë@example.com")


@given(junk=st.sampled_from(list('\r\n\0 <>,;:"()[]\\\x7f\x85\u2028')), at=st.integers(0, 14))
def test_an_address_that_could_break_the_header_is_refused_by_field(junk: str, at: int) -> None:
    address = "ada@example.com"
    with pytest.raises(ValueError, match="recipient_address"):
        made(recipient_address=address[:at] + junk + address[at:])


@pytest.mark.parametrize(
    "address", ["", "ada", "@example.com", "ada@", "a@b@c", f"{'a' * 320}@example.com", "ada@ex\u2260..é"]
)
def test_what_is_no_address_is_refused_by_field(address: str) -> None:
    with pytest.raises(ValueError, match="sender_address"):
        made(sender_address=address)


@pytest.mark.parametrize(
    "url", ["", "javascript:1", "https://x/\r\nBcc: y", "https://x/>", "https://x/ü", "https://x/" + "a" * 900]
)
def test_a_link_that_a_header_cannot_hold_is_refused_by_field(url: str) -> None:
    with pytest.raises(ValueError, match="unsubscribe_url"):
        made(unsubscribe_url=url)
