"""Numbers as people read them; every sentence, table and page writes them alike."""

from __future__ import annotations

from shared.domain.report import Rate


def people(n: int) -> str:
    """1 person, 2 people, 1,204 people."""
    return f"{n:,} {'person' if n == 1 else 'people'}"


def percent(share: float) -> str:
    """A share: 46 %, 2.5 %, 0 %."""
    return f"{share * 100:.{_digits(share)}f} %"


def between(rate: Rate) -> str:
    """The interval of a rate: 41 to 51 %."""
    digits = _digits(rate.value)
    return f"{rate.low * 100:.{digits}f} to {rate.high * 100:.{digits}f} %"


def spread(rate: Rate) -> str:
    """A rate with its interval: 46 % (41 to 51 %)."""
    return f"{percent(rate.value)} ({between(rate)})"


def _digits(share: float) -> int:
    return 1 if 0 < share < 0.0995 else 0
