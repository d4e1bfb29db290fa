"""An erasure that is killed anywhere, again and again, ends complete, and its certificate counts everything once."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from shared import wiring
from shared.agents.contacts import find_by_address
from shared.agents.privacy import erase
from shared.domain.address import effect_key
from shared.domain.contact import Contact
from shared.domain.opt_in import opt_in_campaign
from shared.domain.privacy import Erasure
from shared.ports import Claim, PlannedRow, Ports, RowRef
from tests.integration.agents.conftest import SCOPE
from tests.integration.contacts.home import bring_in, watched
from tests.integration.privacy.canary import EMAIL, ROWS, carry_out, ordered, plant, traces

ROOT = Path(__file__).parents[3]
TRIED = 7


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Ports]:
    def open(home: Path) -> Ports:
        wiring.close()
        monkeypatch.setenv("BATON_HOME", str(home))
        return wiring.ports()

    return open


@pytest.fixture
def template(tmp_path: Path, opened: Callable[[Path], Ports]) -> tuple[Path, str]:
    """A home that is full of the person, and the erasure that was ordered in it."""
    ports = opened(tmp_path / "template")
    bring_in(ports, ROWS.encode())
    found = find_by_address(ports, SCOPE, EMAIL)
    assert found is not None
    plant(ports, found, _a_row(ports, found))
    made = ordered(ports, found.id)
    wiring.close()
    return tmp_path / "template", made.id


def _a_row(ports: Ports, who: Contact) -> RowRef:
    """Of a mail that asked them to confirm."""
    ref = RowRef(opt_in_campaign(who.id), 1, effect_key(SCOPE, opt_in_campaign(who.id), "1", "email", who.person))
    row = PlannedRow(ref.key, who.id, who.person, "A", ports.clock.now(), "opt_in", {"to": EMAIL})
    ports.ledger.plan(SCOPE, ref.campaign, ref.shard, [row])
    ports.ledger.claim(SCOPE, ref.campaign, 1, "o", [Claim(ref.key, 1, "held", {}, "gone")], row.due, row.due)
    return ref


def outcome(made: Erasure) -> list[tuple[object, ...]]:
    return [(each.workspace, each.store, each.found, each.erased, each.left) for each in made.treated]


def test_left_at_any_step_it_ends_as_if_undisturbed(
    tmp_path: Path, template: tuple[Path, str], opened: Callable[[Path], Ports]
) -> None:
    """Without a process for each: an exception that nobody catches ends the first run."""
    home, id = template
    shutil.copytree(home, tmp_path / "whole")
    ports, steps = opened(tmp_path / "whole"), list[str]()
    expected = outcome(carry_out(watched(ports, lambda method, _: steps.append(method)), erase.get(ports, SCOPE, id)))
    for step in sorted(random.Random(len(steps)).sample(range(len(steps)), TRIED)):
        shutil.copytree(home, tmp_path / str(step))
        ports = opened(tmp_path / str(step))
        found = erase.get(ports, SCOPE, id)
        with pytest.raises(_Left):
            carry_out(watched(ports, _leave_at(step)), found)
        done = carry_out(ports, erase.get(ports, SCOPE, id))
        assert outcome(done) == expected, step
        assert traces(tmp_path / str(step)) == [], step
        assert len(ports.journal.read(SCOPE, f"privacy/{id}")) == 1
    wiring.close()


def test_killed_it_ends_complete(template: tuple[Path, str], opened: Callable[[Path], Ports]) -> None:
    home, id = template
    draw = random.Random(6)
    kills = sum(_child(home, id, draw.randrange(20, 90), draw.randrange(2000)) == -9 for _ in range(1))
    assert _child(home, id, -1, 0) == 0
    assert kills == 1
    done = erase.get(opened(home), SCOPE, id)
    assert done.status == "completed"
    assert all(each.left == 0 for each in done.treated if each.handling not in ("kept", "listed"))
    assert traces(home) == []
    wiring.close()


def _child(home: Path, id: str, call: int, microseconds: int) -> int:
    command = [sys.executable, "-m", "tests.integration.privacy.erase_child", str(home), id]
    child = subprocess.run([*command, str(call), str(microseconds)], cwd=ROOT, capture_output=True, text=True)
    assert child.returncode in (0, -9), child.stderr
    return child.returncode


class _Left(BaseException):
    """Stands for the end of the process."""


def _leave_at(step: int) -> Callable[[str, object], None]:
    steps = count()

    def before(method: str, given: object) -> None:
        if next(steps) == step:
            raise _Left

    return before
