from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.certificate import Certificate
from shared.domain.figures import people, percent, spread
from shared.domain.findings import HOURS_FLOOR, MACHINES_FLOOR, findings
from shared.domain.report import Finding, Funnel, Hour, Slice, rate
from shared.domain.statistics import FLOOR
from shared.domain.summary import sentences

START = datetime(2027, 3, 1, 8, tzinfo=UTC)


def funnel(sent: int, **numbers: int) -> Funnel:
    given = {"failed": 0, "unknown": 0, "remaining": 0, "opened": 0, "opened_by_machines": 0, "clicked": 0}
    given |= {"clicked_by_machines": 0, "unsubscribed": 0} | numbers
    return Funnel(planned=sent + given["failed"] + given["unknown"] + given["remaining"], held={}, sent=sent, **given)


def part(name: str, sent: int, clicked: int) -> Slice:
    return Slice(
        name=name, sent=sent, opened=rate(clicked, sent), clicked=rate(clicked, sent), unsubscribed=rate(0, sent)
    )


def of_rule(rule: str, found: list[Finding]) -> Finding:
    return next(each for each in found if each.rule == rule)


def certificate(planned: int, **parts: int) -> Certificate:
    given = {"sent_once": 0, "sent_twice": 0, "failed": 0, "unknown": 0, "remaining": 0} | parts
    held = {"no_consent": planned - sum(given.values())}
    return Certificate(campaign="c", name="Spring", planned=planned, held=held, recounted_at=START, **given)


@given(st.integers(0, FLOOR - 1), st.integers(0, 5000), st.data())
def test_below_the_floor_variants_get_no_verdict_but_the_floor(few: int, many: int, data: st.DataObject) -> None:
    slices = [part("A", few, data.draw(st.integers(0, few))), part("B", many, data.draw(st.integers(0, many)))]
    found = of_rule("variants", findings(funnel(few + many), slices, {}, []))
    assert not found.enough
    assert found.advice is None
    assert found.n == min(few, many)
    assert found.text.startswith("Not enough data")
    assert str(found.n) in found.text
    assert str(FLOOR) in found.text


def test_a_clear_lead_names_the_winner_and_says_what_to_do() -> None:
    found = of_rule("variants", findings(funnel(800), [part("A", 400, 20), part("B", 400, 80)], {}, []))
    assert found.text.startswith("Variant B is ahead in clicks with 20 %")
    assert found.advice == "Write the next one like variant B."


def test_a_small_lead_is_not_called() -> None:
    found = of_rule("variants", findings(funnel(800), [part("A", 400, 40), part("B", 400, 48)], {}, []))
    assert found.enough
    assert found.advice is None
    assert "No variant is clearly ahead" in found.text


def test_one_variant_is_not_compared() -> None:
    assert "variants" not in {each.rule for each in findings(funnel(800), [part("A", 800, 40)], {}, [])}


def test_a_segment_is_compared_with_everyone_else() -> None:
    slices = [part("NZ", 200, 60), part("FR", 50, 1)]
    found = of_rule("segment-country", findings(funnel(1000, clicked=100), [], {"country": slices}, []))
    assert found.text.startswith("NZ (country) clicked more: 30 % (24 to 37 %) against 5.0 %")
    small = of_rule(
        "segment-country", findings(funnel(120, clicked=10), [], {"country": [part("NZ", 90, 9), slices[1]]}, [])
    )
    assert not small.enough
    assert small.n == 50


def test_unknown_messages_come_first_and_ask_for_a_person() -> None:
    found = findings(funnel(500, unknown=2), [], {}, [])
    assert found[0].rule == "unknown"
    assert found[0].advice
    assert "unknown" not in {each.rule for each in findings(funnel(500), [], {}, [])}


@pytest.mark.parametrize(("failed", "advised"), [(0, False), (10, False), (11, True)])
def test_more_than_two_in_a_hundred_failed_asks_for_cleaning(failed: int, advised: bool) -> None:
    found = of_rule("failures", findings(funnel(500 - failed, failed=failed), [], {}, []))
    assert found.enough
    assert bool(found.advice) is advised


@pytest.mark.parametrize(("left", "advised"), [(0, False), (5, False), (6, True)])
def test_more_than_five_in_a_thousand_unsubscribes_asks_for_restraint(left: int, advised: bool) -> None:
    found = of_rule("unsubscribes", findings(funnel(1000, unsubscribed=left), [], {}, []))
    assert bool(found.advice) is advised


@pytest.mark.parametrize(("sent", "enough"), [(FLOOR - 1, False), (FLOOR, True)])
def test_rates_of_all_have_the_same_floor(sent: int, enough: bool) -> None:
    found = findings(funnel(sent), [], {}, [])
    assert of_rule("failures", found).enough is enough
    assert of_rule("unsubscribes", found).enough is enough


def test_machines_and_hours_have_floors_of_their_own() -> None:
    def hours(opened: int) -> list[Hour]:
        return [
            Hour(at=START, sent=0, opened=1, clicked=0),
            Hour(at=START + timedelta(hours=34), sent=0, opened=opened - 1, clicked=0),
        ]

    few = findings(funnel(200, opened=MACHINES_FLOOR - 10, opened_by_machines=9), [], {}, hours(HOURS_FLOOR - 1))
    many = findings(funnel(200, opened=MACHINES_FLOOR - 10, opened_by_machines=10), [], {}, hours(HOURS_FLOOR))
    assert not of_rule("machines", few).enough
    assert not of_rule("hours", few).enough
    assert of_rule("machines", many).text.startswith("10 of 50 openings (20 %) were machines")
    assert of_rule("hours", many).text == "Most people opened between 18:00 and 19:00: 99 of 100."


def test_what_asks_for_action_comes_before_what_is_only_known() -> None:
    found = findings(funnel(480, failed=20), [part("A", 240, 5), part("B", 240, 60)], {}, [])
    advised = [bool(each.advice) for each in found]
    assert advised == sorted(advised, reverse=True)


def test_the_three_sentences_add_up_and_say_what_to_do() -> None:
    numbers = funnel(409, failed=3, opened=188, opened_by_machines=71, clicked=52, unsubscribed=1)
    out, back, todo = sentences(
        certificate(519, sent_once=409, failed=3), numbers, findings(numbers, [], {}, []), final=True, simulated=False
    )
    assert out == "409 of 519 people got “Spring”, nobody twice; 107 held, 3 failed, 0 unknown."
    assert back.startswith(
        "Of them, 188 opened it, 46 % (41 to 51 %), 52 clicked, 13 % (10 to 16 %), and 1 unsubscribed;"
    )
    assert todo.startswith("Nothing needs doing, and the numbers are too small")


def test_simulated_people_are_called_simulated_and_nothing_sent_brings_nothing() -> None:
    _, back, _ = sentences(certificate(5, sent_once=5), funnel(5), [], final=False, simulated=True)
    assert back.startswith("Of the simulated people")
    out, back, todo = sentences(certificate(5, remaining=5), funnel(0), [], final=False, simulated=False)
    assert "5 still to come" in out
    assert back == "Nothing could come back, because nothing was sent."
    assert "still coming in" in todo


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (1, "100 %"), (0.462, "46 %"), (0.0251, "2.5 %"), (0.004, "0.4 %")]
)
def test_shares_read_as_people_write_them(share: float, text: str) -> None:
    assert percent(share) == text


def test_people_are_counted_in_words() -> None:
    assert [people(1), people(2), people(1204)] == ["1 person", "2 people", "1,204 people"]


def test_a_rate_and_its_interval_have_the_same_precision() -> None:
    assert spread(rate(52, 409)) == "13 % (10 to 16 %)"
    assert spread(rate(2, 409)) == "0.5 % (0.1 to 1.8 %)"
    assert spread(rate(0, 0)) == "0 % (0 to 100 %)"
