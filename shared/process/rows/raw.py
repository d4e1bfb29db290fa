"""What every format of rows has in common: headings, rows as they came, and a file for those that are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

REJECTED = ("baton_row", "baton_reason", "baton_suggestion")
"""The columns of a quarantine that the file itself did not have."""
LEFT = 100_000
"""So many characters of what stands behind a break of a file go into its quarantine; the file itself is kept anyway."""
Rejected = tuple[int, str, str]
"""What stands in them: the row's number, the reason and the suggestion."""


class Raw(NamedTuple):
    """A row as it came: values in the order of the headings, what the format makes of it otherwise, and why it cannot
    be read at all, if so."""

    values: Sequence[Any]
    original: Any
    problem: str = ""
    line: int = 0
    """Where it begins, as an editor or a spreadsheet counts; 0: the format has no such thing."""


class Rejects(Protocol):
    """A file being written, of the same format as the source."""

    def add(self, rejected: Rejected, raw: Raw) -> None: ...

    def close(self) -> None: ...


class Source(Protocol):
    """A file that is read row by row. Reading raises InputError if it is not what it says."""

    headings: list[str]
    ending: str
    """Of the file for refused rows."""

    def rows(self) -> Iterator[Raw]: ...

    def rejects(self, path: Path) -> Rejects: ...


@dataclass(frozen=True)
class Options:
    """How a file is written, as far as it does not say so itself."""

    encoding: str | None = None
    delimiter: str | None = None
    heading: bool | None = None
    skip: int = 0
    sheet: str | None = None
    record: str | None = None


def distinct(headings: Sequence[Any]) -> list[str]:
    """Headings as names: what is blank is named by its place, what comes twice by its turn."""
    found: dict[str, None] = {}
    for n, heading in enumerate(headings, 1):
        name = base = " ".join(str(heading if heading is not None else "").split()) or f"column_{n}"
        turn = 2
        while name in found:
            name, turn = f"{base}_{turn}", turn + 1
        found[name] = None
    return list(found)


def without(places: set[int], values: Sequence[Any]) -> list[Any]:
    """The values at other places."""
    return [each for n, each in enumerate(values) if n not in places]


def of_object(headings: Sequence[str], found: Mapping[str, Any]) -> Raw:
    """A row of a format whose rows name their values."""
    return Raw([found.get(each) for each in headings], found)
