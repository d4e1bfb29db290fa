"""Writes the sample invoices anew: `python make.py`, with the package typst. Everybody in them is invented."""

from __future__ import annotations

from pathlib import Path

import typst

HERE = Path(__file__).parent
PAGE = """#set page(paper: "a5", margin: 1.6cm)
#set text(font: "Libertinus Serif", size: 10pt)
#let rows(..all) = grid(columns: (7cm, 1fr), row-gutter: 6pt, ..all)
"""
PAPER = """#text(14pt)[*Papierhaus Nord GmbH*] \\
Hafenstr. 3, 20457 Hamburg \\
USt-IdNr.: DE136695976
#v(5mm)
= Rechnung
#rows[Rechnungsnummer:][PN-2026-0117][Rechnungsdatum:][03.10.2026][Fällig am:][17.10.2026]
#v(3mm)
#rows[Briefpapier, 5.000 Blatt][400,00 €][Umschläge][120,50 €]
#v(3mm)
#rows[Nettobetrag][520,50 €][zzgl. 19 % USt auf 520,50 €][98,90 €][*Rechnungsbetrag*][*619,40 €*]
"""
CLEANING = """#text(14pt)[*Bright Rooms Ltd*] \\
12 Mill Road, Leeds \\
VAT no.: GB123456789
#v(5mm)
= Invoice
#rows[Invoice no.:][BR/2026/88][Invoice date:][9 October 2026][Due date:][November 8, 2026]
#v(3mm)
#rows[Net amount][£1,300.00][5 % VAT on £100.00][£5.00][20 % VAT on £1,200.00][£240.00][*Amount due*][*£1,545.00*]
"""
AGENCY = """#text(14pt)[*Textbüro Süd*] \\
Am Markt 1, 70173 Stuttgart
#v(5mm)
= Rechnung
#rows[Rechnungsdatum:][12. Oktober 2026]
#rows[Netto][800,00 €][19 % USt auf 800,00 €][152,00 €][Gesamtbetrag][952,00 €]
"""
SCAN = """#rect(width: 6cm, height: 3cm, fill: luma(230))
"""
UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>TC-556</cbc:ID>
  <cbc:IssueDate>2026-10-01</cbc:IssueDate>
  <cbc:DueDate>2026-10-15</cbc:DueDate>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyTaxScheme><cbc:CompanyID>DE811569869</cbc:CompanyID></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Telekontor AG</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">9.48</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">49.90</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">9.48</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent></cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:TaxExclusiveAmount currencyID="EUR">49.90</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">59.38</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">59.38</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
</Invoice>
"""
CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocument>
    <ram:ID>H-2026-10</ram:ID>
    <ram:IssueDateTime><udt:DateTimeString format="102">20261002</udt:DateTimeString></ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>
      <ram:Name>Hosthof eG</ram:Name>
      <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE129273398</ram:ID></ram:SpecifiedTaxRegistration>
    </ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax>
        <ram:CalculatedAmount>15.02</ram:CalculatedAmount>
        <ram:BasisAmount>80.00</ram:BasisAmount>
        <ram:RateApplicablePercent>19.00</ram:RateApplicablePercent>
      </ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:TaxBasisTotalAmount>80.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">15.02</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>95.02</ram:GrandTotalAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Invoice><ID>&b;</ID></Invoice>
"""
EXPORT = """Lieferant;USt-IdNr;Rechnungsnummer;Rechnungsdatum;Fällig;Netto;Satz;USt;Brutto
Blumen Beet;DE118547239;B-77;2026-10-05;2026-10-19;30,00;7;2,10;32,10
Möbel März KG;DE149274831;4711;06.10.2026;;100,00;19;19,00;120,00
Blumen Beet;DE118547239;B-77;2026-10-05;2026-10-19;30,00;7;2,10;32,10
Kurier Blitz;;K 9;07.10.2026;;20,00;19;3,80;23,80
Kurier Blitz;;K 9;08.10.2026;;25,00;19;4,75;29,75
Druck & Co;DE122268496;D-5;09.10.2026;;100,00;19;19,00;
Zukunft GmbH;;Z-1;2099-01-05;;10,00;19;1,90;11,90
Fotografin Lind;;2026/31;10.10.2026;24.10.2026;250,00;0;0,00;250,00
Papierhaus Nord GmbH;DE 136 695 976;PN-2026-0117;03.10.2026;17.10.2026;520,50;19;98,90;619,40
Slash Ltd;;S-1;05/10/2026;;10,00;19;1,90;11,90
Möbel März KG;DE149274831;G-12;11.10.2026;;-50,00;19;-9,50;-59,50
Eile AG;;E-3;12.10.2026;02.10.2026;10,00;19;1,90;11,90
"""


def main() -> None:
    """Into this folder."""
    pages = {"papierhaus": PAPER, "bright_rooms": CLEANING, "rechnung_2026-118": AGENCY, "scan": SCAN}
    for name, page in pages.items():
        (HERE / f"{name}.pdf").write_bytes(typst.compile((PAGE + page).encode(), format="pdf"))
    for name, text in {"telekontor": UBL, "hosthof": CII, "bomb": BOMB}.items():
        (HERE / f"{name}.xml").write_text(text, encoding="utf-8")
    (HERE / "export.csv").write_bytes(EXPORT.replace("\n", "\r\n").encode("cp1252"))


if __name__ == "__main__":
    main()
