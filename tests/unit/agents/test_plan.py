from __future__ import annotations

import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.files.folder import FolderFiles
from shared.agents import sorting
from shared.agents.campaigns import manifest
from shared.agents.schedule.plan import Member, Terms, plan
from shared.domain.scope import Scope
from shared.domain.slots import SLOT, slot_start

from .plan_definition import definition

START = datetime(2027, 3, 2, 9, 7, tzinfo=UTC)
TERMS = Terms(
    scope=Scope("local", "main"),
    campaign="c" * 32,
    channel="email",
    start=START,
    days=3,
    hours=(9, 18),
    variants=2,
    holdout=0.1,
    rate=100,
    most=None,
    default_zone=ZoneInfo("Europe/Berlin"),
)
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", None, "Mars/Olympus"]


def people(count: int, zones: list[str | None] = ZONES) -> list[Member]:
    return [Member(f"p{n}", f"person{n}", zones[n % len(zones)], n % 7 != 0) for n in range(count)]


@settings(max_examples=40)
@given(
    st.integers(0, 400),
    st.integers(1, 7),
    st.sampled_from([(9, 18), (0, 24), (8, 9)]),
    st.floats(0.02, 500),
    st.integers(1, 4),
)
def test_everyone_has_exactly_one_place_inside_the_window(
    count: int, days: int, hours: tuple[int, int], rate: float, variants: int
) -> None:
    terms = replace(TERMS, days=days, hours=hours, rate=rate, variants=variants)
    lines = list(plan(terms, people(count)))
    assert sorted(line.row.contact for line in lines) == sorted(f"p{n}" for n in range(count))
    assert len({line.row.key for line in lines}) == count
    for line in lines:
        local = line.row.due.astimezone(ZoneInfo(line.row.facts["zone"]))
        assert hours[0] <= local.hour < hours[1]
        assert START <= line.row.due < START + timedelta(days=days)
        assert line.row.variant in "ABCD"[:variants]


def test_a_shard_is_of_one_slot_and_small_enough_for_its_rate() -> None:
    terms = replace(TERMS, rate=2, days=1)
    shards: dict[int, list[datetime]] = {}
    for line in plan(terms, people(1500, ["Europe/Berlin"])):
        shards.setdefault(line.shard, []).append(line.row.due)
    assert max(map(len, shards.values())) <= 240
    for dues in shards.values():
        assert len({slot_start(due) for due in dues}) == 1
        assert max(dues) - min(dues) <= timedelta(minutes=2)
    ordered = sorted(due for dues in shards.values() for due in dues)
    assert all(after - before >= timedelta(seconds=0.49) for before, after in pairwise(ordered))


def test_a_full_slot_moves_the_rest_to_the_next_and_says_so() -> None:
    terms = replace(TERMS, rate=1, days=1, start=slot_start(START))
    lines = list(plan(terms, people(1000, ["Europe/Berlin"])))
    first = [line for line in lines if line.row.due < terms.start + SLOT]
    assert len(first) == 900
    assert {line.row.reason for line in first} == {"first_slot"}
    assert {line.row.reason for line in lines if line not in first} == {"slot_full"}


def test_who_fits_into_no_slot_of_the_window_is_planned_to_be_held() -> None:
    terms = replace(TERMS, rate=0.1, days=1, hours=(9, 10), start=slot_start(START), default_zone=ZoneInfo("UTC"))
    rows = [line.row for line in plan(terms, people(1000, ["UTC"]))]
    kept = [row for row in rows if "no_room" not in row.facts]
    assert len(rows) == 1000
    assert len(kept) == 4 * 90
    assert max(row.due for row in kept) < terms.start + timedelta(hours=1)


def test_the_same_terms_give_the_same_plan_whatever_the_order() -> None:
    assert list(plan(TERMS, people(300))) == list(plan(TERMS, reversed(people(300))))


def test_days_variants_and_holdout_are_spread_evenly_enough() -> None:
    rows = [line.row for line in plan(TERMS, people(6000, ["Europe/Berlin"]))]
    days, variants = Counter(row.facts["day"] for row in rows), Counter(row.variant for row in rows)
    assert set(days) == {1, 2, 3}
    assert min(days.values()) > 1800
    assert min(variants.values()) > 2800
    assert 500 < sum("holdout" in row.facts for row in rows) < 700


def test_the_budget_counts_only_those_who_can_get_it() -> None:
    rows = [line.row for line in plan(replace(TERMS, most=100, holdout=0), people(700))]
    counted = [row for row in rows if int(row.contact[1:]) % 7]
    assert sum("over_budget" not in row.facts for row in counted) == 100
    assert not any("over_budget" in row.facts for row in rows if row not in counted)


def test_an_unknown_zone_falls_back_and_says_so() -> None:
    rows = [line.row for line in plan(TERMS, people(20, ["Mars/Olympus"]))]
    assert {(row.facts["zone"], row.reason) for row in rows} == {("Europe/Berlin", "zone_unknown")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(ZONES), st.booleans()), max_size=300),
    st.integers(1, 7),
    st.sampled_from([(9, 18), (0, 24), (8, 9)]),
    st.one_of(st.floats(0.02, 500), st.sampled_from([0.02, 0.1, 0.3])),
    st.one_of(st.none(), st.integers(0, 100)),
)
def test_the_plan_that_is_sorted_on_disk_is_the_one_that_memory_would_make(
    monkeypatch: pytest.MonkeyPatch,
    asked: list[tuple[str | None, bool]],
    days: int,
    hours: tuple[int, int],
    rate: float,
    most: int | None,
) -> None:
    monkeypatch.setattr(sorting, "RUN", 16)
    terms = replace(TERMS, days=days, hours=hours, rate=rate, most=most)
    audience = [Member(f"p{n}", f"person{n}", zone, sendable) for n, (zone, sendable) in enumerate(asked)]
    assert list(plan(terms, audience)) == list(definition(terms, audience))


@given(st.lists(st.binary(max_size=20).map(lambda text: text.replace(b"\n", b"") + b"\n"), max_size=100))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_are_sorted_on_disk_as_in_memory(monkeypatch: pytest.MonkeyPatch, some: list[bytes]) -> None:
    monkeypatch.setattr(sorting, "RUN", 7)
    some = [line.replace(b"\r", b"") for line in some]
    assert list(sorting.sorted_lines(some)) == sorted(some)


def test_planning_needs_memory_for_some_of_the_people_not_for_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sorting, "RUN", 500)
    ports: Any = _Files(tmp_path)
    audience = (Member(f"p{n}", f"person{n}", "Europe/Berlin", True) for n in range(10_000))
    tracemalloc.start()
    try:
        manifest.write(ports, TERMS.scope, TERMS.campaign, plan(replace(TERMS, rate=5), audience))
        assert sum(len(rows) for _, rows in manifest.shards(ports, TERMS.scope, TERMS.campaign)) == 10_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_500_000  # ten thousand rows as objects take ten million


class _Files:
    """Only what the manifest needs of Ports."""

    def __init__(self, folder: Path) -> None:
        self.files = FolderFiles(folder)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 300), st.data())
def test_a_place_is_found_in_the_sorted_file_and_only_if_it_is_there(
    tmp_path_factory: Any, count: int, data: st.DataObject
) -> None:
    ports: Any = _Files(tmp_path_factory.mktemp("home"))
    lines = list(plan(TERMS, people(count)))
    manifest.write(ports, TERMS.scope, TERMS.campaign, lines)
    assert manifest.read(ports, TERMS.scope, TERMS.campaign) == sorted(lines, key=lambda line: line.row.key)
    planned = dict(manifest.shards(ports, TERMS.scope, TERMS.campaign))
    assert list(planned) == sorted({line.shard for line in lines})
    assert sum(map(len, planned.values())) == len(lines)
    if lines:
        sought = data.draw(st.sampled_from(lines))
        found = manifest.place(ports, TERMS.scope, TERMS.campaign, sought.row.key)
        assert found is not None
        assert (found.shard, found.key) == (sought.shard, sought.row.key)
    assert manifest.place(ports, TERMS.scope, TERMS.campaign, "not-planned") is None


def test_a_manifest_is_written_once(tmp_path: Path) -> None:
    ports: Any = _Files(tmp_path)
    manifest.write(ports, TERMS.scope, TERMS.campaign, plan(TERMS, people(10)))
    manifest.write(ports, TERMS.scope, TERMS.campaign, plan(TERMS, people(99)))
    assert len(manifest.read(ports, TERMS.scope, TERMS.campaign)) == 10
