"""What a client sees of a report: no group of fewer than five people, alone or by subtraction, and no costs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.certificate import Certificate
from shared.domain.client_report import LEAST, for_client
from shared.domain.conversion import Value
from shared.domain.report import Funnel, Report, Slice, rate
from shared.domain.revenue import Cost, Revenue, Share

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)
SIZES = st.lists(st.integers(0, 12), max_size=5)
HELD = st.dictionaries(st.sampled_from(["erased", "capped", "no_consent", "holdout"]), st.integers(1, 9))


def shares(orders: list[int]) -> list[Share]:
    return [
        Share(name=f"g{n}", values=[Value(currency="EUR", value=f"{each}.10", rows=each)])
        for n, each in enumerate(orders)
        if each
    ]


def made(countries: list[int], beside: int, held: dict[str, int], orders: list[int]) -> Report:
    """Countries of so many people each, and some `beside` of whom none is known."""
    sent = sum(countries) + beside
    zero = rate(0, sent)
    slices = [Slice(name=f"g{n}", sent=each, opened=zero, clicked=zero, unsubscribed=zero)
              for n, each in enumerate(countries) if each]  # fmt: skip
    parts = {"failed": 0, "unknown": 0, "remaining": 0, "held": held, "planned": sent + sum(held.values())}
    brought = shares(orders[: len(countries)])
    value = Value(currency="EUR", value=str(sum(Decimal(each.values[0].value) for each in brought)), rows=1)
    return Report(
        campaign="c", name="Spring", made_at=AT, final=True, timezone="UTC", simulated=False, sentences=("", "", ""),
        certificate=Certificate(campaign="c", name="Spring", sent_once=sent, sent_twice=0, recounted_at=AT, **parts),
        funnel=Funnel(
            sent=sent, opened=0, opened_by_machines=0, clicked=0, clicked_by_machines=0, unsubscribed=0, **parts
        ),
        opened=zero, clicked=zero, unsubscribed=zero, variants=slices, segments={"country": slices}, hours=[],
        findings=[], cost_micros=12,
        revenue=Revenue(total=[value], clicked=[value], delivered=[], variants=brought, segments={"country": brought},
                        costs=[Cost(what="models", value=value)]),
    )  # fmt: skip


@given(SIZES, st.integers(0, 12), HELD, st.lists(st.integers(0, 9), max_size=5))
def test_no_group_of_fewer_than_five_is_shown_or_told_by_what_is_left(
    countries: list[int], beside: int, held: dict[str, int], orders: list[int]
) -> None:
    before = made(countries, beside, held, orders)
    seen = for_client(before)
    assert for_client(seen) == seen
    shown = [each.sent for each in seen.segments.get("country", [])]
    assert all(each >= LEAST for each in [*shown, *(each.sent for each in seen.variants)])
    if shown:
        assert before.funnel.sent - sum(shown) not in range(1, LEAST)
    assert sum(seen.certificate.held.values()) == sum(held.values())
    assert all(n >= LEAST for code, n in seen.funnel.held.items() if code != "other_reasons")
    assert (seen.cost_micros, seen.revenue and seen.revenue.costs) == (None, [])
    assert before.revenue
    assert seen.revenue
    for each in (seen.revenue.variants, seen.revenue.segments.get("country", [])):
        assert all(share.values[0].rows >= LEAST for share in each)
        if each:
            assert sum(Decimal(share.values[0].value) for share in each) == Decimal(before.revenue.total[0].value)
