from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cli.command import Served, served

PEOPLE = """email,first_name,timezone,consent
ada@people.example,Ada,UTC,yes
ben@people.example,Ben,UTC,yes
cleo@people.example,Cleo,UTC,no
nowhere,Dan,UTC,yes
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served home with three people in it, who may be written to as often as the tests need it."""
    folder = tmp_path_factory.mktemp("cli")
    people = folder / "people.csv"
    people.write_text(PEOPLE)
    with served(folder / "home") as running:
        assert running("contact", "import", str(people)).code == 0
        assert running("policy", "set", "caps=[]", "apart_minutes=0").code == 0
        yield running


@pytest.fixture
def campaign_file(tmp_path: Path) -> Path:
    """A campaign for everybody, named after the test's own folder."""
    path = tmp_path / "campaign.yaml"
    path.write_text(
        f"""name: {tmp_path.name}
brief:
  goal: Fill the spring course
  offer: Six evenings for your back
  audience: former patients
  call_to_action: {{text: Book a place, url: https://praxis.example/book}}
segment: {{all: true}}
sender: {{name: Praxis, address: hallo@praxis.example, postal_address: "1 Mill Road, Leeds"}}
window: {{days: 1, hours: [0, 24]}}
undo_minutes: 0
"""
    )
    return path
