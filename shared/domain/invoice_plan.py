"""Agreed dates: a deposit, milestones and months, each of which becomes one invoice. Pure: parts are the whole."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.agreed_day import Day
from shared.domain.billing import Trader
from shared.domain.document import Language
from shared.domain.faults import FieldError, Rejected
from shared.domain.invoice import Lines
from shared.domain.line_items import MOST_UNIT_NET, Line, Percent, billed, minor, of_minor, totals
from shared.domain.money import Currency
from shared.domain.texts import Line as OneLine
from shared.domain.texts import Plain

_WHOLE = Decimal(100)
MOST_MONTHS = 120


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Part(_Strict):
    """So many percent of what is billed once, on a day: the deposit, a milestone, the rest."""

    title: OneLine
    percent: Annotated[Percent, Field(gt=0)]
    on: Day


class Schedule(_Strict):
    """The agreed dates. `parts` are 100 % together. Lines that are billed monthly are billed on the first day, and then
    on that day of each of `months` months; a month that is too short has its last day."""

    parts: Annotated[list[Part], Field(max_length=24)] = Field(default_factory=list)
    monthly_from: Day | None = None
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)] = 12

    @model_validator(mode="after")
    def _whole(self) -> Schedule:
        if self.parts and sum(part.percent for part in self.parts) != _WHOLE:
            raise ValueError("parts: must be 100 percent together")
        return self


class Instalment(_Strict):
    """One invoice to be made; `key` names it within its plan, for ever."""

    key: str
    title: str
    on: date
    supply_from: date
    supply_to: date | None = None
    lines: Lines


class PlanRequest(_Strict):
    """The body of POST /api/v1/invoice-plans: agreed lines, and when they are billed."""

    buyer: Trader
    lines: Lines
    currency: Currency | None = None
    language: Language | None = None
    schedule: Schedule
    deal: Annotated[str, StringConstraints(max_length=80), Plain] = ""

    @model_validator(mode="after")
    def _billable(self) -> PlanRequest:
        if billed(self.lines, "once") and not self.schedule.parts:
            raise ValueError("schedule.parts: there are lines that are billed once; say when")
        if billed(self.lines, "monthly") and self.schedule.monthly_from is None:
            raise ValueError("schedule.monthly_from: there are lines that are billed monthly; say from when")
        return self


class Plan(_Strict):
    """The document: what is made of it is known from the day it was agreed."""

    id: str
    deal: str = ""
    contract: str = ""
    buyer: Trader
    currency: Currency
    language: Language
    instalments: Annotated[list[Instalment], Field(min_length=1, max_length=200)]
    made: dict[str, str] = Field(default_factory=dict)
    """Key of an instalment -> its invoice."""
    status: Literal["active", "done", "ended"] = "active"
    next_at: datetime | None = None
    created_at: datetime
    created_by: str


def instalments(lines: Sequence[Line], currency: str, schedule: Schedule) -> list[Instalment]:
    """Every invoice that is to be made, in the order of its day. The nets of the parts of each rate add up to what is
    agreed, to the smallest coin: the last part takes what rounding leaves. Raises Rejected for more than a part can
    ask for."""
    made = [*_parts(billed(lines, "once"), currency, schedule.parts), *_months(billed(lines, "monthly"), schedule)]
    return sorted(made, key=lambda each: (each.on, each.key))


def _parts(lines: Sequence[Line], currency: str, parts: Sequence[Part]) -> Iterator[Instalment]:
    if not lines:
        return
    if len(parts) == 1:
        [only] = parts
        yield Instalment(key="part-1", title=only.title, on=only.on, supply_from=only.on, lines=[*lines])
        return
    agreed = totals(lines, currency).vat
    if any(abs(each.net) > MOST_UNIT_NET for each in agreed):
        raise Rejected(FieldError("lines", f"more than {MOST_UNIT_NET:,} of one rate cannot be billed in parts"))
    nets = {each.rate: _split(each.net, currency, parts) for each in agreed}
    for n, part in enumerate(parts):
        shares = [
            Line(title=_titled(part), quantity=_sign(net[n]), unit_net=abs(net[n]), vat_rate=rate)
            for rate, net in nets.items()
        ]
        yield Instalment(key=f"part-{n + 1}", title=part.title, on=part.on, supply_from=part.on, lines=shares)


def _titled(part: Part) -> str:
    """In one line; a long title gives way to its percent."""
    share = f", {part.percent.normalize():f} %"
    return part.title[: 200 - len(share)] + share


def _split(net: Decimal, currency: str, parts: Sequence[Part]) -> list[Decimal]:
    """By cumulated percents in whole coins, so that the parts are the whole."""
    coins, so_far, made = minor(net, currency), Decimal(0), list[int]()
    for part in parts:
        so_far += part.percent
        made.append(int((coins * so_far / _WHOLE).to_integral_value()) - sum(made))
    return [of_minor(each, currency) for each in made]


def _sign(net: Decimal) -> Decimal:
    return Decimal(-1 if net < 0 else 1)


def _months(lines: Sequence[Line], schedule: Schedule) -> Iterator[Instalment]:
    first = schedule.monthly_from
    if not lines or first is None:
        return
    for n in range(schedule.months):
        on, following = month_after(first, n), month_after(first, n + 1)
        until = date.fromordinal(following.toordinal() - 1)
        yield Instalment(
            key=f"month-{n + 1:03}", title=f"{on:%Y-%m}", on=on, supply_from=on, supply_to=until,
            lines=[line.model_copy(update={"billing": "once"}) for line in lines],
        )  # fmt: skip


def month_after(first: date, months: int) -> date:
    """The same day so many months later; a month that is too short has its last day."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
