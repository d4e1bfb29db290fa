"""How a price came about, printed: whoever recomputes the lines by hand comes to the same cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from shared.domain.line_items import Totals
from shared.domain.offer import Language
from shared.domain.pricing import Priced, PricedLine, Step

ROUNDING: Mapping[Language, str] = {
    "en": "Every step is rounded to the smallest coin: after × a rate or complexity up, all others half up. "
    "VAT is counted once for each rate, on the sum of its lines.",
    "de": "Jeder Schritt ist auf die kleinste Münze gerundet: nach × Kurs oder Aufwand aufwärts, sonst kaufmännisch. "
    "Die Umsatzsteuer wird je Satz einmal von der Summe der Zeilen gerechnet.",
}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"net": "net", "vat": "VAT", "gross": "with VAT", "once": "paid once", "monthly": "paid each month",
           "": "list price: ", "rate": "rate: ", "factor": "complexity: ", "less": "discount: ",
           "set": "price set by hand: ", "quantity": ""},
    "de": {"net": "netto", "vat": "Umsatzsteuer", "gross": "mit Umsatzsteuer", "once": "einmalig",
           "monthly": "monatlich", "": "Listenpreis: ", "rate": "Kurs: ", "factor": "Aufwand: ", "less": "Nachlass: ",
           "set": "von Hand gesetzter Preis: ", "quantity": ""},
}  # fmt: skip
_SIGNS = {"": "", "rate": "× {by} ", "factor": "× {by} ", "less": "− {by} % ", "set": "", "quantity": "× {by} "}


def printed(found: Priced, language: Language = "en") -> list[str]:
    """All lines, then the sums of what is paid once and each month, each as `calculation = result CUR · what it is`."""
    return [
        *(text for line in found.lines for text in line_steps(line, language)),
        *sums(found, language),
    ]


def line_steps(line: PricedLine, language: Language = "en") -> list[str]:
    """The way to one line's price: its title, then each step."""
    return [line.line.title, *(_step(each, language) for each in line.steps)]


def sums(found: Priced, language: Language = "en") -> list[str]:
    """Net, VAT of each rate, and what is paid in all."""
    words = _WORDS[language]
    parts = (("once", found.once), ("monthly", found.monthly))
    return [
        text
        for billing, total in parts
        if any(each.line.billing == billing for each in found.lines)
        for text in _sums(
            [each for each in found.lines if each.line.billing == billing], total, words[billing], language
        )
    ]


def amount(value: Decimal, language: Language = "en") -> str:
    """1,234.50; in German 1.234,50."""
    return _grouped(f"{value:,f}", language)


def number(value: Decimal, language: Language = "en") -> str:
    """A factor, quantity or percentage without needless zeros."""
    text = f"{value:,f}"
    return _grouped(text.rstrip("0").rstrip(".") if "." in text else text, language)


def _step(step: Step, language: Language) -> str:
    calculation = _SIGNS[step.sign].format(by=number(step.by, language))
    return f"{calculation}= {amount(step.result, language)} {step.currency} · {_WORDS[language][step.sign]}{step.why}"


def _sums(lines: Sequence[PricedLine], total: Totals, when: str, language: Language) -> Iterator[str]:
    words, currency = _WORDS[language], total.currency

    def shown(value: Decimal) -> str:
        return amount(value, language)

    yield f"{' + '.join(shown(each.net) for each in lines)} = {shown(total.net)} {currency} · {words['net']}, {when}"
    for vat in total.vat:
        rate = number(vat.rate, language)
        yield f"{rate} % × {shown(vat.net)} = {shown(vat.tax)} {currency} · {words['vat']} {rate} %, {when}"
    parts = " + ".join(shown(each) for each in (total.net, *(vat.tax for vat in total.vat)))
    yield f"{parts} = {shown(total.gross)} {currency} · {words['gross']}, {when}"


def _grouped(text: str, language: Language) -> str:
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text
