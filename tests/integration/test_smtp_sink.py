"""The sink that tests and benchmarks count by: it must keep what it acknowledged, and count it right."""

from __future__ import annotations

import smtplib
from pathlib import Path

from tests.servers.smtp_sink import Kept, count, kept, sink


def mail(client: smtplib.SMTP, recipient: str, text: bytes) -> None:
    client.sendmail("hello@nordlicht.example", [recipient], text)


def test_what_was_acknowledged_survives_a_kill_and_a_restart_goes_on_with_the_same_log(tmp_path: Path) -> None:
    for recipient in ("ada@example.com", "bob@example.com"):
        with sink(tmp_path) as port, smtplib.SMTP("127.0.0.1", port, local_hostname="test") as client:
            mail(client, recipient, b"Baton-Effect: k1\r\n\r\n.\r\n.a\r\n")
            mail(client, recipient, b"Subject: no key\r\n\r\nBaton-Effect: not a header\r\n")

    assert count(tmp_path) == {"k1": 2, "": 2}
    assert next(kept(tmp_path)) == Kept("k1", "ada@example.com", b"Baton-Effect: k1\r\n\r\n.\r\n.a\r\n")


def test_half_a_frame_at_the_end_of_the_log_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "messages.log").write_bytes(b"3 k1 a@b\nxyz9 k2 a@b\nxyz")

    assert count(tmp_path) == {"k1": 1}
    assert count(tmp_path / "nowhere") == {}
