"""Makes the sample cases: `python make.py FOLDER`. The same files at every run. Everybody in them is invented.

5,350 rows in four files, each as another office would send it, with the mess that such lists have; README.md says how
much of it, and a test compares."""

import csv
import io
import random
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HEAD = ("Case No", "Client", "State", "Claim", "Accrued", "Discovered", "Tolling", "County", "Value")
STATES = {
    "CA": ("US-CA", "CA", "Calif.", "California"), "NY": ("US-NY", "NY", "N.Y.", "New York"),
    "TX": ("US-TX", "TX", "Tex.", "Texas"), "FL": ("US-FL", "FL", "Fla.", "Florida"),
    "IL": ("US-IL", "IL", "Ill.", "Illinois"), "PA": ("US-PA", "PA", "Penn.", "Pennsylvania"),
    "WA": ("US-WA", "WA", "Wash.", "Washington"), "MA": ("US-MA", "MA", "Mass.", "Massachusetts"),
    "GA": ("US-GA", "GA", "Georgia"), "OH": ("US-OH", "OH", "Ohio"), "NC": ("US-NC", "NC", "N. Carolina"),
    "NJ": ("US-NJ", "NJ", "New Jersey"),
}  # fmt: skip
CLAIMS = {
    "personal_injury": ("personal_injury", "Personal injury", "PI", "Bodily injury"),
    "written_contract": ("written_contract", "Contract", "Written contract"),
    "property_damage": ("property_damage", "Property damage", "PD"),
    "medical_malpractice": ("medical_malpractice", "Medical malpractice", "Med mal"),
    "defamation": ("defamation", "Libel/slander"),
    "fraud": ("fraud", "Fraud"),
}
FIRST = (
    "Ana Björn Chloé Dinh Élodie Faïza Günter Hana Iñigo José Kofi Léa Mårten Noémie Óscar Priya René Søren Tomás Zoë"
)
LAST = "Ångström Becker Castaño Dvořak Eßer Fernández Gonçalves Håkansson Ibáñez Jürgens Krüger Lefèvre Muñoz Núñez"
COUNTIES = "Adams Baker Clay Douglas Elk Fulton Grant Harlan Iron Jasper Knox Lake Madison Noble Orange Polk"
KINDS = ("minority", "incapacity", "absence", "agreement")
FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%d %b %Y", "%B %d, %Y", "%Y%m%d")
IMPOSSIBLE = ("2023-02-30", "02/29/2023", "2024-13-01", "31 Apr 2022", "0000-00-00")
LATEST = date(2026, 10, 31)


def main(folder):
    chance = random.Random(20261121)
    rows = [row(chance, number) for number in range(1, 5201)]
    spoil(chance, rows)
    rows += [dict(rows[n]) for n in chance.sample(range(5200), 100)]
    rows += [again(chance, rows[n]) for n in chance.sample(range(5200), 50)]
    chance.shuffle(rows)
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "north_office.csv", rows[:2000])
    write_xlsx(folder / "south_office.xlsx", rows[2000:3200], chance)
    write_fixed(folder / "court_export.txt", rows[3200:4300])
    write_xml(folder / "partner_firm.xml", rows[4300:])


def row(chance, number):
    accrued = date(2014, 1, 1) + timedelta(days=chance.randrange((LATEST - date(2014, 1, 1)).days))
    claim = chance.choice(list(CLAIMS))
    late = claim in ("fraud", "medical_malpractice") and chance.random() < 0.5
    discovered = min(accrued + timedelta(days=chance.randrange(30, 1500)), LATEST) if late else None
    form = chance.choice(FORMS)
    return {
        "Case No": f"C-{number:05}",
        "Client": f"{chance.choice(LAST.split())}, {chance.choice(FIRST.split())}",
        "State": chance.choice(STATES[chance.choice(list(STATES))]),
        "Claim": chance.choice(CLAIMS[claim]),
        "Accrued": accrued.strftime(form),
        "Discovered": discovered.strftime(form) if discovered else "",
        "Tolling": tolling(chance, accrued) if chance.random() < 0.2 else "",
        "County": chance.choice(COUNTIES.split()),
        "Value": f"{chance.randrange(1_000, 900_000):,}.{chance.randrange(100):02}" if chance.random() < 0.9 else "",
    }


def tolling(chance, accrued):
    said = []
    for _ in range(chance.choice((1, 1, 2))):
        first = accrued + timedelta(days=chance.randrange(-200, 600))
        last = first + timedelta(days=chance.randrange(1, 400))
        still = last > LATEST or chance.random() < 0.05
        said.append(f"{chance.choice(KINDS)} {first}..{'' if still else last}")
    return "|".join(said)


def spoil(chance, rows):
    """What is wrong in such lists: nothing where a date should be, dates that never were, places nobody knows."""
    spoilt = iter(chance.sample(rows, 310))
    for count, change in (
        (110, lambda each: each.update(Accrued="")),
        (60, lambda each: each.update(Accrued=chance.choice(IMPOSSIBLE))),
        (50, lambda each: each.update(State=chance.choice(("Guam", "XX", "", "Cal", "US")))),
        (40, lambda each: each.update(Claim=chance.choice(("", "misc", "tort?", "see file")))),
        (30, lambda each: each.update(Tolling="minority 2019-05-01..2018-05-01")),
        (20, lambda each: each.update(Accrued="2031-01-15")),
    ):
        for _ in range(count):
            change(next(spoilt))


def again(chance, known):
    """The same case once more, with another value: one of the two is wrong."""
    return {**known, "Value": f"{chance.randrange(1_000, 900_000):,}.00", "County": "Polk"}


def write_csv(path, rows):
    """Windows-1252 with semicolons, as a German spreadsheet saves it; what it cannot write, it writes as it can."""
    text = io.StringIO(newline="")
    out = csv.DictWriter(text, HEAD, delimiter=";", lineterminator="\r\n")
    out.writeheader()
    out.writerows(rows)
    path.write_bytes(text.getvalue().replace("ř", "r").encode("cp1252"))


WIDTHS = (8, 26, 16, 20, 20, 20, 64, 10, 12)


def write_fixed(path, rows):
    """One line a case, each column at its place; UTF-8."""
    lines = [
        "".join(str(each[name]).ljust(width)[:width] for name, width in zip(HEAD, WIDTHS, strict=True)) for each in rows
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def write_xml(path, rows):
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<cases>"]
    for each in rows:
        fields = "".join(f"<{tag(name)}>{escape(each[name])}</{tag(name)}>" for name in HEAD[1:] if each[name])
        lines.append(f"  <case number={quoteattr(each['Case No'])}>{fields}</case>")
    path.write_text("\n".join([*lines, "</cases>", ""]), encoding="utf-8", newline="")


def tag(name):
    return name.lower().replace(" ", "_")


def write_xlsx(path, rows, chance):
    """A workbook with one sheet; some accrual dates are true dates (days since 1899-12-30), the others texts."""
    lines = [sheet_row(1, [text(name) for name in HEAD])]
    for number, each in enumerate(rows, 2):
        cells = [text(each[name]) for name in HEAD]
        if each["Accrued"][:2] in ("19", "20") and "-" in each["Accrued"] and chance.random() < 0.8:
            try:
                days = (date.fromisoformat(each["Accrued"]) - date(1899, 12, 30)).days
                cells[4] = f'<c s="1"><v>{days}</v></c>'
            except ValueError:
                pass
        lines.append(sheet_row(number, cells))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*PARTS, ("xl/worksheets/sheet1.xml", sheet)):
            info = zipfile.ZipInfo(name, (2026, 11, 21, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content)


def text(value):
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>' if value else "<c/>"


def sheet_row(number, cells):
    return f'<row r="{number}">{"".join(cells)}</row>'


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = (
    (
        "[Content_Types].xml",
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
    ),
    (
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="Cases" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{REL}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{REL}/styles" Target="styles.xml"/>'
        "</Relationships>",
    ),
    (
        "xl/styles.xml",
        f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    ),
)

if __name__ == "__main__":
    main(Path(sys.argv[1]))
