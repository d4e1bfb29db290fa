"""Whatever is in a mail, it keeps no other waiting: it is taken in as far as it can be read, or a person looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.mailboxes.maildir import Maildir
from shared.agents import inbound, mailbox
from shared.agents.feedback import read_letter
from shared.agents.feedback.words import written
from shared.domain.inbound import Inbound
from shared.ports import Ports

from .conftest import SCOPE, Hand

GOOD = b"From: good@other.example\r\nTo: hello@practice.example\r\nMessage-ID: <good@x>\r\n\r\nhello\r\n"
NO_CHARSETS = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "hex", "utf-9", "ü", "a\0b")
EVIL = (
    "=?utf-8?b?a?=", "=?ü?q?x?=", "=?undefined?q?x?=", "=?unicode-escape?q?=5Cud800?=", "=?a\0b?q?x?=", "=?utf-8?q?=?=",
    "(" * 1900, "<" * 1900, "[" * 1900, "\\ud800", "&#" + "9" * 5000 + ";", "&#xd800;", "<!--", "<a b='", "\0",
    '"', ",", "@", ":", ";", "<", ">", "xn--a.example", "a@b.example", "\u2028", "𝒳", "=", "=?", "?=", "--b",
)  # fmt: skip


def letter(n: int, body: str = "hello", **headers: str) -> bytes:
    basis = {"From": f"s{n}@stranger.example", "To": "hello@practice.example", "Message-ID": f"<{n}@x>"}
    named = {**basis, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return ("".join(f"{name}: {value}\r\n" for name, value in named.items()) + f"\r\n{body}\r\n").encode()


def polled(ports: Ports, folder: Path, *letters: bytes) -> tuple[int, list[Exception]]:
    """How many mails were taken in, and of which faults of single ones was told; nothing stays unread."""
    (folder / "new").mkdir(parents=True, exist_ok=True)
    for n, each in enumerate(letters):
        (folder / "new" / f"{n:03}").write_bytes(each)
    told: list[Exception] = []
    read, taken = mailbox.read(replace(ports, mailbox=Maildir(folder)), told.append)
    assert (read, list((folder / "new").iterdir())) == (len(letters), [])
    return taken, told


def found(ports: Ports) -> dict[str, Inbound]:
    return {each.email: each for each in inbound.listing(ports, SCOPE)[0]}


def test_mail_in_broken_encodings_is_taken_in_and_so_is_what_lies_behind_it(
    ports: Ports, door: str, tmp_path: Path
) -> None:
    html = {"Content_Type": "text/html"}
    letters = [
        *(letter(n, Subject=each, From=f"{each[:100]} <e{n}@e.example>") for n, each in enumerate(EVIL[:6])),
        *(letter(10 + n, "\\ud800", Content_Type=f"text/plain; charset={c}") for n, c in enumerate(NO_CHARSETS)),
        letter(30, Cc="(" * 1900 + "a@b.example"),
        letter(31, "one &#" + "9" * 5000 + "; two < 3", **html),
        GOOD,
    ]
    assert polled(ports, tmp_path, *letters) == (len(letters), [])
    assert {each.state for each in found(ports).values()} == {"taken_in"}
    assert found(ports)["s31@stranger.example"].text == "one two < 3"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mail_raises_or_stays_unread(ports: Ports, door: str, tmp_path: Path, data: st.DataObject) -> None:
    words = st.lists(st.sampled_from(EVIL) | st.text(max_size=5).map(lambda t: t.encode(errors="replace").decode()))
    said = words.map(lambda each: " ".join(each).replace("\n", " ").replace("\r", " "))
    kinds = st.sampled_from(("text/plain", "text/html", "multipart/mixed; boundary=b", "message/rfc822", "x"))
    raw = letter(
        data.draw(st.integers(0, 2)),
        data.draw(said),
        Subject=data.draw(said),
        From=data.draw(said) + " <a@b.example>",
        Cc=data.draw(said),
        Content_Type=data.draw(kinds) + "; charset=" + data.draw(st.sampled_from((*NO_CHARSETS, "utf-16", "utf-7"))),
        Content_Transfer_Encoding=data.draw(st.sampled_from(("base64", "quoted-printable", "8bit"))),
        Message_ID=data.draw(said),
    )
    written(raw), read_letter(raw)
    assert polled(ports, tmp_path, raw)[1] == []


def test_a_mail_that_cannot_be_taken_in_waits_for_a_person_and_the_next_is_read(
    ports: Ports, door: str, tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fault is still in us: one that was made here stands for it."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError("something of the mail")

    with monkeypatch.context() as fault:
        fault.setattr("shared.agents.inbound.take_in.enter", broken)
        assert [len(told) for _, told in [polled(ports, tmp_path, letter(1), letter(2))]] == [2]
    assert polled(ports, tmp_path, GOOD, letter(2)) == (2, [])
    assert {email: each.state for email, each in found(ports).items()} == {
        "s1@stranger.example": "quarantined",
        "s2@stranger.example": "quarantined",
        "good@other.example": "taken_in",
    }
    assert found(ports)["s1@stranger.example"].why == ["it could not be taken in here: read it in the mailbox"]
    assert not inbound.set_aside(ports, [SCOPE], letter(3, From="nobody at all")), "whom would a lead be of?"
    hand.forward(minutes=10)
    inbound.look_after(ports, SCOPE)
    assert found(ports)["s1@stranger.example"].state == "quarantined", "it is a person's now"


def test_a_store_that_fails_leaves_the_mail_unread(
    ports: Ports, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as fault:
        fault.setattr("shared.agents.inbound.take_in.enter", full)
        with pytest.raises(OSError, match="No space"):
            polled(ports, tmp_path, letter(1))
    assert len(list((tmp_path / "new").iterdir())) == 1
