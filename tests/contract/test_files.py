from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.files.folder import FolderFiles
from shared.domain.scope import Scope
from shared.ports import Files


def test_what_was_put_is_read_back_whole_or_in_ranges(files: Files, scope: Scope) -> None:
    assert files.put(scope, "campaigns/c1/manifest.json", b"0123456789")
    assert files.get(scope, "campaigns/c1/manifest.json") == b"0123456789"
    assert files.get(scope, "campaigns/c1/manifest.json", 3, 4) == b"3456"
    assert files.get(scope, "campaigns/c1/manifest.json", 8) == b"89"
    assert files.get(scope, "campaigns/c1/manifest.json", 20) == b""
    assert files.size(scope, "campaigns/c1/manifest.json") == 10


def test_a_second_put_replaces_unless_only_new(files: Files, scope: Scope) -> None:
    assert files.put(scope, "a.txt", b"one", only_new=True)
    assert not files.put(scope, "a.txt", b"two", only_new=True)
    assert files.get(scope, "a.txt") == b"one"
    assert files.put(scope, "a.txt", b"three")
    assert files.get(scope, "a.txt") == b"three"


def test_blocks_become_one_file_or_none(files: Files, scope: Scope) -> None:
    assert files.put_blocks(scope, "plan", (bytes([n]) * 1000 for n in range(100)), only_new=True)
    assert files.size(scope, "plan") == 100_000
    assert files.get(scope, "plan", 98_500, 1000) == bytes([98]) * 500 + bytes([99]) * 500
    assert not files.put_blocks(scope, "plan", [b"other"], only_new=True)
    assert files.put_blocks(scope, "nothing", [])
    assert files.get(scope, "nothing") == b""


def test_blocks_that_break_off_leave_what_was_there(files: Files, scope: Scope, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        assert files.size(scope, "plan") is None
        yield b"half"
        assert files.size(scope, "plan") is None
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        files.put_blocks(scope, "plan", broken())
    assert list(files.list(scope, "")) == []
    files.put(scope, "plan", b"whole")
    with pytest.raises(ValueError, match="nonsense"):
        files.put_blocks(scope, "plan", (_raise(ValueError("nonsense")) for _ in range(1)))
    assert files.get(scope, "plan") == b"whole"
    assert not [each for each in tmp_path.rglob("*") if each.is_file() and each.name != "plan"]


def _raise(error: Exception) -> bytes:
    raise error


def test_of_many_who_create_a_file_exactly_one_wins(files: Files, scope: Scope) -> None:
    contents = [bytes([n]) * 5000 for n in range(16)]
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda data: files.put(scope, "manifest", data, only_new=True), contents))
    assert won.count(True) == 1
    assert files.get(scope, "manifest") == contents[won.index(True)]


def test_what_is_not_there_is_said_plainly(files: Files, scope: Scope) -> None:
    files.put(scope, "folder/file", b"x")
    for path in ("nothing", "folder"):
        assert files.size(scope, path) is None
        with pytest.raises(FileNotFoundError, match=path):
            files.get(scope, path)
        files.delete(scope, path)
    assert files.get(scope, "folder/file") == b"x"


def test_a_deleted_file_is_gone_and_can_be_made_again(files: Files, scope: Scope) -> None:
    files.put(scope, "a", b"1")
    files.delete(scope, "a")
    assert files.size(scope, "a") is None
    assert files.put(scope, "a", b"2", only_new=True)


def test_listing_is_by_prefix_in_the_order_of_the_paths(files: Files, scope: Scope) -> None:
    for path in ("drafts/b.txt", "drafts-old/x", "drafts/a/1", "drafts/a.txt", "report"):
        files.put(scope, path, b"")
    assert list(files.list(scope, "")) == ["drafts-old/x", "drafts/a.txt", "drafts/a/1", "drafts/b.txt", "report"]
    assert list(files.list(scope, "drafts/")) == ["drafts/a.txt", "drafts/a/1", "drafts/b.txt"]
    assert list(files.list(scope, "drafts/a")) == ["drafts/a.txt", "drafts/a/1"]
    assert list(files.list(scope, "none/")) == []


def test_a_link_is_to_a_file_that_is_there_or_there_is_none(files: Files, scope: Scope) -> None:
    files.put(scope, "report.pdf", b"x")
    link = files.link(scope, "report.pdf", datetime.now(UTC) + timedelta(minutes=5))
    assert link is None or urlsplit(link).path.endswith("/report.pdf")
    with pytest.raises(FileNotFoundError, match="nothing"):
        files.link(scope, "nothing", datetime.now(UTC))


def test_scopes_do_not_see_each_other(files: Files, scope: Scope) -> None:
    files.put(scope, "a", b"mine")
    assert files.size(scope.agency, "a") is None
    assert list(files.list(scope.agency, "")) == []


@pytest.mark.parametrize("path", ["", "/etc/passwd", "a/../../b", "..", ".", "a//b", "a/", "a\\b", "c:d", "a\x00b"])
def test_a_path_that_could_lead_elsewhere_is_refused(files: Files, scope: Scope, path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        files.put(scope, path, b"x")
    with pytest.raises(ValueError, match="path"):
        files.get(scope, path)


def test_a_scope_cannot_lead_elsewhere(files: Files) -> None:
    with pytest.raises(ValueError, match="path"):
        files.put(Scope("..", "main"), "a", b"x")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40))
def test_no_path_leads_out_of_the_scope(files: Files, tmp_path: Path, path: str) -> None:
    scope = Scope("local", "inside")
    try:
        files.put(scope, path, b"x")
    except (ValueError, OSError):
        return
    assert files.get(scope, path) == b"x"
    outside = [each for each in tmp_path.rglob("*") if each.is_file() and "inside" not in each.parts]
    assert outside == []


def test_what_a_killed_writer_left_is_swept_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    files, scope, now = FolderFiles(tmp_path), Scope("local", "main"), datetime.now(UTC)
    files.put(scope, "a", b"whole")
    for name, age in (("left", 7200), ("being-written", 10)):
        path = tmp_path / ".unfinished" / name
        path.write_bytes(b"half")
        os.utime(path, (now.timestamp() - age,) * 2)
    assert files.sweep(now - timedelta(hours=1)) == 1
    assert [each.name for each in (tmp_path / ".unfinished").iterdir()] == ["being-written"]
    assert files.get(scope, "a") == b"whole"
