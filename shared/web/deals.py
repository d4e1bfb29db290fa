"""Deals as they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shared.domain.money import UNIT, spelled


def worth(value: str, currency: str) -> str:
    """€12,000.00"""
    return spelled(int(Decimal(value) * UNIT), currency)


def request_of_form(form: Mapping[str, str]) -> dict[str, str]:
    """A field that was left empty says nothing; lines end as elsewhere."""
    return {name: value.strip().replace("\r\n", "\n") for name, value in form.items() if value.strip()}
