from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.simulator.count import count
from local.simulator.mailbox import Mailbox, letter
from shared.render.mail import mail
from shared.render.personal import Rendered

PAGE = (
    '<a href="https://halm.example">Halm</a><a class="go" href="http://b/api/c/one">Go</a>'
    '<a href="http://b/api/c/two">Go</a><img alt="" src="http://b/api/o/pixel" width="1">'
)


def written(key: str, address: str = "bjorn@people.example", page: str = PAGE) -> bytes:
    made = mail(
        key=key,
        sender_name="Halm",
        sender_address="hello@halm.example",
        recipient_name="Björn Köhler",
        recipient_address=address,
        rendered=Rendered("Schöne Grüße?", "", page, "text"),
        unsubscribe_url="http://b/api/u/leave",
        date=datetime(2027, 3, 1, 9, tzinfo=UTC),
    )
    return bytes(made)


def test_a_letter_is_read_as_its_reader_sees_it() -> None:
    read = letter(written("k1"))
    assert (read.address, read.subject) == ("bjorn@people.example", "Schöne Grüße?")
    assert read.sent_at == datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert (read.pixel, read.unsubscribe) == ("http://b/api/o/pixel", "http://b/api/u/leave")
    assert read.clicks == ("http://b/api/c/one", "http://b/api/c/two")


def test_a_letter_without_links_has_none() -> None:
    read = letter(written("k1", page="<p>Hello</p>"))
    assert (read.pixel, read.clicks) == (None, ())


def test_each_letter_is_given_once_and_half_written_ones_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "local~main"
    folder.mkdir()
    (folder / "k1.eml").write_bytes(written("k1"))
    (folder / ".k2.99.1").write_bytes(written("k2")[:40])
    mailbox = Mailbox(tmp_path)
    assert len(mailbox.new()) == 1
    assert mailbox.new() == []
    (folder / "k2.eml").write_bytes(written("k2"))
    assert len(mailbox.new()) == 1


@pytest.mark.parametrize("isolated", [False, True])
def test_the_count_finds_what_is_there_twice(tmp_path: Path, isolated: bool) -> None:
    (tmp_path / "a").mkdir()
    for name, key, address in (
        ("a/1.eml", "k1", "a@x.example"),
        ("a/2.eml", "k2", "b@x.example"),
        ("3.eml", "k2", "b@x.example"),
        ("4.eml", "k4", "A@X.example"),
    ):
        (tmp_path / name).write_bytes(written(key, address))
    expected = {"files": 4, "messages": 3, "twice": 1, "people": 2, "people_twice": 2}
    if not isolated:
        assert count(tmp_path) == expected
        return
    script = Path(count.__code__.co_filename)
    ran = subprocess.run([sys.executable, "-I", script, tmp_path], capture_output=True, text=True, cwd="/", check=True)
    assert json.loads(ran.stdout) == expected


def test_the_count_knows_nothing_of_baton() -> None:
    source = Path(count.__code__.co_filename).read_text()
    imported = {
        line.split()[1].partition(".")[0] for line in source.splitlines() if line.startswith(("import", "from"))
    }
    assert imported <= set(sys.stdlib_module_names)
