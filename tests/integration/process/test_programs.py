"""Scripts and executables as steps: what they are given, what is kept of what they make, how their end is told."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.process.errors import CodeError, InputError, PolicyError, ResourceError
from shared.process.sandbox import Level, reached
from shared.process.shipped import CATALOG
from tests.integration.process.real_desk import Room

apart = pytest.mark.skipif(
    reached() < Level.APART and not os.environ.get("CI"), reason="bubblewrap does not work on this machine"
)
pytestmark = apart


def script(here: Room, code: str, **more: Any) -> Any:
    return here.do("script", {"code": code, **more}).outputs


def test_inputs_files_outputs_progress_and_log(here: Room) -> None:
    desk = here.desk()
    told: list[tuple[int, int | None]] = []
    desk.progress = lambda done, total=None, unit="rows": told.append((done, total))  # type: ignore[method-assign]
    code = """
import json, sys
given = json.load(sys.stdin)
rows = open("in/cases.csv").read().split()
print("::progress 1/2")
print("read", len(rows), given["what"])
import os; os.mkdir("out")
open("out/a.csv", "w").write("\\n".join(rows[::-1])); open("out/b.csv", "w").write("b"); open("other", "w")
json.dump({"rows": len(rows)}, open("outputs.json", "w"))
"""
    files = {"in/cases.csv": here.file("cases.csv", "x\ny\nz")}
    given = {"code": code, "inputs": {"what": "cases"}, "files": files, "keeps": ["out/*.csv"]}
    made = here.do("script", given, desk).outputs
    assert made["rows"] == 3
    assert sorted(made["files"]) == ["out/a.csv", "out/b.csv"]
    assert here.bytes(made["files"]["out/a.csv"]) == b"z\ny\nx"
    assert told == [(1, 2)]
    assert desk.lines[1:] == ["read 3 cases"]
    assert desk.lines[0].startswith("level ")
    assert made["used"]["memory"] > 1 << 20


def test_a_script_is_the_one_that_was_pinned(here: Room) -> None:
    file = here.file("s.py", "print(1)")
    pinned = hashlib.sha256(b"print(1)").hexdigest()
    assert here.do("script", {"file": file, "sha256": pinned}).outputs["files"] == {}
    with pytest.raises(InputError, match="not the one the plan pins"):
        here.do("script", {"file": file, "sha256": "0" * 64})
    with pytest.raises(ValidationError, match="needs sha256"):
        here.do("script", {"file": file})
    with pytest.raises(ValidationError, match="exactly one"):
        here.do("script", {"file": file, "code": "print(1)", "sha256": pinned})


@pytest.mark.parametrize("name", ["script.py", "./script.py", "outputs.json", ".tmp/x", "../x", "/x"])
def test_no_file_takes_the_place_of_the_script_that_was_checked(here: Room, name: str) -> None:
    with pytest.raises(ValidationError, match="files"):
        script(here, "print(1)", files={name: here.file("other.py", "print(2)")})


@pytest.mark.parametrize("name", ["../../settings.py", "/etc/passwd", "nothing.py", "sol_import"])
def test_only_the_catalogue_is_the_catalogue(here: Room, name: str) -> None:
    with pytest.raises((InputError, ValidationError)):
        here.do("script", {"catalog": name, "sha256": "0" * 64})
    assert (CATALOG / "sol_import" / "deadlines.py").is_file()


def test_a_commit_of_a_repository(here: Room) -> None:
    def git(*arguments: str) -> str:
        told = ["git", "-C", str(here.inbox), "-c", "user.name=A", "-c", "user.email=a@b.example", *arguments]
        return subprocess.run(told, capture_output=True, check=True, text=True).stdout.strip()

    git("init", "-q")
    (here.inbox / "s.py").write_text("print('first')")
    git("add", ".")
    git("commit", "-qm", "first")
    first = git("rev-parse", "HEAD")
    (here.inbox / "s.py").write_text("print('second')")
    git("commit", "-qam", "second")
    desk = here.desk()
    here.do("script", {"git": {"repository": "inbox", "revision": first, "path": "s.py"}}, desk)
    assert desk.lines[-1] == "first"
    with pytest.raises(InputError, match="no such file"):
        here.do("script", {"git": {"repository": "inbox", "revision": first, "path": "other.py"}})
    with pytest.raises(ValidationError, match="revision"):
        here.do("script", {"git": {"repository": "inbox", "revision": "HEAD", "path": "s.py"}})
    with pytest.raises(PolicyError):
        here.do("script", {"git": {"repository": "elsewhere", "revision": first, "path": "s.py"}})


@pytest.mark.parametrize(
    ("code", "keeps"),
    [
        ("import os; os.symlink('/etc/hostname', 'out.csv')", ["out.csv"]),
        ("import os; os.symlink('/etc', 'out')", ["out/hostname"]),
        ("import os; os.mkfifo('out.csv')", ["out.csv"]),
        ("import os; os.mkdir('out.csv')", ["out.csv"]),
        ("pass", ["out.csv"]),
    ],
)
def test_only_plain_files_of_its_own_are_kept(here: Room, code: str, keeps: list[str]) -> None:
    with pytest.raises(CodeError, match="has not made"):
        script(here, code, keeps=keeps)
    assert script(here, code, keeps=["out*"])["files"] == {}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os; os.symlink('/etc/hostname', 'outputs.json')", "plain file"),
        ("open('outputs.json', 'w').write('x' * 1_000_001)", "at most 1 MB"),
        ("open('outputs.json', 'w').write('[')", "no JSON"),
        ("open('outputs.json', 'w').write('[' * 200_000)", "no JSON"),
        ("open('outputs.json', 'w').write('[]')", "JSON object"),
        ("open('outputs.json', 'w').write('{\"files\": 1}')", "without the names"),
        ("raise ValueError('no such court')", "exit code 1: ValueError: no such court"),
        ("import sys; sys.exit(3)", "exit code 3"),
    ],
)
def test_what_a_script_did_wrong_is_said(here: Room, code: str, why: str) -> None:
    with pytest.raises(CodeError, match=why):
        script(here, code)


@pytest.mark.parametrize(
    ("code", "bounds", "why"),
    [
        ("x = bytearray(400 << 20)", {"memory_mb": 64}, "64 MB"),
        ("while True: print('y' * 1000)", {"output_mb": 1}, "output_mb"),
        ("open('f', 'wb').write(bytes(3 << 20))", {"disk_mb": 2}, "allows|exit code"),
    ],
)
def test_limits_are_errors_of_resources(here: Room, code: str, bounds: dict[str, int], why: str) -> None:
    with pytest.raises((ResourceError, CodeError), match=why):
        script(here, code, bounds=bounds)


def test_untrusted_is_always_refused_and_a_level_can_be_asked_for(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PolicyError, match="remote isolation"):
        script(here, "print(1)", trust="untrusted")
    assert script(here, "print(1)", isolation=2)["used"]["level"] >= 2
    monkeypatch.setattr("shared.process.steps.program.reached", lambda: Level.LIMITED)
    with pytest.raises(PolicyError, match="level 2"):
        script(here, "print(1)", isolation=2)


def test_no_package_of_ours_is_there_without_being_declared(here: Room) -> None:
    with pytest.raises(CodeError, match="No module named 'pydantic'"):
        script(here, "import pydantic")
    with pytest.raises(ValidationError, match="dependencies"):
        script(here, "pass", dependencies=["--index-url=http://evil.example"])


def test_an_allowed_program_by_its_name_and_nothing_else(here: Room) -> None:
    here.ports = replace(here.ports, programs={"sort": "/usr/bin/sort"})
    desk = here.desk()
    files = {"names.txt": here.file("names.txt", "b\na\n")}
    here.do("run", {"program": "sort", "options": ["-r"], "arguments": ["names.txt"], "files": files}, desk)
    assert desk.lines[1:] == ["b", "a"]
    with pytest.raises(PolicyError, match="not among the allowed programs \\(sol_courts, sort\\)"):
        here.do("run", {"program": "sh", "options": ["-c", "true"]})
    with pytest.raises(ValidationError, match="taken for an option"):
        here.do("run", {"program": "sort", "arguments": ["--output=names.txt"]})


def test_arguments_meet_no_shell(here: Room, tmp_path: Path) -> None:
    program = tmp_path / "tell"
    program.write_text('#!/bin/sh\nfor each in "$@"; do echo "<$each>"; done\ncat > said\n')
    program.chmod(0o755)
    here.ports = replace(here.ports, programs={"tell": str(program)})
    desk, hostile = here.desk(), ["$(id)", "a; id", "`id`", "*", "\n"]
    made = here.do("run", {"program": "tell", "arguments": hostile, "inputs": {"a": 1}, "keeps": ["said"]}, desk)
    assert desk.lines[1:5] == [f"<{each}>" for each in hostile[:4]]
    assert here.bytes(made.outputs["files"]["said"]) == b'{"a": 1}'
