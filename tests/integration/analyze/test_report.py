from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.agents.analyze import final, report, run
from shared.agents.analyze.final import OBSERVED
from shared.agents.analyze.report import recounted
from shared.agents.campaigns.certificate import certificate
from shared.agents.records import change, load
from shared.domain.campaign import Campaign
from shared.domain.faults import Missing
from shared.domain.outcome import Done, Later
from shared.domain.report import Report
from shared.ports import Ledger
from tests.integration.analyze.home import APPLE, SCOPE, START, Fate, Home, Sent, home, react, send

module = sys.modules[recounted.__module__]
ACCEPTED, NEW_ZEALAND = Fate(), Fate(variant="B", country="NZ", tags=("news", "yoga"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    with home(tmp_path) as made:
        yield made


def order(sent: Sent) -> dict[str, object]:
    return {"scope": list(SCOPE), "campaign": sent.campaign, "instance": "i"}


def test_the_report_counts_people_once_and_machines_apart(place: Home) -> None:
    sent = send(place, [ACCEPTED, ACCEPTED, NEW_ZEALAND, Fate("failed"), Fate("held.no_consent"), Fate("held.holdout")])
    react(place, sent, 0, "o")
    react(place, sent, 0, "o")
    react(place, sent, 1, "o", APPLE)
    react(place, sent, 2, "c")
    react(place, sent, 2, "u")
    made = report(place.ports, SCOPE, sent.campaign)
    assert made.funnel.model_dump() == {
        "planned": 6,
        "held": {"holdout": 1, "no_consent": 1},
        "failed": 1,
        "unknown": 0,
        "remaining": 0,
        "sent": 3,
        "opened": 2,
        "opened_by_machines": 1,
        "clicked": 1,
        "clicked_by_machines": 0,
        "unsubscribed": 1,
        "bounced": 0,
        "complained": 0,
        "replied": 0,
    }
    assert made.certificate.sent_once == made.funnel.sent
    assert (made.opened.count, made.opened.of) == (2, 3)
    assert not made.simulated


def test_variants_and_segments_are_the_recipients_own(place: Home) -> None:
    sent = send(place, [ACCEPTED, NEW_ZEALAND, NEW_ZEALAND, Fate(country="DE")])
    react(place, sent, 1, "c")
    made = report(place.ports, SCOPE, sent.campaign)
    assert [(each.name, each.sent, each.clicked.count) for each in made.variants] == [("A", 2, 0), ("B", 2, 1)]
    assert [(each.name, each.sent) for each in made.segments["country"]] == [("NZ", 2), ("DE", 1)]
    assert {each.name: each.clicked.count for each in made.segments["tag"]} == {"news": 1, "yoga": 1}
    assert "role" not in made.segments


def test_hours_are_hours_of_the_senders_clock(place: Home) -> None:
    sent = send(place, [ACCEPTED, ACCEPTED])
    react(place, sent, 0, "o", at=START + timedelta(hours=2, minutes=59))
    react(place, sent, 1, "c", at=START + timedelta(hours=3))
    made = report(place.ports, SCOPE, sent.campaign)
    found = [(each.at.isoformat(), each.sent, each.opened, each.clicked) for each in made.hours]
    assert found == [
        ("2027-03-02T09:00:00+01:00", 2, 0, 0),
        ("2027-03-02T11:00:00+01:00", 0, 1, 0),
        ("2027-03-02T12:00:00+01:00", 0, 1, 1),
    ]


def test_one_simulated_reaction_labels_the_whole_report(place: Home) -> None:
    sent = send(place, [ACCEPTED, ACCEPTED])
    react(place, sent, 0, "o", "Baton-Simulator (person)")
    made = report(place.ports, SCOPE, sent.campaign)
    assert made.simulated
    assert "simulated people" in made.sentences[1]


def test_many_shards_add_up(place: Home) -> None:
    fates = [Fate(variant="AB"[n % 2], country="NZ" if n % 3 else "DE") for n in range(250)]
    sent = send(place, fates, shard_size=60)
    for n in range(0, 250, 5):
        react(place, sent, n, "o")
    made = report(place.ports, SCOPE, sent.campaign)
    assert (made.funnel.sent, made.funnel.opened) == (250, 50)
    assert sum(each.sent for each in made.variants) == 250
    assert sum(each.sent for each in made.segments["country"]) == 250


def test_there_is_no_report_of_an_unknown_campaign(place: Home) -> None:
    with pytest.raises(Missing):
        report(place.ports, SCOPE, "f" * 32)


def test_analyze_observes_until_the_end_and_then_writes_the_report_once(place: Home) -> None:
    sent = send(place, [ACCEPTED])
    assert run(place.ports, order(sent)) == Later(START + OBSERVED, "observing")
    assert load(place.ports, SCOPE, sent.campaign).status == "analyzing"
    react(place, sent, 0, "o", at=START + OBSERVED)
    assert run(place.ports, order(sent)) == Done({"status": "completed"})
    assert load(place.ports, SCOPE, sent.campaign).status == "completed"
    stored = place.ports.files.get(SCOPE, f"campaigns/{sent.campaign}/report.json")
    kept = Report.model_validate_json(stored)
    assert kept.final
    assert kept.funnel.opened == 1
    page = place.ports.files.get(SCOPE, f"campaigns/{sent.campaign}/report.html").decode()
    assert page.index(kept.sentences[0]) < page.index("<svg")
    react(place, sent, 0, "c", at=START + OBSERVED + timedelta(hours=1))
    assert run(place.ports, order(sent)) == Done({"status": "completed"})
    assert place.ports.files.get(SCOPE, f"campaigns/{sent.campaign}/report.json") == stored
    assert report(place.ports, SCOPE, sent.campaign).model_copy(update={"revenue": None}) == kept


def test_a_paused_campaign_is_not_closed_until_a_person_says_go_on(place: Home) -> None:
    sent = send(place, [ACCEPTED])

    def pause(found: Campaign) -> None:
        found.paused, found.status, found.status_before_pause = True, "paused", "sending"

    change(place.ports, SCOPE, sent.campaign, pause)
    run(place.ports, order(sent))
    place.at(START + OBSERVED)
    assert run(place.ports, order(sent)) == Later(START + OBSERVED + timedelta(hours=1), "paused")
    assert load(place.ports, SCOPE, sent.campaign).status == "paused"


def test_a_cancelled_campaign_stays_cancelled(place: Home) -> None:
    sent = send(place, [ACCEPTED])

    def cancel(found: Campaign) -> None:
        found.cancelled, found.status = True, "cancelled"

    change(place.ports, SCOPE, sent.campaign, cancel)
    assert run(place.ports, order(sent)) == Done({"status": "cancelled"})
    assert place.ports.files.size(SCOPE, f"campaigns/{sent.campaign}/report.json") is None


class _NoRows:
    """A ledger that gives its sums but no rows."""

    def __init__(self, ledger: Ledger) -> None:
        self.tally = ledger.tally


def test_a_large_campaign_is_not_recounted_while_it_is_sent(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECOUNTED_EACH_TIME", 3)
    monkeypatch.setattr(module, "RECOUNTED_AT_ONCE", 3)
    monkeypatch.setattr(final, "RECOUNTED_AT_ONCE", 3)
    sent = send(place, [ACCEPTED, ACCEPTED, Fate("unknown"), Fate("failed"), Fate("held.no_consent")])
    react(place, sent, 0, "c")

    def size(campaign: Campaign) -> None:
        campaign.audience = 5

    change(place.ports, SCOPE, sent.campaign, size)
    without_rows: Any = replace(place.ports, ledger=_NoRows(place.ports.ledger))  # type: ignore[arg-type]
    summed = report(without_rows, SCOPE, sent.campaign)
    assert summed.certificate.sentence() == certificate(place.ports, SCOPE, sent.campaign).sentence()
    assert (summed.funnel.sent, summed.funnel.clicked) == (2, 0)
    looking = run(place.ports, order(sent))
    assert isinstance(looking, Later)
    kept = report(without_rows, SCOPE, sent.campaign)
    assert (kept.funnel.sent, kept.funnel.clicked) == (2, 1)
    while isinstance(looking, Later):
        place.at(looking.at)
        looking = run(place.ports, order(sent))
    assert report(without_rows, SCOPE, sent.campaign).final


def test_what_takes_long_to_count_is_counted_once_a_minute(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECOUNTED_EACH_TIME", 3)
    sent = send(place, [ACCEPTED] * 4)

    def size(campaign: Campaign) -> None:
        campaign.audience = 4

    change(place.ports, SCOPE, sent.campaign, size)
    first = report(place.ports, SCOPE, sent.campaign)
    react(place, sent, 0, "c")
    place.at(first.made_at + module.FRESH / 2)
    kept = report(place.ports, SCOPE, sent.campaign)
    assert (kept.funnel.clicked, kept.made_at) == (0, first.made_at)
    place.at(first.made_at + module.FRESH)
    again = report(place.ports, SCOPE, sent.campaign)
    assert (again.funnel.clicked, again.made_at) == (1, first.made_at + module.FRESH)
