"""kill -9 anywhere in an import, again and again: the counts and the book are those of an undisturbed one."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from shared.agents.contacts import accept_import, get_import, history
from shared.domain.imports import OUTCOMES
from shared.domain.names import Kind
from shared.ports import Ports
from tests.integration.contacts.home import SCOPE, book, bring_in, home, take_in, watched

ROOT = Path(__file__).parents[3]
Outcome = tuple[dict[str, Any], dict[str, Any], int]
OLD = "\n".join(
    ["email,city,consent,tags", *(f"p{n}@x.example,Ulm,{'no' if n % 7 == 0 else ''},t0" for n in range(400))]
)
ROWS = [
    f"P{n % 1100}@X.example,{'Ulm' if n % 3 else 'Bonn'},{'yes' if n % 2 else ''},t{n // 1100}" for n in range(1200)
]
NEW = "\n".join(["email,city,consent,tags", *ROWS, "nobody", "p1@x.example,,perhaps"])
# Nothing new for those in the old book who come once, from Ulm, and without a "yes" that would count.
SAME = sum(1 for n in range(100, 400) if n % 3 and (n % 2 == 0 or n % 7 == 0))
COUNTS = {"created": 700, "updated": 400 - SAME, "unchanged": SAME, "merged": 100, "suppressed": 0, "quarantined": 2}


def begin(folder: Path, new: str = NEW) -> str:
    """A home with a book, and an accepted import that is still to be taken in."""
    with home(folder) as ports:
        bring_in(ports, OLD.encode())
        return accept_import(ports, SCOPE, "test", new.encode(), "text/csv").id


def outcome(ports: Ports, id: str) -> Outcome:
    """The import without its id and time, the book alike, and the number of identities."""
    found = get_import(ports, SCOPE, id).model_dump(exclude={"id", "created_at"})
    people = {
        key: {name: value for name, value in body.items() if name not in ("created_at", "source", "consent")}
        | {"consent": {channel: {**said, "evidence": None} for channel, said in body["consent"].items()}}
        for key, body in book(ports).items()
    }
    for key, body in book(ports).items():
        proofs = history(ports, SCOPE, key)
        assert all(proof.verified for proof in proofs), key
        assert {said["evidence"] for said in body["consent"].values()} <= {proof.id for proof in proofs}, key
    identities = len(ports.documents.find(SCOPE, Kind.IDENTITY, limit=5000).documents)
    return found, people, identities


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, int]:
    """What comes out without any kill, and how many uses of a port that takes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    id, calls = begin(folder), []
    with home(folder) as ports:
        take_in(watched(ports, lambda method, _: calls.append(method)), id)
        return outcome(ports, id), len(calls)


def run_child(folder: Path, id: str, call: int, microseconds: int) -> int:
    command = [sys.executable, "-m", "tests.integration.contacts.import_child", str(folder), id]
    child = subprocess.run([*command, str(call), str(microseconds)], cwd=ROOT, capture_output=True, text=True)
    assert child.returncode in (0, -9), child.stderr
    return child.returncode


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.nightly)])
def test_killed_again_and_again_it_ends_as_if_undisturbed(
    tmp_path: Path, undisturbed: tuple[Outcome, int], seed: int
) -> None:
    expected, calls = undisturbed
    draw = random.Random(seed)
    id = begin(tmp_path)
    kills = sum(run_child(tmp_path, id, draw.randrange(calls), draw.randrange(3000)) == -9 for _ in range(6))
    run_child(tmp_path, id, -1, 0)
    with home(tmp_path) as ports:
        assert outcome(ports, id) == expected
    assert kills >= 3
    assert {name: expected[0][name] for name in OUTCOMES} == COUNTS


def test_left_at_any_single_step_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    """The same step by step, without a process for each: an exception that nobody catches ends the first run."""
    few = "\n".join(NEW.splitlines()[:121])
    steps: list[str] = []
    id = begin(tmp_path / "whole", few)
    with home(tmp_path / "whole") as ports:
        take_in(watched(ports, lambda method, _: steps.append(method)), id)
        expected = outcome(ports, id)
    for step in range(len(steps)):
        id = begin(tmp_path / str(step), few)
        with home(tmp_path / str(step)) as ports:
            with pytest.raises(_Left):
                take_in(watched(ports, _leave_at(step)), id)
            take_in(ports, id)
            assert outcome(ports, id) == expected


class _Left(BaseException):
    """Stands for the end of the process."""


def _leave_at(step: int) -> Callable[[str, object], None]:
    steps = count()

    def before(method: str, given: object) -> None:
        if next(steps) == step:
            raise _Left

    return before
