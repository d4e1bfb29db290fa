"""What orders brought in, summed exactly and per currency: nothing is rounded, and no two currencies are added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from shared.domain.conversion import Value, Why
from shared.domain.money import UNIT

TOP = 6
"""Values shown of each dimension, the largest first; the rest is one line."""
REST, NOT_KNOWN = "all others", "not known"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Share(_Frozen):
    """What one variant, or the people who share a country, role or tag, brought in."""

    name: str
    values: list[Value]


class Cost(_Frozen):
    """What models or messages have cost."""

    what: str
    value: Value


class Revenue(_Frozen):
    """Of one campaign. `clicked` and `delivered` (weaker: nobody clicked) add up to `total`, and so do the variants,
    the countries and the roles; a person may have several tags, so those do not."""

    total: list[Value]
    clicked: list[Value]
    delivered: list[Value]
    variants: list[Share]
    segments: dict[str, list[Share]]
    costs: list[Cost]
    orders: int = 0
    """How many orders: what was refunded or put right later is in the sums, and is no order of its own."""


class Unattributed(_Frozen):
    """What is attributed to no message, for one reason."""

    why: Why
    reason: str
    values: list[Value]


class OfCampaign(_Frozen):
    """What one campaign brought in."""

    campaign: str
    name: str
    clicked: list[Value]
    delivered: list[Value]


class Orders(_Frozen):
    """Every row of the workspace: `campaigns` and `unattributed` add up to `total`, currency by currency."""

    total: list[Value]
    campaigns: list[OfCampaign]
    unattributed: list[Unattributed]


@dataclass
class Purse:
    """Sums by currency: millionths, and how many rows."""

    micros: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    rows: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, currency: str, micros: int, rows: int = 1) -> None:
        self.micros[currency] += micros
        self.rows[currency] += rows

    def put(self, other: Purse) -> None:
        """Everything of another as well."""
        for currency, micros in other.micros.items():
            self.add(currency, micros, other.rows[currency])

    def values(self) -> list[Value]:
        """By currency, in the alphabet's order."""
        return [
            Value(currency=each, value=decimal(self.micros[each]), rows=self.rows[each]) for each in sorted(self.micros)
        ]


def together(purses: Iterable[Purse]) -> Purse:
    """One purse with everything."""
    made = Purse()
    for each in purses:
        made.put(each)
    return made


def shares(purses: Mapping[str, Purse], top: int | None = None) -> list[Share]:
    """One a name, the one with the most rows first; what is beyond `top` is one line, so that nothing is lost."""
    ordered = sorted(purses, key=lambda name: (-sum(purses[name].rows.values()), name))
    shown, rest = ordered[:top], ordered[top:] if top else []
    made = [Share(name=name, values=purses[name].values()) for name in shown]
    return made + ([Share(name=REST, values=together(purses[name] for name in rest).values())] if rest else [])


def decimal(micros: int) -> str:
    """1310.00, to the last millionth: 0.000001."""
    units, rest = divmod(abs(micros), UNIT)
    digits = f"{rest:06}"
    return f"{'-' * (micros < 0)}{units}.{digits[:2]}{digits[2:].rstrip('0')}"


def told(values: Sequence[Value]) -> str:
    """1,310.00 EUR and 12.00 CHF; nothing: 0."""
    return " and ".join(f"{_grouped(each.value)} {each.currency}" for each in values) or "0"


def _grouped(value: str) -> str:
    whole, _, rest = value.partition(".")
    return f"{int(whole):,}.{rest}" if whole != "-0" else f"-0.{rest}"
