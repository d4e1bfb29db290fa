"""A proposal as it is read: one outline of words and numbers, set as PDF and shown as the client's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from shared.domain.brand import Brand
from shared.domain.campaign import Sender
from shared.domain.derivation import ROUNDING, line_steps, number, sums
from shared.domain.line_items import Totals
from shared.domain.offer import Language, OfferTerms
from shared.domain.pricing import PricedLine
from shared.domain.proposal import Content, PricedOption
from shared.domain.proposal_words import WORDS, money
from shared.render.document_words import day
from shared.render.typesetting import Folders, drawn_with, picture_data, typeset

Outline = dict[str, Any]


def outline(
    content: Content, options: Sequence[PricedOption], terms: OfferTerms, sender: Sender, version: int, seal: str,
    made: date,
) -> Outline:  # fmt: skip
    """Everything that is read, as text; sums are those that were priced, nothing is counted here."""
    words, language = WORDS[content.language], content.language
    return {
        "language": language,
        "title": content.title,
        "kind": words["proposal"],
        "sender": [sender.name, *_lines(sender.postal_address), sender.address],
        "recipient": [each for each in (content.recipient.company, content.recipient.name) if each]
        + _lines(content.recipient.address),
        "facts": [
            (words["date"], day(made, language)),
            (words["version"], str(version)),
            (words["until"], day(content.answer_by, language)),
        ],
        "paragraphs": [{"heading": each.heading, "lines": _lines(each.text)} for each in content.paragraphs],
        "options": [_option(content, each, shown) for each, shown in zip(content.options, options, strict=True)],
        "terms": _lines(content.terms),
        "vat_note": terms.vat_note if terms.vat_note and any(_zero(each) for each in options) else "",
        "how": [_how(each, language) for each in options],
        "rounding": ROUNDING[language],
        "seal": seal,
        "words": dict(words),
    }


def proposal_pdf(said: Outline, brand: Brand, logo: bytes | None = None, fonts: Folders = ()) -> bytes:
    """A4, the same bytes for the same arguments. Raises ValueError if it cannot be set."""
    look = {
        "primary": brand.colours.primary,
        "heading_font": drawn_with(brand.fonts.heading, fonts),
        "body_font": drawn_with(brand.fonts.body, fonts),
        "logo": picture_data(logo) if logo else None,
        "page": "Seite" if said["language"] == "de" else "Page",
    }
    return typeset("proposal", {**said, **look}, "pdf", fonts=fonts)


def _option(content: Content, option: Any, shown: PricedOption) -> Outline:
    language, currency = content.language, content.currency
    words = WORDS[language]
    return {
        "id": option.id,
        "name": option.name,
        "lines": _lines(option.text),
        "recommended": words["recommended"] if content.recommended == option.id else "",
        "rows": [_row(each, currency, language) for each in shown.priced.lines],
        "sums": [*_sums(shown.once, "once", language), *_sums(shown.monthly, "monthly", language)],
    }


def _row(line: PricedLine, currency: str, language: Language) -> list[str]:
    words = WORDS[language]
    billed = "" if line.line.billing == "once" else f", {words['monthly']}"
    price = f"{money(line.line.unit_net, currency, language)} {words['per']} {line.unit}{billed}"
    return [line.line.title, number(line.line.quantity, language), price, money(line.net, currency, language)]


def _sums(total: Totals, when: str, language: Language) -> Iterator[tuple[str, str]]:
    if not total.vat:
        return
    words = WORDS[language]

    def shown(value: Any) -> str:
        return money(value, total.currency, language)

    yield f"{words['net']}, {words[when]}", shown(total.net)
    for vat in total.vat:
        yield words["vat"].format(rate=number(vat.rate, language)), shown(vat.tax)
    yield f"{words['gross']}, {words[when]}", shown(total.gross)


def _how(option: PricedOption, language: Language) -> Outline:
    """The derivation, as it is printed: the title of each line, then its steps; then the sums."""
    lines = [line_steps(each, language) for each in option.priced.lines]
    return {"name": option.name, "lines": lines, "sums": sums(option.priced, language)}


def _zero(option: PricedOption) -> bool:
    return any(vat.rate == 0 for total in (option.once, option.monthly) for vat in total.vat)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
