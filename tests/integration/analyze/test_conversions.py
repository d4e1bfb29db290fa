"""Orders: recorded once, attributed, and summed to the cent."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.agents import conversions
from shared.agents.analyze import report
from shared.agents.campaigns import manifest
from shared.agents.conversions.record import Numbered
from shared.domain.address import effect_key
from shared.domain.conversion import ConversionRow, Taken, Value
from shared.domain.links import sign
from shared.domain.names import Kind
from shared.domain.revenue import Share
from shared.ports import PlannedRow
from tests.integration.analyze.home import SCOPE, START, Fate, Home, Sent, home, react, send

BOUGHT = START + timedelta(hours=3)
FATES = [Fate(variant="AB"[n % 2], country=("DE", "NZ", None)[n % 3], tags=("yoga",)) for n in range(6)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    with home(tmp_path) as made:
        yield made


@pytest.fixture
def sent(place: Home) -> Sent:
    """Six people got it: 0 and 1 clicked, 2 to 4 did not; 5 is not in the address book any more."""
    made = send(place, FATES)
    keys = [effect_key(SCOPE, made.campaign, "1", "email", person) for person in made.persons]
    plan = zip(keys, made.persons, FATES, strict=True)
    lines = [
        manifest.Line(0, PlannedRow(key, f"p{who[:23]}", who, of.variant, START, "first")) for key, who, of in plan
    ]
    manifest.write(place.ports, SCOPE, made.campaign, lines)
    for person in made.persons[:5]:
        place.ports.documents.put(SCOPE, Kind.IDENTITY, person, {"contact": f"p{person[:23]}"})
    for n in (0, 1):
        react(place, made, n, "c")
    place.at(BOUGHT + timedelta(days=1))
    return made


def row(order: str, value: str, **more: Any) -> ConversionRow:
    given = {"order_id": order, "value": value, "currency": "EUR", "occurred_at": BOUGHT, **more}
    return ConversionRow.model_validate(given)


def record(place: Home, *rows: ConversionRow, dry_run: bool = False) -> Taken:
    numbered = [Numbered(n, each) for n, each in enumerate(rows, 1)]
    return conversions.record(place.ports, SCOPE, "shop", numbered, dry_run=dry_run)


def summed(*values: list[Value]) -> dict[str, Decimal]:
    made: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in values:
        for value in each:
            made[value.currency] += Decimal(value.value)
    return {currency: value for currency, value in made.items() if value}


def of(shares: list[Share]) -> dict[str, Decimal]:
    return summed(*(each.values for each in shares))


def test_a_click_then_an_arrival_then_nothing_and_each_says_why(place: Home, sent: Sent) -> None:
    token = sign(sent.link(5, "c"), place.ports.keys.link)
    forged = sign(sent.link(5, "c"), {"1": b"x" * 32})
    done = record(
        place,
        row("clicked", "10.00", email=" P0@Example.org "),
        row("arrived", "20.00", contact=f"p{sent.persons[2][:23]}"),
        row("gone", "0.01", click=token, email="p1@example.org"),
        row("forged", "1", click=forged),
        row("stranger", "2", email="nobody@example.org"),
        row("late", "3", email="p2@example.org", occurred_at=BOUGHT - timedelta(days=2)),
        row("nameless", "4"),
    )
    assert (done.recorded, done.refused, summed(done.total)) == (7, 0, {"EUR": Decimal("40.01")})
    listed = {each.order: each for each in conversions.listing(place.ports, SCOPE)[0]}
    assert {order: (each.basis, each.why, each.variant) for order, each in listed.items()} == {
        "clicked": ("click", None, "A"),
        "arrived": ("delivered", None, "A"),
        "gone": ("click", None, "B"),
        "forged": ("none", "unknown_click", None),
        "stranger": ("none", "unknown_person", None),
        "late": ("none", "no_message", None),
        "nameless": ("none", "nobody_named", None),
    }
    # Who left the address book is not put back into the home by an order.
    assert (listed["gone"].person, listed["gone"].contact, listed["gone"].key) == (None, None, None)
    every = conversions.orders(place.ports, SCOPE)
    assert [(each.why, each.values[0].value) for each in every.unattributed] == [
        ("nobody_named", "4.00"), ("unknown_person", "2.00"), ("unknown_click", "1.00"), ("no_message", "3.00"),
    ]  # fmt: skip


def test_what_is_sent_again_counts_once_and_what_contradicts_is_refused(place: Home, sent: Sent) -> None:
    first = [row("1", "50.00", email="p0@example.org"), row("2", "5.55")]
    assert record(place, *first, dry_run=True).recorded == 2
    assert conversions.listing(place.ports, SCOPE)[0] == []
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: record(place, *first), range(4)))
    assert sum(each.recorded for each in done) == 2
    assert sum(each.unchanged for each in done) == 6
    again = record(
        place,
        row("1", "51.00"),
        row("1", "20", what="refund", reference="R1"),
        row("1", "-0.01", what="correction", reference="K1", currency="CHF"),
        row("1", "-0.01", what="correction", reference="K2"),
        row("9", "1", what="refund", reference="R2"),
        row("3", "1", occurred_at=BOUGHT + timedelta(days=9)),
    )
    assert [(each.row, each.field) for each in again.errors] == [
        (1, "order_id"), (3, "currency"), (5, "order_id"), (6, "occurred_at"),
    ]  # fmt: skip
    brought = report(place.ports, SCOPE, sent.campaign).revenue
    assert brought
    assert summed(brought.clicked) == {"EUR": Decimal("29.99")}, "a refund goes where its order went"
    assert record(place, row("1", "20", what="refund", reference="R1")).unchanged == 1


cents = st.decimals(0, 99_999, places=2).map(str)
bought = st.builds(
    dict,
    value=cents,
    currency=st.sampled_from(["EUR", "CHF", "JPY"]),
    email=st.sampled_from([*(f"p{n}@example.org" for n in range(6)), "nobody@example.org", None]),
    back=st.one_of(st.none(), cents),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(bought, min_size=1, max_size=150), seed=st.integers(0, 9))
def test_the_parts_add_up_to_the_total_to_the_cent_in_each_currency(
    place: Home, sent: Sent, orders: list[dict[str, Any]], seed: int
) -> None:
    before = summed(conversions.orders(place.ports, SCOPE).total)
    begin = len(conversions.listing(place.ports, SCOPE, limit=10_000)[0])
    told, truth = list[ConversionRow](), defaultdict(Decimal, before)
    for n, each in enumerate(orders):
        of_order = {"order_id": f"{begin}-{n}", "currency": each["currency"], "occurred_at": BOUGHT}
        told.append(ConversionRow.model_validate({**of_order, "value": each["value"], "email": each["email"]}))
        truth[each["currency"]] += Decimal(each["value"])
        if each["back"] and Decimal(each["back"]):
            back = {"what": "refund", "reference": "R", "value": each["back"]}
            told.append(ConversionRow.model_validate({**of_order, **back}))
            truth[each["currency"]] -= Decimal(each["back"])
    repeated = random.Random(seed).choices(told, k=len(told) // 2)
    record(place, *told, *repeated)
    every = conversions.orders(place.ports, SCOPE)
    parts = [*(part for each in every.campaigns for part in (each.clicked, each.delivered))]
    assert summed(every.total) == {currency: value for currency, value in truth.items() if value}
    assert summed(*parts, *(each.values for each in every.unattributed)) == summed(every.total)
    brought = conversions.revenue(place.ports, SCOPE, sent.campaign, 0)
    assert summed(brought.clicked, brought.delivered) == summed(brought.total) == summed(*parts)
    assert of(brought.variants) == summed(brought.total)
    for name in ("country", "role"):
        if name in brought.segments:
            assert of(brought.segments[name]) == summed(brought.total)


def test_a_file_of_orders_is_read_row_by_row() -> None:
    rows, faults = conversions.read_orders(
        b"order_id;value;currency;occurred_at;email;shop\r\n"
        b"1;10.00;EUR;2027-03-02T10:00:00Z;ann@example.org;web\r\n"
        b";;;;;\r\n"
        b"2;10,00;EUR;2027-03-02T10:00:00Z;;web\r\n"
        b"3;1;EUR;yesterday;;web\r\n"
    )
    assert [(each.number, each.row.order_id, each.row.email) for each in rows] == [(2, "1", "ann@example.org")]
    assert [(each.row, each.field) for each in faults] == [(4, "value"), (5, "occurred_at")]
