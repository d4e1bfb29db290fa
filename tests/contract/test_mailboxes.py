"""Every mailbox gives each mail once, and again to whoever did not get to the end of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest

from shared.adapters.mailboxes.imap import ImapMailbox
from shared.adapters.mailboxes.maildir import Maildir
from shared.ports import LETTER_BYTES, Mailbox, MailboxUnavailable
from tests.servers.imap_server import PASSWORD, USER, imap_server


class Box(NamedTuple):
    mailbox: Mailbox
    put: Callable[[bytes], object]


@pytest.fixture(params=["maildir", "imap"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Box]:
    if request.param == "maildir":
        yield Box(Maildir(tmp_path), lambda mail: _deliver(tmp_path, mail))
        return
    with imap_server() as folder:
        yield Box(ImapMailbox(url(folder.port)), folder.put)


def url(port: int, password: str = PASSWORD) -> str:
    return f"imap://{quote(USER, safe='')}:{quote(password, safe='')}@127.0.0.1:{port}/INBOX"


def _deliver(folder: Path, mail: bytes) -> None:
    (folder / "new").mkdir(parents=True, exist_ok=True)
    (folder / "new" / f"{len(list(folder.rglob('*.mx*'))):04}.mx").write_bytes(mail)


def test_an_empty_mailbox_gives_nothing(box: Box) -> None:
    assert list(box.mailbox.each(10)) == []


def test_each_mail_is_given_once_the_oldest_first_and_whole(box: Box) -> None:
    mails = [b"To: a@b.example\r\n\r\n" + bytes([n]) * n for n in range(1, 6)]
    for mail in mails[:4]:
        box.put(mail)
    assert list(box.mailbox.each(3)) == mails[:3]
    box.put(mails[4])
    assert list(box.mailbox.each(10)) == mails[3:]
    assert list(box.mailbox.each(10)) == []


def test_what_was_not_finished_is_given_again(box: Box) -> None:
    for mail in (b"one", b"two"):
        box.put(mail)
    given = box.mailbox.each(10)
    assert (next(iter(given)), next(iter(given))) == (b"one", b"two")
    given.close()  # type: ignore[attr-defined]  # as a fault of its reader closes it
    assert list(box.mailbox.each(10)) == [b"two"]


def test_of_an_enormous_mail_only_the_beginning_is_read(box: Box) -> None:
    box.put(b"x" * (LETTER_BYTES + 5))
    assert [len(mail) for mail in box.mailbox.each(1)] == [LETTER_BYTES]


def test_a_connection_that_is_lost_loses_no_mail() -> None:
    with imap_server() as folder:
        for mail in (b"one", b"two"):
            folder.put(mail)
        folder.breaks_at = 2
        given = ImapMailbox(url(folder.port)).each(10)
        assert next(given) == b"one"
        with pytest.raises(MailboxUnavailable):
            next(given)
        folder.breaks_at = None
        assert list(ImapMailbox(url(folder.port)).each(10)) == [b"two"]


def test_whoever_is_not_let_in_says_so_without_the_password() -> None:
    with imap_server() as folder:
        with pytest.raises(MailboxUnavailable, match="wrong password") as refused:
            list(ImapMailbox(url(folder.port, "hunter2")).each(1))
        assert "hunter2" not in str(refused.value)
        port = folder.port
    with pytest.raises(MailboxUnavailable):
        list(ImapMailbox(url(port)).each(1))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("imap://ann:hunter2@mail.example/INBOX", "imaps"),
        ("imaps://mail.example/INBOX", "must look like"),
        ("imaps://ann:hunter2@mail.example:99999999/", "must look like"),
        ("imaps://ann:hunter2@[mail.example/", "must look like"),
        ("pop3://ann:hunter2@mail.example/", "must look like"),
        ("imaps://ann:hunter2@mail.example/a%22b", "ASCII"),
    ],
)
def test_a_url_that_cannot_be_is_refused_without_its_password(wrong: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        ImapMailbox(wrong)
    assert "hunter2" not in str(refused.value)
