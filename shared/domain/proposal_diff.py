"""What changed between two versions of a proposal: words, and prices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.domain.derivation import amount, number
from shared.domain.proposal import Change, Content, PricedOption
from shared.domain.word_diff import Stretch, stretches


def changes(
    old: Content, old_prices: Sequence[PricedOption], new: Content, new_prices: Sequence[PricedOption]
) -> list[Change]:
    """Every place that differs, in the order of the newer version; what is gone comes last."""
    words = _differing(dict(_words(old)), dict(_words(new)), price=False)
    return [*words, *_differing(dict(_prices(old_prices)), dict(_prices(new_prices)), price=True)]


def _differing(before: dict[str, str], after: dict[str, str], price: bool) -> Iterator[Change]:
    for where in dict.fromkeys([*after, *before]):
        old, new = before.get(where, ""), after.get(where, "")
        if old != new:
            yield Change(where=where, stretches=_whole(old, new) if price else stretches(old, new), price=price)


def _whole(old: str, new: str) -> list[Stretch]:
    """An amount changes as a whole: half a number says nothing."""
    found = [Stretch(kind="gone", text=old)] if old else []
    return [*found, *([Stretch(kind="new", text=new)] if new else [])]


def _words(content: Content) -> Iterator[tuple[str, str]]:
    yield "Title", content.title
    whom = content.recipient
    yield "Recipient", "\n".join(each for each in (whom.name, whom.company, whom.address) if each)
    for n, each in enumerate(content.paragraphs, 1):
        yield f"Paragraph {n}", f"{each.heading}\n{each.text}"
    for option in content.options:
        yield f"{option.id}: name and text", f"{option.name}\n{option.text}".strip()
    yield "Recommended", content.recommended
    yield "Discounts", "\n".join(f"{each.name} − {each.percent} %" for each in content.discounts)
    yield "Terms", content.terms
    yield "Can be accepted until", str(content.answer_by)


def _prices(options: Sequence[PricedOption]) -> Iterator[tuple[str, str]]:
    for option in options:
        currency = option.priced.currency
        for n, each in enumerate(option.priced.lines, 1):
            priced = f"{number(each.line.quantity)} × {amount(each.line.unit_net)} = {amount(each.net)} {currency}"
            yield f"{option.id}, line {n}", f"{each.line.title}: {priced}"
        for name, total in (("once", option.once), ("each month", option.monthly)):
            if total.vat:
                yield f"{option.id}, paid {name}", f"{amount(total.net)} net, {amount(total.gross)} {currency} with VAT"
