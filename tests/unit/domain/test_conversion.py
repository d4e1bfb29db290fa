"""To what message an order is attributed, and what a shop may say of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from shared.domain.conversion import CLICKED, DELIVERED, ConversionRow, Touch, attributed, clicked_at
from shared.domain.engagement import Engagement
from shared.domain.links import with_click

AT = datetime(2027, 3, 31, 12, tzinfo=UTC)
TINY = timedelta(microseconds=1)


def touch(before: timedelta, campaign: str = "c") -> Touch:
    return Touch(AT - before, campaign, "k")


@pytest.mark.parametrize(
    ("clicks", "arrivals", "basis", "campaign"),
    [
        ([touch(timedelta(9), "old"), touch(timedelta(2), "new")], [], "click", "new"),
        ([touch(CLICKED)], [touch(timedelta(1), "seen")], "click", "c"),
        ([touch(CLICKED + TINY)], [touch(DELIVERED, "seen"), touch(DELIVERED + TINY, "x")], "delivered", "seen"),
        ([touch(-TINY)], [touch(-TINY)], "none", None),
        ([touch(timedelta(0))], [], "click", "c"),
        ([], [touch(DELIVERED + TINY)], "none", None),
    ],
)
def test_the_last_click_within_its_window_then_the_last_arrival_then_nothing(
    clicks: list[Touch], arrivals: list[Touch], basis: str, campaign: str | None
) -> None:
    found = attributed(clicks, arrivals, AT)
    assert (found.basis, found.campaign, found.why) == (basis, campaign, "no_message" if basis == "none" else None)


def test_a_machines_click_says_nothing_of_when_a_person_clicked() -> None:
    seen = Engagement(
        campaign="c", key="k", person="p", what="click", human=1, machine=1,
        first_at=AT, first_human_at=AT + timedelta(1), last_at=AT + timedelta(5),
    )  # fmt: skip
    assert clicked_at(seen, AT + timedelta(9)) == AT + timedelta(1)
    assert clicked_at(seen, AT) is None
    assert clicked_at(seen.model_copy(update={"machine": 0}), AT + timedelta(9)) == AT + timedelta(5)
    scanned = seen.model_copy(update={"human": 0, "first_human_at": None})
    assert clicked_at(scanned, AT + timedelta(9)) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": "49,90"}, "value"),
        ({"value": "1e3"}, "value"),
        ({"value": "0.0000001"}, "value"),
        ({"value": 49.9}, "value"),
        ({"value": "-1"}, "must not be negative"),
        ({"what": "refund"}, "needs one of its own"),
        ({"reference": "R1"}, "an order has none"),
        ({"what": "refund", "reference": "R1", "value": "0.00"}, "must not be 0"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "its year must be"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "its year must be"),
        ({"currency": "euro"}, "currency"),
        ({"order_id": "a\nb"}, "one line"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(wrong: dict[str, object], said: str) -> None:
    right: dict[str, object] = {"order_id": "1", "value": "49.90", "currency": "EUR", "occurred_at": AT}
    assert ConversionRow.model_validate(right).micros == 49_900_000
    with pytest.raises(ValidationError, match=said):
        ConversionRow.model_validate(right | wrong)


@pytest.mark.parametrize(
    ("target", "sent_to"),
    [
        ("https://shop.example/a?baton_click=", "https://shop.example/a?baton_click=TOKEN"),
        ("https://shop.example/a?x=1&baton_click=&y=2#z", "https://shop.example/a?x=1&baton_click=TOKEN&y=2#z"),
        ("https://shop.example/a?baton_click=mine", "https://shop.example/a?baton_click=mine"),
        ("https://shop.example/a", "https://shop.example/a"),
    ],
)
def test_a_shop_gets_the_token_only_where_its_address_leaves_the_place(target: str, sent_to: str) -> None:
    assert with_click(target, "TOKEN") == sent_to
