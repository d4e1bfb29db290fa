"""Rule C9: quiet hours and holidays on the recipient's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.agents.places import country_code, is_holiday, zones_of
from shared.domain.caps import Wait
from shared.domain.hours import Clock, Opening, Rules, closed_by_law, legal_hours, next_opening

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
ALL_DAY = (0, 24)
NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)
FAR = NOON + timedelta(days=60)


def rules(*zones: ZoneInfo, quiet: tuple[int, int] | None = None, **more: object) -> Rules:
    basis = Rules(UTC_ZONE, ALL_DAY, (quiet,) if quiet else (), Clock(zones, None), None)
    return basis._replace(**more)  # type: ignore[arg-type]


def test_rule_c9_nothing_arrives_in_the_night_of_the_recipient() -> None:
    at = datetime(2027, 3, 2, 20, tzinfo=UTC)  # 21:00 in Berlin
    assert next_opening(at - timedelta(seconds=1), rules(BERLIN, quiet=(8, 21)), (), FAR) is None
    assert next_opening(at, rules(BERLIN, quiet=(8, 21)), (), FAR) == Opening(
        "quiet_hours", datetime(2027, 3, 3, 7, tzinfo=UTC), True
    )


@given(st.integers(0, 60 * 24 * 366), st.sampled_from(["US", "RU", "AU", "DE", "KI"]))
def test_rule_c9_an_unknown_zone_means_the_hours_that_all_of_them_allow(minute: int, country: str) -> None:
    zones, moment = zones_of(country), NOON + timedelta(minutes=minute)
    found = next_opening(moment, rules(*zones, quiet=(8, 21)), (), moment + timedelta(days=3))
    at = found.at if found else moment
    if found is None or found.fits:
        assert all(8 <= at.astimezone(zone).hour < 21 for zone in zones)
    else:
        hours = (moment + timedelta(minutes=15 * n) for n in range(4 * 72))
        assert not any(all(8 <= at.astimezone(zone).hour < 21 for zone in zones) for at in hours)


def test_rule_c9_hours_without_any_common_moment_hold() -> None:
    far_apart = (ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago"))
    found = next_opening(NOON, rules(*far_apart, quiet=(9, 10)), (), NOON + timedelta(days=2))
    assert found is not None
    assert (found.code, found.fits) == ("quiet_hours", False)


def test_rule_c9_the_law_of_text_messages_is_stricter_where_nothing_is_known() -> None:
    assert legal_hours("email", None) is legal_hours("email", "US") is None
    assert legal_hours("sms", "DE") == (8, 21)
    assert legal_hours("sms", "US") == legal_hours("sms", None) == (8, 20)
    assert closed_by_law("sms", "FR")
    assert closed_by_law("sms", None)
    assert not closed_by_law("sms", "DE")
    assert not closed_by_law("email", None)


def test_a_holiday_moves_to_the_next_allowed_day_or_holds() -> None:
    christmas = datetime(2027, 12, 24, 12, tzinfo=UTC)

    def closed(day: date) -> bool:
        return is_holiday("DE", day)

    hours = rules(BERLIN, closed=closed, sending=(9, 18), planned_zone=BERLIN)
    assert next_opening(christmas, hours, (), FAR) is None
    first = christmas + timedelta(days=1)
    assert next_opening(first, hours, (), first + timedelta(days=5)) == Opening(
        "holiday", datetime(2027, 12, 27, 8, tzinfo=UTC), True
    )
    held = next_opening(first, hours, (), first + timedelta(days=1))
    assert held is not None
    assert (held.code, held.fits) == ("holiday", False)


def test_late_in_the_day_waits_for_the_morning_even_after_the_window() -> None:
    late = datetime(2027, 3, 2, 18, 5, tzinfo=UTC)
    found = next_opening(late, rules(sending=(9, 18)), (), late + timedelta(hours=1))
    assert found == Opening("closed_hours", datetime(2027, 3, 3, 9, tzinfo=UTC), True)


def test_what_waits_for_a_cap_also_keeps_the_hours_after_it() -> None:
    free = NOON + timedelta(hours=12)
    found = next_opening(NOON, rules(sending=(9, 18)), [Wait("capped", free)], FAR)
    assert found == Opening("capped", datetime(2027, 3, 3, 9, tzinfo=UTC), True)
    held = next_opening(NOON, rules(), [Wait("capped", free)], NOON + timedelta(hours=12))
    assert held == Opening("capped", free, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        (" de ", "DE"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("UK", "GB"),
        ("USA", "US"),
        ("Narnia", None),
        ("", None),
        (None, None),
    ],
)
def test_countries_go_by_code_or_name(text: str | None, code: str | None) -> None:
    assert country_code(text) == code


def test_a_country_without_a_calendar_has_no_holidays() -> None:
    assert not is_holiday("XX", date(2027, 12, 25))
