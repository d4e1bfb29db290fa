from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from local.simulator.mailbox import Letter
from local.simulator.people import MACHINE, PERSON, Act, acts, curiosity
from shared.domain.machine import is_simulated, machine_reason

SENT = datetime(2027, 3, 1, 9, tzinfo=UTC)


def letter(n: int, subject: str = "Six evenings") -> Letter:
    return Letter(f"p{n}@people.example", subject, SENT, "http://b/api/o/x", ("http://b/api/c/x",), "http://b/api/u/x")


def of_people(found: list[Act]) -> list[Act]:
    return [act for act in found if act.agent == PERSON]


def test_the_same_seed_makes_the_same_people() -> None:
    assert acts(letter(1), 7) == acts(letter(1), 7)
    assert [acts(letter(n), 7) for n in range(50)] != [acts(letter(n), 8) for n in range(50)]


@given(st.integers(0, 10_000), st.integers(0, 5))
def test_whoever_acts_opens_first_and_within_three_days(n: int, seed: int) -> None:
    done = acts(letter(n), seed)
    assert done == sorted(done)
    assert all(SENT < act.at < SENT + timedelta(hours=61) for act in done)
    people = of_people(done)
    assert [act.what for act in people] in ([], ["open"], ["open", "click"], ["open", "unsubscribe"])


def test_the_rates_are_those_of_a_good_list() -> None:
    found = Counter(act.what for n in range(4000) for act in of_people(acts(letter(n), 1)))
    assert 0.37 < found["open"] / 4000 < 0.43
    assert 0.18 < found["click"] / found["open"] < 0.26
    assert 0 < found["unsubscribe"] / found["open"] < 0.04


def test_a_subject_that_asks_is_opened_more_often() -> None:
    assert curiosity("Is this for you?") > curiosity("Six evenings") > curiosity("Six evenings!")
    asking = sum(bool(of_people(acts(letter(n, "Is this for you?"), 1))) for n in range(2000))
    plain = sum(bool(of_people(acts(letter(n), 1))) for n in range(2000))
    assert asking > plain * 1.1


def test_baton_knows_them_as_simulated_and_tells_machines_from_people() -> None:
    assert is_simulated(PERSON)
    assert is_simulated(MACHINE)
    assert machine_reason(PERSON, "GET", 60) is None
    assert machine_reason(MACHINE, "GET", 60) == "privacy-proxy"


def test_a_letter_without_links_is_left_alone() -> None:
    bare = Letter("p@people.example", "Hello", SENT, None, (), None)
    assert [acts(bare, seed) for seed in range(100)] == [[]] * 100
