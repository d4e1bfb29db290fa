"""What invoices and contracts say of their own, in English and German, and money as people there write it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shared.domain.document import Language
from shared.domain.line_items import minor_digits

INVOICE_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "invoice": "Invoice", "credit_note": "Credit note", "draft": "Draft",
        "issued": "Date of issue", "supply": "Date of supply", "due": "Due", "number": "Number",
        "of": "For invoice", "contract": "Contract", "vat_id": "VAT ID", "tax_number": "Tax number",
        "vat_rate": "VAT", "vat_of": "VAT {rate} % on {net}", "net": "Net", "total": "Total", "payment": "Payment",
        "pay": "Please pay {total} by {due}, naming {number}.",
        "back": "We give back {total}. What was paid of it is returned or counted for the invoice that replaces it.",
        "why": "Reason: {why}", "account": "Account holder", "iban": "IBAN", "bic": "BIC", "bank": "Bank",
        "to": "to", "per_month": "per month", "what": "Description", "quantity": "Quantity", "price": "Unit price",
        "sum": "Net", "online": "Pay online",
    },
    "de": {
        "invoice": "Rechnung", "credit_note": "Gutschrift (Stornorechnung)", "draft": "Entwurf",
        "issued": "Rechnungsdatum", "supply": "Leistungsdatum", "due": "Fällig am", "number": "Nummer",
        "of": "Zur Rechnung", "contract": "Vertrag", "vat_id": "USt-IdNr.", "tax_number": "Steuernummer",
        "vat_rate": "USt.", "vat_of": "USt. {rate} % auf {net}", "net": "Netto", "total": "Gesamt",
        "payment": "Zahlung", "pay": "Bitte zahlen Sie {total} bis zum {due} und geben Sie {number} an.",
        "back": "Wir schreiben {total} gut. Was darauf gezahlt wurde, wird erstattet oder auf die Ersatzrechnung "
                "angerechnet.",
        "why": "Grund: {why}", "account": "Kontoinhaber", "iban": "IBAN", "bic": "BIC", "bank": "Bank",
        "to": "bis", "per_month": "je Monat", "what": "Beschreibung", "quantity": "Menge", "price": "Einzelpreis",
        "sum": "Netto", "online": "Online zahlen",
    },
}  # fmt: skip


def money_text(value: Decimal, currency: str, language: Language) -> str:
    """1,234.50 EUR, 1.234,50 EUR, 1,235 JPY; what is finer than a coin keeps its digits: 0.005 EUR."""
    digits = max(minor_digits(currency), -int(value.normalize().as_tuple().exponent))
    text = f"{value:,.{digits}f}"
    said = text.translate(str.maketrans(",.", ".,")) if language == "de" else text
    return f"{said}\u00a0{currency}"
