"""The fields of invoices, each with the place it was read from. Runs in the sandbox, with the standard library alone.

invoices/   the files: UBL 2.1 and UN/CEFACT CII (Factur-X, ZUGFeRD) in XML, and CSV with one invoice a line
texts.jsonl what `read.text` found in the PDFs: file, page, text, problem
→ found.csv one line an invoice; what is missing or unreadable stands in `problem`, what may be meant in `suggestion`"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

FIELDS = ("supplier", "vat_id", "number", "date", "due", "currency", "net", "vat", "gross")
NEEDED = ("supplier", "number", "date", "net", "vat", "gross")
MONEY = ("net", "vat", "gross")
COLUMNS = (
    "file", *FIELDS, "rates", "net_by_rates", "vat_by_rates", "credit_note", "read_from", "problem", "suggestion"
)  # fmt: skip
CENT = Decimal("0.01")
_ENGLISH = "january february march april may june july august september october november december"
_GERMAN = "januar februar märz april mai juni juli august september oktober november dezember"
MONTHS = {name: n for names in (_ENGLISH, _GERMAN) for n, name in enumerate(names.split(), 1)}
AMOUNT = r"[-−]?\d{1,3}(?:[.,'\s]\d{3})*[.,]\d{2}(?!\d)|[-−]?\d+[.,]\d{2}(?!\d)"
# n: a digit, a: a letter, x: either. What each country writes behind its letters (EU: as VIES asks for it).
_GB = "(?:n{9}|n{12}|GDn{3}|HAn{3})"
VAT_IDS = {
    "AT": "Un{8}", "BE": "n{10}", "BG": "n{9,10}?", "CHE": "n{9}", "CY": "n{8}a", "CZ": "n{8,10}?", "DE": "n{9}",
    "DK": "n{8}", "EE": "n{9}", "EL": "n{9}", "ES": "xn{7}x", "FI": "n{8}", "FR": "xxn{9}", "GB": _GB, "HR": "n{11}",
    "HU": "n{8}", "IE": "nxn{5}aa?", "IT": "n{11}", "LT": "(?:n{9}|n{12})", "LU": "n{8}", "LV": "n{11}", "MT": "n{8}",
    "NL": "n{9}[ .]?Bn{2}", "NO": "n{9}", "PL": "n{10}", "PT": "n{9}", "RO": " ?[0-9]{2,10}", "SE": "n{12}",
    "SI": "n{8}", "SK": "n{10}", "XI": _GB,
}  # fmt: skip
_CLASSES = str.maketrans({"n": r"(?:[\s.-]?[0-9])", "a": "[A-Z]", "x": r"(?:[\s.-]?[0-9A-Z])"})
_KNOWN = "|".join(country + form.translate(_CLASSES) for country, form in VAT_IDS.items())
_ELSEWHERE = rf"(?!{'|'.join(VAT_IDS)})[A-Z]{{2}}[0-9]{{5,13}}"
VAT_ID = rf"({_KNOWN}|{_ELSEWHERE})(?: ?(?:MVA|MWST|TVA|IVA))?(?!\w)"
LABELS = {
    "number": r"(?:(?:Rechnungs|Gutschrifts?)-?(?:nummer|nr\.?)|(?:Rechnung|Gutschrift) Nr\.?|"
    r"(?:Invoice|Credit note) (?:number|no\.?))\s*[:#]?\s*((?=\S*\d)\S+)",
    "date": r"(?:Rechnungsdatum|Invoice date|Datum|Date)\s*:?\s*(.+)",
    "due": r"(?:Fällig am|Zahlbar bis|Due date|Due)\s*:?\s*(.+)",
    "vat_id": rf"(?:USt-?Id-?Nr\.?|UID|VAT (?:ID|number|no\.?|reg\.? no\.?))\s*:?\s*{VAT_ID}",
    "net": rf"(?:Nettobetrag|Summe netto|Netto|Total net|Net|Subtotal)\b.*?({AMOUNT})\D*$",
    "gross": rf"(?:Rechnungsbetrag|Gesamtbetrag|Brutto(?:betrag)?|Amount due|(?:Grand )?Total)\b.*?({AMOUNT})\D*$",
}
RATE = re.compile(rf"(\d+(?:[.,]\d+)?)\s*%.*?(?:auf|on|of|von)\s+\D*({AMOUNT}).*?({AMOUNT})\D*$", re.I)
CREDIT_NOTE = "it is a credit note"
TYPE_CODES = ("InvoiceTypeCode", "CreditNoteTypeCode", "ExchangedDocument/TypeCode")
CREDIT_CODES = frozenset(["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"])
"""Of UNTDID 1001, what EN 16931 takes for a credit note, and those that the customer writes (261, 262)."""
_CREDIT = r"\W*(?:Gutschrift|Credit (?:note|memo)|Rechnungskorrektur|Stornorechnung)"
HEADING = re.compile(
    rf"{_CREDIT}(?:\W*$|s?-?\s*(?:nummer|nr\b|number|no\b|datum|date\b)|\W+(?:vom|dated)\b|\W+\S*\d|"
    r"\W+(?:zu|zur|auf|for|to|on)(?: \w+){0,2} (?:Rechnung|invoice)\b)",
    re.I,
)
"""A line that says of the whole document that it is one; "Gutschriften werden verrechnet" does not."""
UBL = {
    "number": "ID",
    "date": "IssueDate",
    "due": "DueDate",
    "currency": "DocumentCurrencyCode",
    "supplier": "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName",
    "vat_id": "AccountingSupplierParty/Party/PartyTaxScheme/CompanyID",
    "net": "LegalMonetaryTotal/TaxExclusiveAmount",
    "vat": "TaxTotal/TaxAmount",
    "gross": "LegalMonetaryTotal/TaxInclusiveAmount",
}
_DEAL = "SupplyChainTradeTransaction"
_PAID = f"{_DEAL}/ApplicableHeaderTradeSettlement"
_SUMS = f"{_PAID}/SpecifiedTradeSettlementHeaderMonetarySummation"
CII = {
    "number": "ExchangedDocument/ID",
    "date": "ExchangedDocument/IssueDateTime/DateTimeString",
    "due": f"{_PAID}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString",
    "currency": f"{_PAID}/InvoiceCurrencyCode",
    "supplier": f"{_DEAL}/ApplicableHeaderTradeAgreement/SellerTradeParty/Name",
    "vat_id": f"{_DEAL}/ApplicableHeaderTradeAgreement/SellerTradeParty/SpecifiedTaxRegistration/ID",
    "net": f"{_SUMS}/TaxBasisTotalAmount",
    "vat": f"{_SUMS}/TaxTotalAmount",
    "gross": f"{_SUMS}/GrandTotalAmount",
}
HEADINGS = {
    "supplier": "supplier lieferant kreditor",
    "vat_id": "vat_id vatid ustidnr ustid",
    "number": "number invoice invoicenumber rechnungsnummer belegnummer",
    "date": "date invoicedate rechnungsdatum belegdatum datum",
    "due": "due duedate fällig fälligkeit",
    "currency": "currency währung",
    "net": "net netto nettobetrag",
    "vat": "vat ust mwst steuer",
    "gross": "gross brutto bruttobetrag",
    "rate": "rate vatrate satz steuersatz",
    "type": "type typecode documenttype invoicetype belegart dokumentart",
}


class Invoice:
    """What was found: `places` says where, `rates` are (percent, base)."""

    def __init__(self, file: str, problem: str = "") -> None:
        self.file, self.problem = file, problem
        self.said: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.rates: list[tuple[Decimal, Decimal]] = []

    def say(self, field: str, text: str | None, place: str) -> None:
        """The first place counts."""
        text = " ".join((text or "").split())
        if text and field not in self.said:
            self.said[field], self.places[field] = text, place

    def row(self) -> dict[str, str]:
        """As `found.csv` has it."""
        values, problems = {}, [self.problem] if self.problem else []
        for field in FIELDS:
            try:
                values[field] = read_as(field, self.said.get(field, ""))
            except ValueError as error:
                values[field] = ""
                problems.append(f"{field} ({self.places[field]}): {error}")
        if not self.problem:
            wrong = {each.partition(" ")[0] for each in problems}
            problems += [f"{each}: is not there" for each in NEEDED if not values[each] and each not in wrong]
        values["currency"] = values["currency"] or "EUR"
        places = "; ".join(f"{field}: {place}" for field, place in self.places.items())
        is_credit = self.problem == CREDIT_NOTE
        meant = ["put a minus before net, vat and gross if it is to be booked"] if is_credit else []
        return {
            "file": self.file, **values, **self._by_rates(), "credit_note": "yes" if is_credit else "",
            "read_from": places, "problem": "; ".join(problems),
            "suggestion": "; ".join([*meant, *suggestions(self.file, values)]) if problems else "",
        }  # fmt: skip

    def _by_rates(self) -> dict[str, str]:
        if not self.rates:
            return {"rates": "", "net_by_rates": "", "vat_by_rates": ""}
        vat = sum((percent * base / 100).quantize(CENT, ROUND_HALF_UP) for percent, base in self.rates)
        return {
            "rates": "; ".join(f"{percent.normalize():f} % of {base}" for percent, base in self.rates),
            "net_by_rates": str(sum(base for _, base in self.rates)),
            "vat_by_rates": str(vat),
        }


def read_as(field: str, text: str) -> str:
    """A text as the field has it. Raises ValueError with the reason."""
    if not text:
        return ""
    if field in ("date", "due"):
        return day(text).isoformat()
    if field in MONEY:
        return str(money(text))
    if field == "vat_id":
        return vat_id(text)
    return text.rstrip(" .,;:")[:200] if field == "number" else text[:200]


def vat_id(text: str) -> str:
    """DE 136 695 976 as DE136695976. Raises ValueError for what has not the form of its country."""
    found = re.fullmatch(VAT_ID, text.strip(), re.I)
    if not found:
        raise ValueError("is no VAT ID")
    return re.sub(r"[\s.-]", "", found[1]).upper()


def day(text: str) -> date:
    """20261003, 2026-10-03, 03.10.2026, 3 October 2026, October 3, 2026."""
    text = text.strip().rstrip(".")
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text):
        raise ValueError(f"{text} could be two days, write it as 2026-03-31")
    plain = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text) or re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    words = re.fullmatch(r"(?:(\d{1,2})\.? )?([^\W\d]+) (?:(\d{1,2}), )?(\d{4})", text)
    if plain:
        first, month, last = map(int, plain.groups())
        return date(first, month, last) if first > 31 else date(last, month, first)
    if words and words[2].lower() in MONTHS and (words[1] or words[3]):
        return date(int(words[4]), MONTHS[words[2].lower()], int(words[1] or words[3]))
    raise ValueError("is no date that can be read")


def money(text: str) -> Decimal:
    """1.234,50 and 1,234.50 and -1234.5: what comes last with one or two digits behind it is the fraction."""
    bare = re.sub(r"[^\d.,-]", "", text.replace("−", "-"))
    found = re.fullmatch(r"(-?)([\d.,]*?)(?:[.,](\d{1,2}))?", bare)
    digits = re.sub(r"[.,]", "", found[2]) if found else ""
    if not found or not digits:
        raise ValueError("is no amount")
    return Decimal(f"{found[1]}{digits}.{found[3] or '0'}").quantize(CENT)


def suggestions(file: str, values: dict[str, str]) -> list[str]:
    """What may be meant by what is missing; nothing of it is taken."""
    found = []
    if not values["number"] and (guess := re.search(r"[A-Z]{0,4}-?\d{2,}(?:[-_]\d+)*", Path(file).stem)):
        found.append(f"number: {guess[0]} (in the name of the file)")
    net, vat, gross = (Decimal(values[each]) if values[each] else None for each in MONEY)
    if gross is None and net is not None and vat is not None:
        found.append(f"gross: {net + vat} (net + VAT)")
    if net is None and gross is not None and vat is not None:
        found.append(f"net: {gross - vat} (gross - VAT)")
    if vat is None and gross is not None and net is not None:
        found.append(f"vat: {gross - net} (gross - net)")
    return found


def of_xml(file: str, data: bytes) -> Invoice:
    """UBL or CII. A file with a document type is refused before any entity of it is looked at."""
    made = Invoice(file)
    try:
        refuse_document_types(data)
        root = ElementTree.fromstring(data)  # noqa: S314 – no document type, no entity
    except (ElementTree.ParseError, expat.ExpatError, ValueError) as error:
        return Invoice(file, f"the file is no XML invoice: {error}")
    name = root.tag.rpartition("}")[2]
    paths = {"Invoice": UBL, "CreditNote": UBL, "CrossIndustryInvoice": CII}.get(name)
    if paths is None:
        return Invoice(file, f"the file is no XML invoice: its root is {name[:40]}")
    if name == "CreditNote" or any((inner(root, path) or "").strip() in CREDIT_CODES for path in TYPE_CODES):
        made.problem = CREDIT_NOTE
    for field, path in paths.items():
        made.say(field, registered(root, path) if field == "vat_id" else inner(root, path), path)
    lines = ("TaxTotal/TaxSubtotal", "TaxCategory/Percent", "TaxableAmount")
    if paths is CII:
        lines = (f"{_PAID}/ApplicableTradeTax", "RateApplicablePercent", "BasisAmount")
    for each in root.findall(spread(lines[0])):
        rate(made, inner(each, lines[1]), inner(each, lines[2]))
    return made


def refuse_document_types(data: bytes) -> None:
    """Raises ValueError."""

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type (DTD)")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(data, True)


def spread(path: str) -> str:
    return "/".join(f"{{*}}{each}" for each in path.split("/"))


def inner(element: ElementTree.Element, path: str) -> str | None:
    found = element.find(spread(path))
    return None if found is None else found.text


def registered(root: ElementTree.Element, path: str) -> str | None:
    """Of all that a supplier is registered under (a tax number, say), the first that is a VAT ID."""
    found = (each.text or "" for each in root.findall(spread(path)))
    return next((text for text in found if re.fullmatch(VAT_ID, text.strip(), re.I)), None)


def rate(made: Invoice, percent: str | None, base: str | None) -> None:
    try:
        made.rates.append((Decimal((percent or "").strip().replace(",", ".")), money(base or "")))
    except (ValueError, ArithmeticError):
        return  # what cannot be read is not re-computed


def of_csv(file: str, data: bytes) -> list[Invoice]:
    """One invoice a line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=text.partition("\n")[0].count))
    heads = next(lines, [])
    fields = [next((f for f, words in HEADINGS.items() if key(head) in words.split()), None) for head in heads]
    if "number" not in fields:
        return [Invoice(file, "the file has no column for the number of an invoice")]
    found = []
    for n, line in enumerate(filter(any, lines), 1):
        made = Invoice(f"{file}, row {n}")
        values = {field: (value, head) for field, value, head in zip(fields, line, heads, strict=False) if field}
        for field in FIELDS:
            value, head = values.get(field, ("", ""))
            made.say(field, value, f"row {n}, column {head}")
        if "rate" in values and made.said.get("net"):
            rate(made, values["rate"][0], made.said["net"])
        if is_credit(values.get("type", ("", ""))[0]) and not made.said.get("gross", "").startswith(("-", "−")):
            made.problem = CREDIT_NOTE
        found.append(made)
    return found


def is_credit(text: str) -> bool:
    """Whether a line, or a type of document, says that this is a credit note. A line that ends with an amount is one of
    an invoice."""
    return text.strip() in CREDIT_CODES or bool(HEADING.match(text) and not re.search(rf"(?:{AMOUNT})\D*$", text))


def key(heading: str) -> str:
    return re.sub(r"[^a-zäöüß_]", "", heading.lower())


def of_text(file: str, passages: list[dict[str, object]]) -> Invoice:
    """A PDF's lines, each beside the labels that invoices have."""
    problem = next((str(each["problem"]) for each in passages if each.get("problem")), "")
    lines = [
        (each["page"], n, line.strip())
        for each in passages
        for n, line in enumerate(str(each.get("text") or "").split("\n"), 1)
    ]
    lines = [each for each in lines if each[2]]
    if problem or not lines:
        return Invoice(file, f"the file {problem}" if problem else "the file has no text: it may be a scan")
    made = Invoice(file, CREDIT_NOTE if any(is_credit(line) for _, _, line in lines) else "")
    made.say("supplier", lines[0][2], f"page {lines[0][0]}, line {lines[0][1]}")
    vat = Decimal(0)
    for page, n, line in lines:
        place = f"page {page}, line {n}"
        if taxed := RATE.search(line):
            rate(made, taxed[1], taxed[2])
            vat += money(taxed[3])
            made.places["vat"] = "; ".join(filter(None, [made.places.get("vat"), place]))
            continue
        for field, label in LABELS.items():
            if found := re.match(rf"\W*{label}", line, re.I):
                made.say(field, found[1], place)
                break
    if made.rates:
        made.said["vat"] = str(vat)
    whole = " ".join(line for _, _, line in lines)
    signs = {"€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "CHF": "CHF", "$": "USD", "USD": "USD"}
    made.say("currency", next((code for sign, code in signs.items() if sign in whole), None), "its amounts")
    return made


def found_in(file: Path, passages: list[dict[str, object]]) -> list[Invoice]:
    """The invoices of one file."""
    match file.suffix.lower():
        case ".xml":
            return [of_xml(file.name, file.read_bytes())]
        case ".csv":
            return of_csv(file.name, file.read_bytes())
        case ".pdf":
            return [of_text(file.name, passages)]
        case other:
            return [Invoice(file.name, f"the file is no invoice that can be read: {other or 'without an ending'}")]


def main() -> None:
    """Reads all, writes `found.csv`."""
    passages: dict[str, list[dict[str, object]]] = {}
    for line in Path("texts.jsonl").read_text(encoding="utf-8").splitlines():
        passage = json.loads(line)
        passages.setdefault(passage["file"], []).append(passage)
    files = sorted(Path("invoices").iterdir())
    with Path("found.csv").open("w", newline="", encoding="utf-8") as target:
        out = csv.DictWriter(target, COLUMNS)
        out.writeheader()
        for n, file in enumerate(files, 1):
            out.writerows(each.row() for each in found_in(file, passages.get(file.name, [])))
            print(f"::progress {n}/{len(files)}", flush=True)


if __name__ == "__main__":
    main()
