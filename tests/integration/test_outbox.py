"""The outbox folder: one file per key, whole or absent, whoever writes it and whenever he is killed."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.adapters.channels.outbox import OutboxChannel
from shared.domain.scope import Scope
from shared.ports import Outgoing, Receipt

ROOT = Path(__file__).parents[2]
SCOPE = Scope("local", "main")
MESSAGES = 400
SENDER = f"""
import sys
from pathlib import Path
from shared.adapters.channels.outbox import OutboxChannel
from shared.domain.scope import Scope
from shared.ports import Outgoing

def message(n):
    text = f"message {{n}}\\r\\n".encode() * 500
    return Outgoing(f"k{{n}}", 1, "hello@nordlicht.example", f"p{{n}}@example.com", text)

with OutboxChannel(Path(sys.argv[1])).session(Scope("local", "main")) as session:
    for start in range(0, {MESSAGES}, 20):
        window = [message(n) for n in range(start, start + 20)]
        print(*(receipt.state for receipt in session.send(window)), flush=True)
"""


def sender(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SENDER, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def send(channel: OutboxChannel, *messages: Outgoing) -> list[Receipt]:
    with channel.session(SCOPE) as session:
        return list(session.send(messages))


def outgoing(key: str, attempt: int = 1, message: bytes = b"Subject: x\r\n\r\nx\r\n") -> Outgoing:
    return Outgoing(key, attempt, "hello@nordlicht.example", "ada@example.com", message)


@contextmanager
def file_size_limit(octets: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def assert_complete(folder: Path) -> None:
    files = {file.name: file.read_bytes() for file in folder.glob("*.eml")}
    assert files == {f"k{n}.eml": f"message {n}\r\n".encode() * 500 for n in range(MESSAGES)}


def test_a_killed_and_restarted_sender_leaves_every_message_once_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "local~main"
    kills = (0, 1, 5, 12)
    for windows in kills:
        with sender(tmp_path) as child:
            assert child.stdout is not None
            for _ in range(windows):
                assert set(child.stdout.readline().split()) <= {"accepted", "unknown"}
            child.kill()
        assert all(len(file.read_bytes()) > 4_000 for file in folder.glob("*.eml"))

    with sender(tmp_path) as child:
        assert child.stdout is not None
        receipts = child.stdout.read().split()
        assert len(receipts) == MESSAGES
        assert set(receipts) == {"accepted", "unknown"}

    assert_complete(folder)
    assert len([file for file in folder.iterdir() if file.suffix != ".eml"]) <= 4 * len(kills)


def test_two_senders_of_the_same_keys_leave_every_message_once(tmp_path: Path) -> None:
    with sender(tmp_path) as one, sender(tmp_path) as other:
        receipts = one.communicate()[0].split() + other.communicate()[0].split()

    assert Counter(receipts) == {"accepted": MESSAGES, "unknown": MESSAGES}

    assert_complete(tmp_path / "local~main")
    assert len(list((tmp_path / "local~main").iterdir())) == MESSAGES


def test_a_second_attempt_changes_nothing_and_claims_nothing(tmp_path: Path) -> None:
    channel = OutboxChannel(tmp_path)
    send(channel, outgoing("k1", 1, b"first"))

    assert send(channel, outgoing("k1", 2, b"second")) == [
        Receipt("k1", 2, "unknown", detail="was in the outbox already")
    ]
    assert (tmp_path / "local~main" / "k1.eml").read_bytes() == b"first"


def test_evidence_is_what_lies_in_the_folder_of_the_scope(tmp_path: Path) -> None:
    channel = OutboxChannel(tmp_path)
    send(channel, outgoing("k1"))

    assert channel.evidence(SCOPE, ["k1", "k2"]) == {"k1": "accepted", "k2": "absent"}
    with channel.session(Scope("local", "other")):
        assert channel.evidence(Scope("local", "other"), ["k1"]) == {"k1": "absent"}


def test_without_the_folder_nothing_is_evident(tmp_path: Path) -> None:
    assert OutboxChannel(tmp_path / "unmounted").evidence(SCOPE, ["k1"]) == {}


def test_a_disk_that_takes_only_part_of_a_message_defers_it_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    channel = OutboxChannel(tmp_path)
    with file_size_limit(1_000):
        big, small = send(channel, outgoing("k1", message=b"x" * 5_000), outgoing("k2"))

    assert (big.state, big.detail, small.state) == ("deferred", "outbox: File too large", "accepted")
    assert [file.name for file in (tmp_path / "local~main").iterdir()] == ["k2.eml"]


def test_a_folder_that_vanishes_defers(tmp_path: Path) -> None:
    with OutboxChannel(tmp_path).session(SCOPE) as session:
        (tmp_path / "local~main").rmdir()
        receipts = session.send([outgoing("k1")])

    assert [receipt.state for receipt in receipts] == ["deferred"]


@pytest.mark.parametrize("key", ["", "../k1", "a/b", "k.1"])
def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="effect key"):
        send(OutboxChannel(tmp_path), outgoing(key))


def test_a_folder_that_cannot_be_made_is_a_refusal_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert OutboxChannel(tmp_path / "new" / "outbox").refusal() is None
    assert OutboxChannel(tmp_path / "file" / "outbox").refusal() == (
        f"the outbox folder {tmp_path / 'file' / 'outbox'} cannot be made: Not a directory"
    )
