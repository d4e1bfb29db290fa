"""Deals as they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from shared.domain.money import UNIT, spelled
from shared.domain.needs import Statement


def worth(value: str, currency: str) -> str:
    """€12,000.00"""
    return spelled(int(Decimal(value) * UNIT), currency)


def request_of_form(form: Mapping[str, str]) -> dict[str, str]:
    """A field that was left empty says nothing; lines end as elsewhere."""
    return {name: value.strip().replace("\r\n", "\n") for name, value in form.items() if value.strip()}


class Piece(NamedTuple):
    """A stretch of a text, and whether something was read out of it."""

    text: str
    is_read: bool


def marked(text: str, statements: Sequence[Statement]) -> Iterator[Piece]:
    """The whole text in order; what statements quote is marked."""
    at = 0
    for start, end in sorted({(each.start, each.end) for each in statements}):
        if start >= at:
            yield Piece(text[at:start], False)
            yield Piece(text[start:end], True)
            at = end
    yield Piece(text[at:], False)
