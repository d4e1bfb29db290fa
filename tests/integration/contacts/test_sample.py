"""The sample that the demo imports is what its generator writes, and messy in every way that it should be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.sample_contacts import SAMPLE_ROWS, SAMPLE_SEED, file_of, rows
from tests.integration.contacts.home import book, bring_in, home

SAMPLE = Path(__file__).parents[3] / "samples" / "contacts.csv"


def test_the_committed_sample_is_the_generated_one() -> None:
    assert SAMPLE.read_bytes() == file_of(rows(SAMPLE_SEED, SAMPLE_ROWS)), "python -m benchmarks.sample_contacts"


def test_the_sample_shows_every_outcome_and_every_kind_of_error(tmp_path: Path) -> None:
    with home(tmp_path) as ports:
        done = bring_in(ports, SAMPLE.read_bytes())
        people = book(ports).values()
    assert (done.received, done.created, done.merged, done.quarantined) == (560, 484, 33, 43)
    assert {error.field for error in done.errors} == {"row", "email", "timezone", "phone", "consent", "consent_at"}
    assert all(body["email"].endswith(".example") for body in people)
    assert len({body["timezone"] for body in people}) >= 10
    consents = Counter(body["consent"].get("email", {"status": None})["status"] for body in people)
    assert consents["granted"] > 380
    assert set(consents) == {"granted", "withdrawn", "unknown", None}
    assert any(body["first_name"] is None for body in people)
