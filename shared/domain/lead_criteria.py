"""By what leads are scored: criteria as data, in versions. Whatever stands here is shown with the score; nothing else
counts (S1.10, S1.16, rules G9 and G10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.footprint import FACTS
from shared.domain.lead import Value
from shared.domain.texts import Line

RuleName = Literal["yes", "no", "between", "one_of", "known"]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
GIVEN = re.compile(r"given\.\w{1,40}")
OF_THE_LEAD = ("country", "city", "industry")
_FORBIDDEN: Mapping[str, str] = {
    "a special category of data (GDPR Article 9)": (
        r"relig|church|faith|konfession|ethnic|race|racial|hautfarbe|health|gesundheit|illness|krank|disab|behinder|"
        r"politic|politisch|party|union|gewerkschaft|sexual|orientation|genetic|biometric"
    ),
    "a personal trait that stands in for one": (
        r"gender|geschlecht|\bsex\b|\bage\b|\balter\b|birth|geburt|marital|familienstand|pregnan|nationality|citizen|"
        r"staatsangeh|migration|mother tongue|muttersprache|skin|accent|first name|vorname|surname|last name|nachname|"
        r"salutation|anrede"
    ),
    "a place so small that it stands in for one": (
        r"postcode|post code|zip|plz|postleitzahl|neighbou?rhood|street|stra(?:ß|ss)e"
    ),
}
"""Why something must not be weighed -> words by which it is known."""


def forbidden(text: str) -> str | None:
    """Why what is called so must not be weighed; None: it may be (rule G10)."""
    plain = re.sub(r"[\W_]+", " ", text.casefold())
    return next((why for why, words in _FORBIDDEN.items() if re.search(words, plain)), None)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Condition(_Strict):
    """A fact, and what of it counts fully: `yes`, `no`, that it is `known`, `one_of` the values, or `between`: nothing
    at `low`, all of it at `high`, in proportion between; `low` may be the higher one."""

    fact: Line
    rule: RuleName
    low: Annotated[float | None, Field(allow_inf_nan=False)] = None
    high: Annotated[float | None, Field(allow_inf_nan=False)] = None
    values: Annotated[list[Line], Field(max_length=300)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _whole(self) -> Condition:
        if why := forbidden(self.fact):
            raise ValueError(f"fact: {self.fact!r} must not be weighed: it is {why}")
        if self.fact not in FACTS and self.fact not in OF_THE_LEAD and not GIVEN.fullmatch(self.fact):
            raise ValueError(
                f"fact: there is no {self.fact!r}; there are {', '.join([*FACTS, *OF_THE_LEAD])}, given.<column>"
            )
        if self.rule == "between" and (self.low is None or self.high is None or self.low == self.high):
            raise ValueError("low: between needs low and high, and they must differ")
        if self.rule == "one_of" and not self.values:
            raise ValueError("values: one_of needs values")
        return self

    def factor(self, value: Value) -> float | None:
        """From 0 to 1, in thousandths; None: the value is missing, or is none of this kind."""
        if value is None:
            return 0.0 if self.rule == "known" else None
        match self.rule:
            case "known":
                return 1.0
            case "yes" | "no":
                return float(value is (self.rule == "yes")) if isinstance(value, bool) else None
            case "one_of":
                found = [str(each).casefold() for each in (value if isinstance(value, list) else [value])]
                return float(any(each.casefold() in found for each in self.values))
            case "between":
                return self._share(value)

    def _share(self, value: Value) -> float | None:
        try:
            number = float(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
        except ValueError:
            return None
        if number is None or number != number or self.low is None or self.high is None:
            return None
        return round(min(1.0, max(0.0, (number - self.low) / (self.high - self.low))), 3)


class Criterion(_Strict):
    """What counts, how much, and how it is said when it does. `service`: what the agency would do about it."""

    id: Id
    title: Line
    weight: Annotated[int, Field(ge=0, le=100)]
    when: Condition
    says: Line
    service: Id | None = None

    @model_validator(mode="after")
    def _allowed(self) -> Criterion:
        if why := forbidden(f"{self.id} {self.title}"):
            raise ValueError(f"title: {self.title!r} must not be weighed: it is {why}")
        return self


class Package(_Strict):
    """What is recommended to whoever needs this service most."""

    service: Id
    title: Line


class Assumption(_Strict):
    """What a company of this kind may spend, as the agency assumes it: whole units of the currency."""

    when: Condition
    low: Annotated[int, Field(ge=0, le=10_000_000)]
    high: Annotated[int, Field(ge=0, le=10_000_000)]
    says: Line


class Fit(_Strict):
    """A logistic model over the factors, fitted to closed deals: chance = 1 / (1 + exp(-(intercept + Σ weight ×
    factor))). A missing factor counts as `means` says."""

    intercept: float
    weights: dict[str, float]
    means: dict[str, float]
    deals: int
    held_out: int
    auc: float
    auc_of_score: float
    calibration: float
    """Mean distance between the chance that it said and the share that was won, on the deals held out."""


class CriteriaRequest(_Strict):
    """The criteria as somebody sets them."""

    criteria: Annotated[list[Criterion], Field(min_length=1, max_length=60)]
    packages: Annotated[list[Package], Field(max_length=30)] = Field(default_factory=list)
    budget: Annotated[list[Assumption], Field(max_length=30)] = Field(default_factory=list)
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] = "EUR"

    @model_validator(mode="after")
    def _each_once(self) -> CriteriaRequest:
        ids = [each.id for each in self.criteria]
        twice = {each for each in ids if ids.count(each) > 1}
        if twice:
            raise ValueError(f"criteria: {', '.join(sorted(twice))}: each id once")
        if not any(each.weight for each in self.criteria):
            raise ValueError("criteria: one of them must have a weight")
        return self


class Criteria(CriteriaRequest):
    """One version. A score says by which version it came about; versions never change."""

    version: int
    fit: Fit | None = None
    changed_at: datetime | None = None
    changed_by: str = "Baton"
