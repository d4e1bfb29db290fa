"""What documents say of their own, in English and German."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from shared.domain.document import Language

MONTHS: Mapping[Language, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
}  # fmt: skip
WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "label": "Sample, not legal advice", "page": "Page", "of": "of",
        "offer": "Offer", "invoice": "Invoice", "contract": "Service contract",
        "number": "Number", "date": "Date", "valid_until": "Valid until", "due": "Due", "period": "Delivered",
        "tax_id": "Tax id", "email": "E-mail", "terms": "Terms", "payment": "Payment",
        "what": "What", "quantity": "Quantity", "price": "Price", "sum": "Sum",
        "net": "Net", "tax": "Tax {percent} %", "total": "Total",
        "pay": "Please pay {total} by {due} to the account below, naming {number}.",
        "account": "Account holder", "iban": "IBAN", "bank": "Bank",
        "between": "between", "and": "and", "provider": "the provider", "client": "the client",
        "service": "Services", "deliverables": "The provider delivers:", "term": "Term",
        "from_to": "The contract runs from {start} to {end}. Either side may end it earlier, in writing, {days} days "
                   "before the end of a month.",
        "open": "The contract begins on {start} and runs until one side ends it, in writing, {days} days before the "
                "end of a month.",
        "fee": "Fee", "fee_text": "The client pays {fee} per {unit}, plus {percent} % tax, within {days} days of "
                                  "each invoice.",
        "fee_project": "The client pays {fee} for the whole, plus {percent} % tax, within {days} days of the invoice.",
        "hour": "hour", "day": "day", "month": "month",
        "secret": "Confidentiality",
        "secret_text": "Each side keeps to itself what it learns about the other's business, also after the contract "
                       "has ended, unless it is known anyway or a law demands that it be told.",
        "law": "Law and place", "law_text": "{law} applies. Disputes are decided in {court}. Changes are made "
                                             "in writing.",
        "signed": "{place}, {date}",
    },
    "de": {
        "label": "Muster, keine Rechtsberatung", "page": "Seite", "of": "von",
        "offer": "Angebot", "invoice": "Rechnung", "contract": "Dienstleistungsvertrag",
        "number": "Nummer", "date": "Datum", "valid_until": "Gültig bis", "due": "Fällig am", "period": "Leistungszeit",
        "tax_id": "Steuernummer", "email": "E-Mail", "terms": "Bedingungen", "payment": "Zahlung",
        "what": "Leistung", "quantity": "Menge", "price": "Preis", "sum": "Summe",
        "net": "Netto", "tax": "Steuer {percent} %", "total": "Gesamt",
        "pay": "Bitte zahlen Sie {total} bis zum {due} auf das folgende Konto und geben Sie {number} an.",
        "account": "Kontoinhaber", "iban": "IBAN", "bank": "Bank",
        "between": "zwischen", "and": "und", "provider": "Auftragnehmer", "client": "Auftraggeber",
        "service": "Leistungen", "deliverables": "Der Auftragnehmer liefert:", "term": "Laufzeit",
        "from_to": "Der Vertrag läuft vom {start} bis zum {end}. Jede Seite kann ihn vorher schriftlich mit einer "
                   "Frist von {days} Tagen zum Ende eines Monats kündigen.",
        "open": "Der Vertrag beginnt am {start} und läuft, bis eine Seite ihn schriftlich mit einer Frist von {days} "
                "Tagen zum Ende eines Monats kündigt.",
        "fee": "Vergütung", "fee_text": "Der Auftraggeber zahlt {fee} je {unit} zuzüglich {percent} % Steuer, "
                                        "jeweils binnen {days} Tagen nach der Rechnung.",
        "fee_project": "Der Auftraggeber zahlt {fee} für das Ganze zuzüglich {percent} % Steuer, binnen {days} Tagen "
                       "nach der Rechnung.",
        "hour": "Stunde", "day": "Tag", "month": "Monat",
        "secret": "Vertraulichkeit",
        "secret_text": "Jede Seite behält für sich, was sie über das Geschäft der anderen erfährt, auch nach dem Ende "
                       "des Vertrags, es sei denn, es ist ohnehin bekannt oder ein Gesetz verlangt die Auskunft.",
        "law": "Recht und Ort", "law_text": "Es gilt: {law}. Gerichtsstand ist {court}. Änderungen werden schriftlich "
                                            "vereinbart.",
        "signed": "{place}, {date}",
    },
}  # fmt: skip


def day(when: date, language: Language) -> str:
    """3 March 2027, 3. März 2027."""
    dot = "." if language == "de" else ""
    return f"{when.day}{dot} {MONTHS[language][when.month - 1]} {when.year}"


def amount(value: Decimal, currency: str, language: Language) -> str:
    """1,234.50 EUR, 1.234,50 EUR."""
    return f"{_grouped(f'{value:,.2f}', language)}\u00a0{currency}"


def plain(value: Decimal, language: Language) -> str:
    """A number without needless zeros: 1.5, 19."""
    text = f"{value:,f}"
    return _grouped(text.rstrip("0").rstrip(".") if "." in text else text, language)


def _grouped(text: str, language: Language) -> str:
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text
