"""How a text travels: whatever it holds, the server reads exactly it and finds the end where we put it."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.channels._smtp_parcel import wrap
from shared.ports import Outgoing
from shared.render.mail import mail
from shared.render.personal import Rendered

lines = st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a.", b"a", b"QUIT"]), min_size=1, max_size=12)


def travelling(message: bytes) -> bytes:
    return wrap(Outgoing("k1", 1, "a@example.com", "b@example.com", message), {}).text


def read_by_a_server(stream: bytes) -> tuple[bytes, bytes]:
    """The text up to the terminating dot with its stuffing removed (RFC 5321 4.5.2), and what follows."""
    text = b""
    while True:
        line, _, stream = stream.partition(b"\r\n")
        if line == b".":
            return text, stream
        text += line.removeprefix(b".") + b"\r\n"


@given(lines)
def test_a_server_reads_the_text_that_was_sent_and_nothing_behind_it(texts: list[bytes]) -> None:
    message = b"\r\n".join(texts) + b"\r\n"

    assert read_by_a_server(travelling(message) + b".\r\nMAIL FROM:<x>\r\n") == (message, b"MAIL FROM:<x>\r\n")


@given(st.text(), st.text(), st.text())
def test_every_mail_that_we_make_can_travel(subject: str, text: str, html: str) -> None:
    made = mail(
        key="k1",
        sender_name=subject,
        sender_address="a@example.com",
        recipient_name=subject,
        recipient_address="b@example.com",
        rendered=Rendered(subject, "", html, text),
        unsubscribe_url="https://baton.example/api/u/1",
        date=datetime(2027, 3, 1, tzinfo=UTC),
    )

    message = bytes(made)
    assert read_by_a_server(travelling(message) + b".\r\n") == (message, b"")
