from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.process.errors import InputError, PolicyError, ResourceError, StepError
from shared.process.trash import empty_trash, take_back
from tests.integration.process.real_desk import SCOPE, Room


def there(here: Room) -> dict[str, bytes]:
    """What lies in the inbox."""
    found = [each for each in here.inbox.rglob("*") if each.is_file()]
    return {str(each.relative_to(here.inbox)): each.read_bytes() for each in found}


def fill(here: Room, **files: bytes) -> None:
    for name, data in files.items():
        path = here.inbox / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_files_come_into_the_run_and_go_out_again(here: Room) -> None:
    fill(here, a_csv=b"a", b_csv=b"b", sub__c_csv=b"c", d_txt=b"d")
    listed = here.do("files.list", {"folder": "inbox", "glob": "**/*.csv"}).outputs
    assert [each["path"] for each in listed["files"]] == ["a.csv", "b.csv", "sub/c.csv"]
    assert (listed["count"], listed["bytes"]) == (3, 3)
    done = here.do("files.copy", {"from": listed["files"], "to": {"folder": "inbox", "path": "out/"}})
    assert there(here)["out/c.csv"] == b"c"
    assert [here.bytes(each) for each in done.outputs["files"]] == [b"a", b"b", b"c"]
    assert done.left == ("inbox:out/a.csv was written", "inbox:out/b.csv was written", "inbox:out/c.csv was written")
    for given, why in (
        (
            {"from": {"folder": "inbox", "path": "a.csv"}, "to": {"folder": "inbox", "path": "b.csv"}},
            "is there already",
        ),
        ({"from": {"folder": "inbox", "path": "none"}}, "no file"),
        ({"from": {"folder": "other", "path": "a"}}, "no folder 'other'"),
        ({"from": {"folder": "inbox", "glob": "*.csv"}, "to": {"folder": "inbox", "path": "one"}}, "cannot become one"),
    ):
        with pytest.raises(InputError, match=why):
            here.do("files.copy", given)
    with pytest.raises(PolicyError, match="not allowed"):
        here.do("files.copy", {"from": {"folder": "inbox", "path": "../x"}})
    with pytest.raises(InputError, match="3 are needed"):
        here.do("files.list", {"folder": "inbox", "glob": "*.csv", "at_least": 3})


def deleted(here: Room) -> Any:
    return here.do("files.delete", {"files": {"folder": "inbox", "glob": "*.csv"}})


def moved(here: Room) -> Any:
    given = {"from": {"folder": "inbox", "glob": "*.csv"}, "to": {"folder": "inbox", "path": "old/"}, "overwrite": True}
    return here.do("files.move", given)


def overwritten(here: Room) -> Any:
    files = [here.file("a.csv", b"new"), here.file("z.csv", b"z")]
    return here.do("files.copy", {"from": files, "to": {"folder": "inbox", "path": "old/"}, "overwrite": True})


CHANGES: dict[Callable[[Room], Any], dict[str, bytes]] = {
    deleted: {"old/a.csv": b"before", "b.txt": b"b"},
    moved: {"old/a.csv": b"a", "old/c.csv": b"c", "b.txt": b"b"},
    overwritten: {"a.csv": b"a", "c.csv": b"c", "b.txt": b"b", "old/a.csv": b"new", "old/z.csv": b"z"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_deleted_or_overwritten_is_restored(here: Room, change: Callable[[Room], Any]) -> None:
    fill(here, a_csv=b"a", c_csv=b"c", b_txt=b"b", old__a_csv=b"before")
    before = there(here)
    undo = change(here).undo
    assert there(here) == CHANGES[change]
    taken = take_back(here.ports, SCOPE, undo)
    assert {each.outcome for each in taken} == {"restored"}
    assert there(here) == before
    assert {each.outcome for each in take_back(here.ports, SCOPE, undo)} == {"as it was"}


def test_what_somebody_changed_since_is_left_alone_and_after_thirty_days_nothing_is_left(here: Room) -> None:
    fill(here, a_csv=b"a", c_csv=b"c")
    undo = deleted(here).undo
    fill(here, a_csv=b"somebody's")
    outcomes = {each.place: each.outcome for each in take_back(here.ports, SCOPE, undo)}
    assert outcomes == {"inbox:a.csv": "changed since", "inbox:c.csv": "restored"}
    now = here.ports.clock.now()
    assert empty_trash(here.ports, SCOPE, now + timedelta(days=29)) == 0
    assert empty_trash(here.ports, SCOPE, now + timedelta(days=31)) == 2
    assert list(here.ports.files.list(SCOPE, "trash/")) == []
    (here.inbox / "c.csv").unlink()
    assert {each.outcome for each in take_back(here.ports, SCOPE, undo)} == {"changed since", "no longer in the trash"}


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("change", [deleted, moved, overwritten])
def test_a_step_that_is_killed_anywhere_ends_as_if_it_had_not_been(
    here: Room, change: Callable[[Room], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each call of the files and the folders in turn; begun again each time with the same key."""
    for dying in range(1, 60):
        for each in [each for each in here.inbox.rglob("*") if each.is_file()]:
            each.unlink()
        fill(here, a_csv=b"a", c_csv=b"c", b_txt=b"b", old__a_csv=b"before")
        before = there(here)
        step = f"k{dying}{change.__name__}"
        calls = 0
        real = {name: getattr(here.ports.folders, name) for name in ("write", "delete", "read")}
        real |= {name: getattr(here.ports.files, name) for name in ("put", "put_blocks")}

        def counted(name: str, *given: Any, real: Any = real, dying: int = dying, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == dying:
                raise Killed
            return real[name](*given, **named)

        with monkeypatch.context() as patched:
            patched.setattr(here, "desk", lambda _=None, step=step: Room.desk(here, step))
            for port, names in (
                (here.ports.folders, ("write", "delete", "read")),
                (here.ports.files, ("put", "put_blocks")),
            ):
                for name in names:
                    patched.setattr(port, name, lambda *given, name=name, **named: counted(name, *given, **named))
            try:
                change(here)
            except Killed:
                done = None
            else:
                done = True
            calls = 1000
            again = change(here)
        assert there(here) == CHANGES[change]
        take_back(here.ports, SCOPE, again.undo)
        assert there(here) == before
        if done:
            break
    assert dying > 4


def test_checksums_are_made_and_checked_as_sha256sum_does(here: Room) -> None:
    fill(here, a_csv=b"a", b_csv=b"b")
    glob = {"folder": "inbox", "glob": "*.csv"}
    done = here.do("files.hash", {"files": glob}).outputs
    sums = here.bytes(done["checksums"])
    (here.inbox / "SHA256SUMS").write_bytes(sums)
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=here.inbox, capture_output=True, timeout=20, check=True)
    assert here.do("files.verify", {"files": glob, "sums": done["checksums"]}).outputs["count"] == 2
    single, digest = {"folder": "inbox", "path": "a.csv"}, hashlib.sha256(b"a").hexdigest().upper()
    assert here.do("files.verify", {"files": single, "sha256": digest}).outputs == {"count": 1}
    fill(here, b_csv=b"other", c_csv=b"c")
    for given, why in (
        ({"files": [{"folder": "inbox", "path": "a.csv"}, {"folder": "inbox", "path": "b.csv"}]}, "b.csv is not what"),
        ({"files": glob}, "b.csv is not|c.csv: has no"),
        ({"files": single}, "b.csv: is missing"),
    ):
        with pytest.raises(InputError, match=why):
            here.do("files.verify", {**given, "sums": done["checksums"]})


def test_a_file_is_cut_and_put_together_again(here: Room) -> None:
    whole = here.file("n.csv", "n\n" + "".join(f"{n}\n" for n in range(25)))
    parts = here.do("files.split", {"file": whole, "lines": 10, "heading": True}).outputs["files"]
    assert [each["name"] for each in parts] == ["n.0001.csv", "n.0002.csv", "n.0003.csv"]
    assert here.bytes(parts[2]) == b"n\n20\n21\n22\n23\n24\n"
    merged = here.do("files.merge", {"files": parts, "heading": True, "name": "n.csv"}).outputs["file"]
    assert here.bytes(merged) == here.bytes(whole)
    pieces = here.do("files.split", {"file": here.file("x", bytes(5000)), "size": 2048}).outputs["files"]
    assert [each["bytes"] for each in pieces] == [2048, 2048, 904]
    with pytest.raises(InputError, match="another heading"):
        here.do("files.merge", {"files": [*parts, here.file("m.csv", "m\n1")], "heading": True})


@pytest.mark.parametrize("format", ["zip", "tar.gz"])
def test_an_archive_is_the_same_each_time_and_gives_its_files_back(here: Room, format: str) -> None:
    files = [here.file("b.csv", b"b" * 100_000), here.file("a.csv", b"a"), here.file("a.csv", b"other")]
    made = [here.do("files.archive", {"files": files, "format": format}).outputs["file"] for _ in range(2)]
    assert made[0]["sha256"] == made[1]["sha256"]
    out = here.do("files.extract", {"file": made[0]}).outputs["files"]
    assert {each["path"]: here.bytes(each["file"]) for each in out} == {
        "a.csv": b"a",
        "a.csv_2": b"other",
        "b.csv": b"b" * 100_000,
    }


def zipped(*entries: tuple[str, bytes], mode: int = 0o100644) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.filename = entry.orig_filename = name
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return data.getvalue()


def tarred(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", content: bytes = b"") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.size = kind, link, len(content)
        archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def lying() -> bytes:
    """A ZIP whose directory says that its file has one byte."""
    data = zipped(("a", bytes(3_000_000)))
    return data.replace((3_000_000).to_bytes(4, "little"), (1).to_bytes(4, "little"))


ARCHIVES: dict[str, tuple[bytes, type[StepError]]] = {
    "zip slip": (zipped(("../../etc/passwd", b"x")), PolicyError),
    "absolute": (zipped(("/etc/passwd", b"x")), PolicyError),
    "back slash": (zipped(("..\\x", b"x")), PolicyError),
    "drive": (zipped(("c:x", b"x")), PolicyError),
    "NUL": (zipped(("a\x00b", b"x")), PolicyError),
    "good and then bad": (zipped(("a", b"x"), ("b/../../c", b"x")), PolicyError),
    "twice": (zipped(("a", b"x"), ("A", b"x")), PolicyError),
    "link in a zip": (zipped(("a", b"/etc/passwd"), mode=0o120777), PolicyError),
    "link in a tar": (tarred("a", tarfile.SYMTYPE, "/etc/passwd"), PolicyError),
    "hard link": (tarred("a", tarfile.LNKTYPE, "/etc/passwd"), PolicyError),
    "device": (tarred("a", tarfile.CHRTYPE), PolicyError),
    "pipe": (tarred("a", tarfile.FIFOTYPE), PolicyError),
    "tar slip": (tarred("../a", content=b"x"), PolicyError),
    "bomb": (zipped(("a", bytes(3_000_000))), ResourceError),
    "tar bomb": (tarred("a", content=bytes(3_000_000)), ResourceError),
    "bomb that lies": (lying(), StepError),
    "many": (zipped(*((str(n), b"") for n in range(20))), ResourceError),
    "none": (b"no archive", InputError),
    "cut off": (tarred("a", content=os.urandom(5000))[:3000], InputError),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_leads_elsewhere_or_never_ends_is_refused_as_a_whole(here: Room, name: str) -> None:
    data, error = ARCHIVES[name]
    with pytest.raises(error):
        here.do("files.extract", {"file": here.file("a.zip", data), "most_mb": 2, "most_files": 10})
    assert there(here) == {}


def test_a_step_that_is_done_again_with_other_files_replaces_what_it_wrote_itself_and_nobody_elses(here: Room) -> None:
    """As after a correction: the same step of the same run, given the new output."""
    to = {"folder": "inbox", "path": "out.csv"}
    for content in (b"first", b"second", b"third"):
        done = here.do("files.copy", {"from": here.file("o.csv", content), "to": to}, here.desk("copy"))
        assert there(here) == {"out.csv": content}
    assert [each.outcome for each in take_back(here.ports, SCOPE, done.undo)] == ["restored"]
    assert there(here) == {"out.csv": b"second"}
    fill(here, out_csv=b"somebody's")
    with pytest.raises(InputError, match="is there already"):
        here.do("files.copy", {"from": here.file("o.csv", b"fourth"), "to": to}, here.desk("copy"))
