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


def lasted(seconds: float) -> str:
    """A length of time: 0.4 s, 12 s, 3 min 12 s, 2 h 4 min, 3 d 5 h."""
    if seconds < 10:
        return f"{seconds:.1f} s" if seconds >= 0.05 or not seconds else "0.0 s"
    whole = round(seconds)
    for unit, size, less, part in (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size:,} {unit}" + (f" {rest} {less}" if rest else "")
    return f"{whole} s"


def octets(count: int) -> str:
    """A size: 512 B, 1.2 MB."""
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:,.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"


def _digits(share: float) -> int:
    return 1 if 0 < share < 0.0995 else 0
