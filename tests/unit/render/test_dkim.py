"""DKIM: dkimpy, which shares no code with ours, verifies what we sign and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.dkim import DkimKey
from shared.render.dkim import Signer, dns_record, make_key
from shared.render.mail import mail, octets_of
from shared.render.personal import Rendered

AT = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
KEY = make_key("studio.example", "b20260303")
SIGNER = Signer(KEY)


def message(
    subject: str = "Six evenings", text: str = "Hello.\n", html: str = "<p>Hello.</p>\n", signer: Signer | None = None
) -> bytes:
    made = mail(
        key="k1",
        sender_name="The Studio",
        sender_address="hello@studio.example",
        recipient_name="Zoë",
        recipient_address="zoe@reader.example",
        rendered=Rendered(subject, "", html, text),
        unsubscribe_url="https://studio.example/api/u/t0ken",
        date=AT,
    )
    return octets_of([made], signer)[0]


def signed_message(**parts: str) -> bytes:
    return message(**parts, signer=SIGNER)


def verifies(signed: bytes) -> bool:
    record = dns_record(KEY)
    published = {f"{record.name}.".encode(): record.value.encode()}
    return bool(dkim.verify(signed, dnsfunc=lambda name, timeout=5: published.get(name)))


def tags(signed: bytes) -> dict[str, str]:
    header = str(message_from_bytes(signed, policy=policy.default)["DKIM-Signature"])
    return {name.strip(): value.strip() for name, _, value in (tag.partition("=") for tag in header.split(";"))}


def test_rule_c7_a_signed_message_verifies_against_the_published_record() -> None:
    signed = signed_message()
    assert verifies(signed)
    assert signed.endswith(message())
    assert signed_message() == signed
    said = [tags(signed)[tag] for tag in "acdst"]
    assert said == ["rsa-sha256", "relaxed/relaxed", "studio.example", "b20260303", str(int(AT.timestamp()))]
    assert all(len(line) < 80 for line in signed[: -len(message())].split(b"\r\n"))


def test_rule_c6_both_unsubscribe_headers_are_signed() -> None:
    signed = signed_message()
    names = [name.strip() for name in tags(signed)["h"].split(":")]
    assert set(names) == {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
        "list-unsubscribe", "list-unsubscribe-post",
    }  # fmt: skip
    assert (names.count("from"), names.count("subject")) == (2, 2)
    assert not verifies(signed.replace(b"List-Unsubscribe-Post: ", b"List-Unsubscribe-Post: Not"))
    assert not verifies(signed.replace(b"/api/u/t0ken", b"/api/u/forged"))


@pytest.mark.parametrize("added", [b"From: <boss@bank.example>\r\n", b"Subject: Pay now\r\n"])
@pytest.mark.parametrize("at_the_end", [False, True])
def test_rule_c7_a_second_from_or_subject_added_on_the_way_breaks_the_signature(added: bytes, at_the_end: bool) -> None:
    signed = signed_message()
    header, _, body = signed.partition(b"\r\n\r\n")
    forged = header + b"\r\n" + added + b"\r\n" + body if at_the_end else added + signed
    assert not verifies(forged)


@pytest.mark.parametrize(
    ("found", "put"),
    [(b"Hello.", b"Hullo."), (b"Six evenings", b"Six mornings"), (b"zoe@", b"zac@"), (b"09:30", b"10:30")],
)
def test_rule_c7_a_changed_message_does_not_verify(found: bytes, put: bytes) -> None:
    assert found in message()
    assert not verifies(signed_message().replace(found, put))


def test_a_relay_may_fold_and_pad_what_it_passes_on() -> None:
    signed = signed_message(subject="Six evenings for your back", text="One  two\t \nthree \n\n\n")
    refolded = signed.replace(b"Six evenings for", b"Six evenings\r\n\t for").replace(b"To: ", b"TO:   ")
    assert verifies(refolded + b"\r\n\r\n")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.text(" \t\r\n.ab=", max_size=60)


@settings(deadline=None, max_examples=40)
@given(subject=TEXTS, text=TEXTS, html=TEXTS)
def test_whatever_is_written_is_signed_as_others_read_it(subject: str, text: str, html: str) -> None:
    assert verifies(signed_message(subject=subject, text=text, html=html))


@settings(deadline=None, max_examples=40)
@given(text=st.text(" \t\n\r.=F", max_size=80))
def test_a_relay_finds_no_white_space_to_tidy_up(text: str) -> None:
    signed = signed_message(text=text, html=text)
    tidied = re.sub(rb"[ \t]+(?=\r\n)", b"", re.sub(rb"[ \t]+", b" ", signed.partition(b"\r\n\r\n")[2]))
    assert signed.endswith(b"\r\n\r\n" + tidied)
    assert verifies(signed)


def test_the_record_is_what_dns_holds() -> None:
    record = dns_record(KEY)
    assert record.name == "b20260303._domainkey.studio.example"
    assert record.value.startswith("v=DKIM1; k=rsa; p=MIIB")
    name, _, strings = str(record).partition(". IN TXT ")
    assert name == record.name
    assert [len(each) <= 255 for each in strings.strip('"').split('" "')] == [True, True]
    assert "".join(strings.strip('"').split('" "')) == record.value


@pytest.mark.parametrize("pem", ["", "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_sign_is_named_and_not_shown(pem: str) -> None:
    for use in (Signer, dns_record):
        with pytest.raises(ValueError, match=r"the DKIM key b1 of studio\.example") as refused:
            use(DkimKey("studio.example", "b1", pem))
        assert "SECRET" not in str(refused.value)
