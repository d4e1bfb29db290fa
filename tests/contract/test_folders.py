from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.adapters.clock.host import HostClock
from shared.adapters.folders.named import NamedFolders
from shared.domain.folder_places import folder_places
from shared.domain.scope import Scope
from shared.ports.folders import Folders, NoFolder, NotAllowed

OTHER = Scope("local", "other")


def put(folders: Folders, scope: Scope, path: str, data: bytes = b"x") -> None:
    assert folders.write(scope, "inbox", path, [data])


def text(folders: Folders, scope: Scope, path: str) -> bytes:
    return b"".join(folders.read(scope, "inbox", path))


def test_what_was_written_is_read_listed_moved_and_deleted(folders: Folders, scope: Scope) -> None:
    large = [bytes([n]) * 3_000_000 for n in range(3)]
    assert folders.write(scope, "inbox", "a/large.bin", large)
    put(folders, scope, "a/ü, 1.csv", b"one")
    put(folders, scope, "empty", b"")
    assert text(folders, scope, "a/large.bin") == b"".join(large)
    assert text(folders, scope, "empty") == b""
    found = folders.stat(scope, "inbox", "a/ü, 1.csv")
    assert found is not None
    assert (found.path, found.bytes) == ("a/ü, 1.csv", 3)
    put(folders, scope, "a/ü, 1.csv", b"two")
    assert folders.stat(scope, "inbox", "a/ü, 1.csv") != found
    assert folders.move(scope, "inbox", "a/ü, 1.csv", "done/2.csv")
    assert [each.path for each in folders.list(scope, "inbox")] == ["a/large.bin", "done/2.csv", "empty"]
    assert text(folders, scope, "done/2.csv") == b"two"
    folders.delete(scope, "inbox", "done/2.csv")
    folders.delete(scope, "inbox", "done/2.csv")
    assert folders.stat(scope, "inbox", "done/2.csv") is None
    for gone in (lambda: text(folders, scope, "done/2.csv"), lambda: folders.move(scope, "inbox", "done/2.csv", "b")):
        with pytest.raises(FileNotFoundError):
            gone()


def test_of_those_who_create_a_file_one_wins_and_only_new_never_replaces(folders: Folders, scope: Scope) -> None:
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda n: folders.write(scope, "inbox", "new", [b"%d" % n], only_new=True), range(16)))
    assert won.count(True) == 1
    assert text(folders, scope, "new") == b"%d" % won.index(True)
    put(folders, scope, "other")
    assert not folders.move(scope, "inbox", "other", "new", only_new=True)
    assert text(folders, scope, "other") == b"x"
    assert folders.move(scope, "inbox", "other", "new")
    assert text(folders, scope, "new") == b"x"


def test_blocks_that_break_off_leave_what_was_there(folders: Folders, scope: Scope) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise OSError("no space left")

    put(folders, scope, "a", b"whole")
    with pytest.raises(OSError, match="no space"):
        folders.write(scope, "inbox", "a", broken())
    assert text(folders, scope, "a") == b"whole"
    assert [each.path for each in folders.list(scope, "inbox")] == ["a"]


@pytest.mark.parametrize(
    ("glob", "fits"),
    [
        ("*", ["a.csv", "b.CSV"]),
        ("**", ["a.csv", "b.CSV", "in/c.csv", "in/deep/d.csv"]),
        ("*.csv", ["a.csv"]),
        ("**/*.csv", ["a.csv", "in/c.csv", "in/deep/d.csv"]),
        ("in/*", ["in/c.csv"]),
        ("in/**", ["in/c.csv", "in/deep/d.csv"]),
        ("[ab].*", ["a.csv", "b.CSV"]),
        ("[!a].*", ["b.CSV"]),
        ("../*", []),
        ("/*", []),
    ],
)
def test_globs_mean_the_same_everywhere(folders: Folders, scope: Scope, glob: str, fits: list[str]) -> None:
    for path in ("in/c.csv", "b.CSV", "in/deep/d.csv", "a.csv"):
        put(folders, scope, path)
    assert [each.path for each in folders.list(scope, "inbox", glob)] == fits


HOSTILE = [
    *("", "/etc/passwd", "a/../../b", "..", ".", "a//b", "a/", "a\\b", "c:d", "a\x00b", "a\nb", "a\x7fb", "CON.", "a "),
    *(".baton-x", "a/./b", "\u202egpj.exe", "a" * 256, "é" * 200, "\ud800"),
]


@pytest.mark.parametrize("path", HOSTILE, ids=ascii)
def test_a_path_that_could_lead_elsewhere_is_refused_by_every_method(folders: Folders, scope: Scope, path: str) -> None:
    put(folders, scope, "a")
    for use in (
        lambda: folders.stat(scope, "inbox", path),
        lambda: text(folders, scope, path),
        lambda: put(folders, scope, path),
        lambda: folders.delete(scope, "inbox", path),
        lambda: folders.move(scope, "inbox", "a", path),
        lambda: folders.move(scope, "inbox", path, "b"),
    ):
        with pytest.raises(NotAllowed, match="path"):
            use()


def test_a_folder_is_its_workspaces_and_its_name_is_exact(folders: Folders, scope: Scope) -> None:
    assert folders.write(scope, "shared", "a", [b"mine"])
    assert folders.write(OTHER, "shared", "a", [b"theirs"])
    assert b"".join(folders.read(scope, "shared", "a")) == b"mine"
    assert (folders.names(scope), folders.names(OTHER)) == (["inbox", "shared"], ["shared"])
    assert folders.names(Scope("agency", "main")) == ["shared"]
    for who, name in ((OTHER, "inbox"), (scope, "INBOX"), (scope, "Inbox"), (scope, "../in"), (scope, "")):
        with pytest.raises(NoFolder, match="BATON_FOLDERS"):
            folders.stat(who, name, "a")


def test_upper_and_lower_case_are_different_names(folders: Folders, scope: Scope) -> None:
    put(folders, scope, "a.txt")
    assert folders.stat(scope, "inbox", "A.TXT") is None


@pytest.fixture
def on_disk(tmp_path: Path) -> Folders:
    (tmp_path / "in").mkdir()
    return NamedFolders(folder_places(f"inbox={tmp_path}/in"), None, HostClock())


def test_links_devices_and_pipes_are_never_followed(on_disk: Folders, scope: Scope, tmp_path: Path) -> None:
    inbox, outside = tmp_path / "in", tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (inbox / "link").symlink_to(outside / "secret")
    (inbox / "dangling").symlink_to(outside / "new")
    (inbox / "folder").symlink_to(outside)
    os.mkfifo(inbox / "pipe")
    (inbox / "real").mkdir()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(inbox / "door"))
        assert list(on_disk.list(scope, "inbox")) == []
        for path in ("link", "dangling", "folder/secret", "pipe", "door", "real"):
            for use in (
                lambda path=path: on_disk.stat(scope, "inbox", path),
                lambda path=path: text(on_disk, scope, path),
                lambda path=path: on_disk.delete(scope, "inbox", path),
                lambda path=path: put(on_disk, scope, path),
                lambda path=path: on_disk.move(scope, "inbox", path, "there"),
            ):
                with pytest.raises(NotAllowed, match="path"):
                    use()
    with pytest.raises(NotAllowed):
        put(on_disk, scope, "folder/new")
    assert sorted(each.name for each in outside.iterdir()) == ["secret"]
    assert (outside / "secret").read_bytes() == b"secret"


def test_a_folder_that_becomes_a_link_between_a_look_and_the_write_leads_nowhere(
    on_disk: Folders, scope: Scope, tmp_path: Path
) -> None:
    """While the blocks come, somebody puts a link in the place of the folder: what was opened stays what it was."""
    outside = tmp_path / "outside"
    outside.mkdir()

    def swapping() -> Iterator[bytes]:
        yield b"one"
        (tmp_path / "in/sub").rename(tmp_path / "in/old")
        (tmp_path / "in/sub").symlink_to(outside)
        yield b"two"

    assert on_disk.write(scope, "inbox", "sub/file", swapping())
    assert list(outside.iterdir()) == []
    assert (tmp_path / "in/old/file").read_bytes() == b"onetwo"


def test_a_device_is_no_file(scope: Scope) -> None:
    devices = NamedFolders(folder_places("inbox=/dev"), None, HostClock())
    with pytest.raises(NotAllowed):
        next(devices.read(scope, "inbox", "zero"))
    assert devices.write(scope, "inbox", "null", [b"x"], only_new=True) is False


def test_a_folder_that_is_not_there_is_said_so(scope: Scope, tmp_path: Path) -> None:
    nowhere = NamedFolders(folder_places(f"inbox={tmp_path}/none;far=blob:files"), None, HostClock())
    with pytest.raises(NoFolder, match="ENOENT"):
        nowhere.stat(scope, "inbox", "a")
    with pytest.raises(NoFolder, match="FilesConnection"):
        nowhere.stat(scope, "far", "a")


_WRITER = """
import sys
from shared.adapters.folders.disk import DiskFolder
def blocks():
    yield b"half"
    print("begun", flush=True)
    sys.stdin.read()
DiskFolder(sys.argv[1]).write("deep/file", blocks(), False)
"""


def test_what_a_killed_writer_left_is_swept_and_nothing_else(on_disk: Folders, scope: Scope, tmp_path: Path) -> None:
    """Only what is old and held by nobody: a writer that stands still for days is not a dead one."""
    inbox, long_ago = tmp_path / "in", 1_000_000_000
    own = {".baton-notes.part", "x.baton-0123456789abcdef.part", ".baton-0123456789abcdef.part.csv"}
    for name in own:
        (inbox / name).write_text("somebody's")
        os.utime(inbox / name, (long_ago, long_ago))
    started = [sys.executable, "-c", _WRITER, str(inbox)]
    with subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"begun\n"
        [left] = (inbox / "deep").iterdir()
        os.utime(left, (long_ago, long_ago))
        assert on_disk.sweep(scope) == 0
        writer.kill()
        writer.wait()
        os.utime(left)
        assert on_disk.sweep(scope) == 0, "it is new: its writer may be on another machine"
        os.utime(left, (long_ago, long_ago))
        assert on_disk.sweep(OTHER) == 0
        assert on_disk.sweep(scope) == 1
    assert list((inbox / "deep").iterdir()) == []
    assert {each.name for each in inbox.iterdir() if each.is_file()} == own


@pytest.mark.parametrize(
    "text", ["inbox", "=/srv", "In=/srv", "a=srv", "a=/x;a=/y", "a=/x/../y", "a=blob:", "a=blob:X"]
)
def test_a_setting_that_names_no_folders_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="folder"):
        folder_places(text)
