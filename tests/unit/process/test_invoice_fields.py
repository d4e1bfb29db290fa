"""The rules by which `invoice_books` reads fields: strictly, or not at all."""

from __future__ import annotations

import pytest

from shared.process.catalog.invoice_books.fields import CREDIT_NOTE, of_csv, of_text, of_xml, vat_id

INVOICE = """Kanzlei Nord
USt-IdNr.: DE123456789 Steuernummer: 22/815/00000
Rechnungsnummer: R-118, Datum: 03.10.2026
Rechnungsdatum: 03.10.2026
Netto 100,00 €
19 % USt auf 100,00 € 19,00 €
Rechnungsbetrag 119,00 €"""


def read(text: str) -> dict[str, str]:
    return of_text("a.pdf", [{"page": 1, "text": text}]).row()


def test_a_field_ends_where_the_next_one_begins() -> None:
    found = read(INVOICE)
    assert (found["vat_id"], found["number"], found["gross"], found["problem"]) == (
        "DE123456789",
        "R-118",
        "119.00",
        "",
    )
    assert read(INVOICE.replace("R-118,", "siehe oben"))["problem"] == "number: is not there"
    assert read(INVOICE.replace("DE123456789", "wird nachgereicht"))["vat_id"] == ""


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("DE 136 695 976", "DE136695976"),
        ("atu12345678", "ATU12345678"),
        ("CHE-123.456.789 MWST", "CHE123456789"),
        ("NL123456789B01", "NL123456789B01"),
        ("NL 123456789 B01", "NL123456789B01"),
        ("IE1234567FA", "IE1234567FA"),
        ("FRXX999999999", "FRXX999999999"),
        ("GB 999 9999 73", "GB999999973"),
        ("LT999999999999", "LT999999999999"),
        ("RO12", "RO12"),
        ("TR1234567890", "TR1234567890"),
        ("DE12345678", None),
        ("DE1234567890", None),
        ("DE123456789STEU", None),
        ("DE", None),
        ("22/815/00000", None),
        ("ABCDEFGHIJ", None),
    ],
)
def test_a_vat_id_has_the_form_of_its_country(text: str, is_read: str | None) -> None:
    if is_read is not None:
        assert vat_id(text) == is_read
        assert read(INVOICE.replace("DE123456789", text))["vat_id"] == is_read
        return
    with pytest.raises(ValueError, match="is no VAT ID"):
        vat_id(text)
    head = "Lieferant;USt-IdNr;Rechnungsnummer;Rechnungsdatum;Netto;USt;Brutto"
    [found] = of_csv("a.csv", f"{head}\nA;{text};R-1.;2026-10-03;1,00;0,19;1,19".encode())
    row = found.row()
    assert (row["number"], row["problem"]) == ("R-1", "vat_id (row 1, column USt-IdNr): is no VAT ID")


def test_a_tax_number_beside_the_vat_id_is_none() -> None:
    party = "<PartyTaxScheme><CompanyID>{}</CompanyID></PartyTaxScheme>"
    schemes = "".join(map(party.format, ("22/815/00000", "DE811569869")))
    text = f"<Invoice><AccountingSupplierParty><Party>{schemes}</Party></AccountingSupplierParty></Invoice>"
    assert of_xml("a.xml", text.encode()).row()["vat_id"] == "DE811569869"


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Gutschrift", True),
        ("GUTSCHRIFT Nr. 2026-5", True),
        ("Gutschriftsnummer: G-5", True),
        ("Gutschrift zu Ihrer Rechnung R-118", True),
        ("Gutschrift vom 03.10.2026", True),
        ("Credit note no.: C-1", True),
        ("Credit Memo", True),
        ("Stornorechnung 2026-9", True),
        ("Gutschriften werden mit der nächsten Rechnung verrechnet", False),
        ("Gutschrift aus Retoure 5,00 €", False),
        ("Gutschrift 12 auf Porto -5,00 €", False),
        ("Credit notes are sent by mail", False),
        ("Kreditkarte", False),
    ],
)
def test_a_credit_note_is_told_by_its_heading(line: str, is_one: bool) -> None:
    found = read(INVOICE.replace("Kanzlei Nord", f"Kanzlei Nord\n{line}"))
    assert (found["problem"] == CREDIT_NOTE, found["credit_note"]) == (is_one, "yes" if is_one else "")


@pytest.mark.parametrize(("code", "is_one"), [("380", False), ("381", True), ("384", False), ("396", True)])
def test_a_credit_note_is_told_by_its_type_code(code: str, is_one: bool) -> None:
    ubl = f"<Invoice><ID>R-1</ID><InvoiceTypeCode>{code}</InvoiceTypeCode></Invoice>"
    cii = f"<ExchangedDocument><ID>R-1</ID><TypeCode>{code}</TypeCode></ExchangedDocument>"
    for text in (ubl, f"<CrossIndustryInvoice>{cii}</CrossIndustryInvoice>"):
        assert (of_xml("a.xml", text.encode()).problem == CREDIT_NOTE) is is_one
    assert of_xml("a.xml", b"<CreditNote><ID>R-1</ID></CreditNote>").problem == CREDIT_NOTE
    head = "Belegart;Lieferant;Rechnungsnummer;Brutto"
    lines = [f"{code};A;R-1;119,00", f"{code};A;R-2;-119,00"]
    found = of_csv("a.csv", "\n".join([head, *lines]).encode())
    assert [each.problem == CREDIT_NOTE for each in found] == [is_one, False]
