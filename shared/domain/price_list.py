"""The prices of models that Baton knows by itself: data, each with source and date. A workspace adds its own."""

from __future__ import annotations

from datetime import date

from shared.domain.prices import Price

_JUNE = date(2026, 6, 21)
_OPENAI = "OpenAI's list, standard processing, as other people's pages quoted it by then; not checked with OpenAI"


def _openai(model: str, input: int, output: int = 0, most_input: int | None = None) -> Price:
    return Price(
        model=model, currency="USD", input=input, output=output, most_input=most_input, source=_OPENAI, date=_JUNE
    )


PRICES = (
    _openai("gpt-4o", 2_500_000, 10_000_000),
    _openai("gpt-4o-mini", 150_000, 600_000),
    _openai("gpt-4.1", 2_000_000, 8_000_000),
    _openai("gpt-4.1-mini", 400_000, 1_600_000),
    _openai("gpt-4.1-nano", 100_000, 400_000),
    _openai("gpt-5-mini", 250_000, 2_000_000),
    _openai("gpt-5.4", 2_500_000, 15_000_000, 272_000),
    _openai("gpt-5.4-mini", 750_000, 4_500_000),
    _openai("gpt-5.4-nano", 200_000, 1_250_000),
    _openai("gpt-5.5", 5_000_000, 30_000_000, 272_000),
    _openai("text-embedding-3-small", 20_000),
    _openai("text-embedding-3-large", 130_000),
)
"""Millionths of a dollar for a million tokens, read and written."""
