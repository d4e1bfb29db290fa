"""An invoice or credit note on A4, with all that Directive 2006/112/EC, article 226, asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.billing import Billing, Trader
from shared.domain.brand import Brand
from shared.domain.document import Language
from shared.domain.invoice import Invoice
from shared.domain.line_items import Line, line_net, totals
from shared.render.document_words import WORDS, day, plain
from shared.render.invoice_words import INVOICE_WORDS, money_text
from shared.render.typesetting import Folders, drawn_with, picture_data, typeset

Block = dict[str, Any]


def invoice_pdf(
    found: Invoice, terms: Billing, brand: Brand, logo: bytes | None = None, cancels: str = "", fonts: Folders = ()
) -> bytes:
    """The same bytes for the same arguments. `cancels` is the number of the invoice that a credit note takes back.
    Raises ValueError if it cannot be set."""
    words, language = INVOICE_WORDS[found.language], found.language
    title = f"{words[found.kind]} {found.number or words['draft']}"
    said = {
        "title": title,
        "label": footing(terms, words),
        "sender": party(terms.seller, words),
        "recipient": party(found.buyer, words),
        "between": None,
        "facts": [*_facts(found, cancels, words, language)],
        "blocks": [*_blocks(found, terms, words, language)],
    }
    return typeset("document", {**said, **look(brand, logo, language, fonts)}, "pdf", fonts=fonts)


def look(brand: Brand, logo: bytes | None, language: Language, fonts: Folders) -> Block:
    """How a workspace's papers look."""
    return {
        "primary": brand.colours.primary,
        "heading": drawn_with(brand.fonts.heading, fonts),
        "body": drawn_with(brand.fonts.body, fonts),
        "logo": picture_data(logo) if logo else None,
        "page": WORDS[language]["page"],
        "of": WORDS[language]["of"],
        "language": language,
    }


def footing(terms: Billing, words: Mapping[str, str]) -> str:
    """Who sells, at the foot of each page."""
    seller = terms.seller
    tax = f"{words['vat_id']} {seller.vat_id}" if seller.vat_id else f"{words['tax_number']} {seller.tax_number}"
    return f"{seller.name} · {tax} · {words['iban']} {terms.iban}"


def party(trader: Trader, words: Mapping[str, str]) -> list[str]:
    """Its lines, the name first, the country at the end of the address."""
    lines = [trader.name, *(line.strip() for line in trader.address.splitlines() if line.strip()), trader.country]
    lines += [f"{words['vat_id']}: {trader.vat_id}"] if trader.vat_id else []
    return lines + ([f"{words['tax_number']}: {trader.tax_number}"] if trader.tax_number else [])


def lines_table(lines: list[Line], currency: str, words: Mapping[str, str], language: Language) -> Block:
    """Every line with its rate, and the sums: net, the tax of each rate on its net, what is asked for."""

    def row(line: Line) -> list[str]:
        title = f"{line.title} ({words['per_month']})" if line.billing == "monthly" else line.title
        return [
            title, plain(line.quantity, language), money_text(line.unit_net, currency, language),
            f"{plain(line.vat_rate, language)} %", money_text(line_net(line, currency), currency, language),
        ]  # fmt: skip

    found = totals(lines, currency)
    sums = [(words["net"], money_text(found.net, currency, language))]
    for vat in found.vat:
        net = money_text(vat.net, currency, language)
        named = words["vat_of"].format(rate=plain(vat.rate, language), net=net)
        sums.append((named, money_text(vat.tax, currency, language)))
    sums.append((words["total"], money_text(found.gross, currency, language)))
    head = [words[name] for name in ("what", "quantity", "price", "vat_rate", "sum")]
    return {"kind": "table", "head": head, "rows": [row(line) for line in lines], "sums": sums}


def text(*paragraphs: str) -> Block:
    """Paragraphs, their lines as they stand."""
    return {"kind": "text", "paragraphs": [each.splitlines() for each in paragraphs]}


def _facts(found: Invoice, cancels: str, words: Mapping[str, str], language: Language) -> Iterator[tuple[str, str]]:
    if found.number:
        yield words["number"], found.number
    if cancels:
        yield words["of"], cancels
    if found.issued_on:
        yield words["issued"], day(found.issued_on, language)
    until = f" {words['to']} {day(found.supply_to, language)}" if found.supply_to else ""
    yield words["supply"], f"{day(found.supply_from, language)}{until}"
    if found.due_on and found.kind == "invoice":
        yield words["due"], day(found.due_on, language)


def _blocks(found: Invoice, terms: Billing, words: Mapping[str, str], language: Language) -> Iterator[Block]:
    if found.purpose:
        yield text(found.purpose)
    yield lines_table(found.lines, found.currency, words, language)
    if (note := found.note or terms.note) and any(line.vat_rate == 0 for line in found.lines):
        yield text(note)
    if found.kind == "credit_note":
        back = money_text(-found.totals.gross, found.currency, language)
        yield text(words["why"].format(why=found.why), words["back"].format(total=back))
        return
    total = money_text(found.totals.gross, found.currency, language)
    due = day(found.due_on, language) if found.due_on else f"{found.payment_days} d"
    yield {"kind": "heading", "text": words["payment"]}
    yield text(words["pay"].format(total=total, due=due, number=found.number or words["draft"]))
    account = [(words["account"], terms.account_holder), (words["iban"], terms.iban)]
    account += [(words["bic"], terms.bic)] if terms.bic else []
    yield {"kind": "facts", "rows": [*account, (words["bank"], terms.bank)]}
