"""Invented people as an agency's address file would have them, with everything that is wrong with such files.

`python -m benchmarks.sample_contacts > samples/contacts.csv` writes the sample; the import benchmark asks for more."""

from __future__ import annotations

import csv
import io
import random
import sys
import unicodedata
from typing import NamedTuple

HEADINGS = [
    "E-Mail",
    "First name",
    "Last name",
    "Company",
    "Role",
    "City",
    "Country",
    "Time zone",
    "Phone",
    "Consent",
    "Consent source",
    "Consent at",
    "Tags",
    "Industry",
    "Customer since",
    "Notes",
]
SAMPLE_ROWS = 560
SAMPLE_SEED = 2026


class Place(NamedTuple):
    """A city, with what people there are called."""

    city: str
    country: str
    zone: str
    dial: str
    first: str
    last: str


_GERMAN = "Anna Jürgen Sabine Björn Käthe Lukas Mia Günter Franziska Jörg Leonie Matthias Zoë Ömer"
_GERMAN_LAST = "Müller Schröder Weiß Krüger Vogel Böhm Hartmann Yıldız Jäger Köhler Fuchs Groß Brandt Nowak"
_BRITISH = "Olivia Harry Amelia Rhys Isla George Niamh Callum Priya Thomas Freya Imran Beth Alasdair"
_BRITISH_LAST = "Hughes Patel O'Neill Clarke Whitfield Khan Ashworth Fraser Bramley Doyle Pemberton Lloyd"
_AMERICAN = "Emily Jose Madison Tyrone Grace Ethan Maria Logan Hannah DeShawn Chloe Wyatt Linh Carlos"
_AMERICAN_LAST = "Johnson Garcia Nguyen Miller Washington Kowalski Rivera Brooks Sullivan Chen Hayes Lopez"
_FRENCH = "Chloé Hélène François Théo Maëlle Benoît Inès Loïc Margaux Étienne Zoé Rémi"
_FRENCH_LAST = "Lefèvre Moreau Garçon Dubois Chevalier Guérin Rousseau Bouchard Noël Perrot"
_SPANISH = "Lucía Íñigo Sofía Martín Begoña Álvaro Nuria Raúl Carmen Andrés"
_SPANISH_LAST = "Núñez García Ibáñez Ortega Peña Domínguez Serrano Muñoz"
_NORDIC = "Åsa Søren Ingrid Mikkel Astrid Jón Sigrún Lars Freja Öystein"
_NORDIC_LAST = "Ångström Sørensen Lindqvist Þórsson Nyström Hansen Bjørnsen Östberg"
_POLISH = "Łukasz Małgorzata Paweł Zofia Grzegorz Agnieszka Krzysztof Ewa"
_POLISH_LAST = "Wiśniewska Kowalczyk Zając Lewandowski Dąbrowska Wójcik"

PLACES = [
    *[Place("Berlin", "Germany", "Europe/Berlin", "+49 30", _GERMAN, _GERMAN_LAST)] * 5,
    *[Place("München", "Germany", "Europe/Berlin", "+49 89", _GERMAN, _GERMAN_LAST)] * 4,
    *[Place("Köln", "Germany", "Europe/Berlin", "+49 221", _GERMAN, _GERMAN_LAST)] * 3,
    *[Place("Wien", "Austria", "Europe/Vienna", "+43 1", _GERMAN, _GERMAN_LAST)] * 2,
    *[Place("Zürich", "Switzerland", "Europe/Zurich", "+41 44", _GERMAN, _GERMAN_LAST)] * 2,
    *[Place("London", "United Kingdom", "Europe/London", "+44 20", _BRITISH, _BRITISH_LAST)] * 5,
    *[Place("Leeds", "United Kingdom", "Europe/London", "+44 113", _BRITISH, _BRITISH_LAST)] * 2,
    Place("Dublin", "Ireland", "Europe/Dublin", "+353 1", _BRITISH, _BRITISH_LAST),
    *[Place("New York", "USA", "America/New_York", "+1 212", _AMERICAN, _AMERICAN_LAST)] * 4,
    *[Place("Chicago", "USA", "America/Chicago", "+1 312", _AMERICAN, _AMERICAN_LAST)] * 2,
    *[Place("San Francisco", "USA", "America/Los_Angeles", "+1 415", _AMERICAN, _AMERICAN_LAST)] * 2,
    *[Place("Paris", "France", "Europe/Paris", "+33 1", _FRENCH, _FRENCH_LAST)] * 2,
    *[Place("Madrid", "Spain", "Europe/Madrid", "+34 91", _SPANISH, _SPANISH_LAST)] * 2,
    Place("København", "Denmark", "Europe/Copenhagen", "+45 33", _NORDIC, _NORDIC_LAST),
    Place("Stockholm", "Sweden", "Europe/Stockholm", "+46 8", _NORDIC, _NORDIC_LAST),
    Place("Kraków", "Poland", "Europe/Warsaw", "+48 12", _POLISH, _POLISH_LAST),
    Place("Sydney", "Australia", "Australia/Sydney", "+61 2", _BRITISH, _BRITISH_LAST),
    Place("São Paulo", "Brazil", "America/Sao_Paulo", "+55 11", _SPANISH, _SPANISH_LAST),
]
_FIRMS = "Nordlicht Lindenhof Harbour Quercus Bluebird Meridian Papaya Kestrel Falkenau Opaline Tallow Brightwater"
_TRADES = {"Optik": "Retail", "Logistics": "Transport", "Bakery": "Food", "Software": "IT", "Gärten": "Landscaping"}
_TRADES |= {"Dental": "Health", "Interiors": "Design", "Cycles": "Retail", "Brewing": "Food", "Energy": "Utilities"}
_FORMS = ["GmbH", "Ltd", "Inc.", "& Söhne", "AG", "SARL", ""]
_ROLES = ["Managing Director", "Head of Marketing", "Buyer", "Office Manager", "CFO", "Founder", "IT Lead", "Einkauf"]
_SOURCES = ["Trade fair Hannover 2026", "Newsletter form", "Phone call", "Webinar", "Order form", ""]
_TAGS = ["customer", "prospect", "newsletter", "fair-2026", "vip", "partner"]
_YES = ["yes"] * 8 + ["Yes", "ja", "JA", "y", "1", "true", "x"]
_NO = ["no", "No", "nein", "opt-out"]
_NOTES = [
    "Call before noon",
    'Asked for the "spring" catalogue',
    "Prefers phone; mail only for offers",
    "Moved office\nnew sign at the door",
    "=SUM(A1:A9)",
    "Knows Björn from the fair",
    "wants invoice by post\r\n(two copies)",
]
_BROKEN = [
    "{0}",
    "{0}@",
    "{0}@{1}..example",
    "{0} {0}@{1}.example",
    "{0}@@{1}.example",
    "{0}@{1}",
    "@{1}.example",
    "{0}.@{1}.example",
    "see website",
    "",
]
_WITHOUT_ACCENT = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "þ": "th", "æ": "ae", "ð": "d"})


def rows(seed: int, count: int) -> list[list[str]]:
    """`count` rows in the order of HEADINGS: about 86 % people, 7 % repetitions of them, 7 % rows that are wrong."""
    draw = random.Random(seed)
    found = [_person(draw, n) for n in range(count - round(count * 0.07))]
    for row in draw.sample(found, round(count * 0.07)):
        _spoil(draw, row)
    good = [row for row in found if "@" in row[0]]
    while len(found) < count:
        found.insert(draw.randrange(len(found) + 1), _repetition(draw, draw.choice(good)))
    return found


def file_of(people: list[list[str]]) -> bytes:
    """The rows as a German Excel saves them: semicolons, CRLF, UTF-8 with a byte order mark."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([HEADINGS, *people])
    return text.getvalue().encode("utf-8-sig")


def _person(draw: random.Random, n: int) -> list[str]:
    place = draw.choice(PLACES)
    first, last = draw.choice(place.first.split()), draw.choice(place.last.split())
    name, trade = draw.choice(_FIRMS.split()), draw.choice(list(_TRADES))
    domain = f"{_plain(name)}-{_plain(trade)}.example"
    address = draw.choice([f"{_plain(first)}.{_plain(last)}", f"{_plain(first)[0]}.{_plain(last)}", _plain(last)])
    consent = draw.choices([draw.choice(_YES), draw.choice(_NO), "", "unknown"], [82, 8, 8, 2])[0]
    return [
        _as_typed(draw, f"{address}{n}@{domain}"),
        *_named(draw, first, last),
        f"{name} {trade} {draw.choice(_FORMS)}".strip(),
        draw.choice([*_ROLES, ""]),
        place.city,
        place.country,
        draw.choices([place.zone, place.zone.lower(), ""], [88, 4, 8])[0],
        draw.choice([f"{place.dial} {draw.randrange(10**6, 10**7)}", ""]),
        consent,
        draw.choice(_SOURCES) if consent else "",
        _day(draw) if consent else "",
        draw.choice([", ", "|"]).join(draw.sample(_TAGS, draw.randrange(4))),
        _TRADES[trade],
        str(draw.randrange(2009, 2027)) if draw.random() < 0.6 else "",
        draw.choice(_NOTES) if draw.random() < 0.12 else "",
    ]


def _named(draw: random.Random, first: str, last: str) -> tuple[str, str]:
    """Both names, mostly; some shouted, some spaced, some missing."""
    shape = draw.choices(["both", "shouted", "spaced", "last", "none"], [80, 4, 5, 6, 5])[0]
    match shape:
        case "shouted":
            return first.upper(), last.upper()
        case "spaced":
            return f" {first} ", f"{last}\u00a0"
        case "last":
            return "", last
        case "none":
            return "", ""
        case _:
            return first, last


def _as_typed(draw: random.Random, address: str) -> str:
    shapes = [address, address.title(), address.upper(), f" {address} ", f"{address}\u200b"]
    return draw.choices(shapes, [84, 7, 3, 5, 1])[0]


def _day(draw: random.Random) -> str:
    year, month, day = draw.choice([2024, 2025, 2026]), draw.randrange(1, 11), draw.randrange(1, 29)
    forms = [f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{day}.{month}.{year} 09:30"]
    return draw.choice([*forms, f"{year}-{month:02}-{day:02}T14:05:00+02:00", f"{year}/{month:02}/{day:02}"])


def _spoil(draw: random.Random, row: list[str]) -> None:
    """Make one thing of the row wrong: most often the address."""
    kind = draw.choices(["address", "zone", "consent", "date", "phone", "columns"], [60, 14, 10, 8, 6, 2])[0]
    match kind:
        case "address":
            row[0] = draw.choice(_BROKEN).format(_plain(row[2]) or "info", _plain(row[3]) or "firma")
        case "zone":
            row[7] = draw.choice(["Berlin", "CEST", "GMT+1", "Europe/Hamburg"])
        case "consent":
            row[9] = draw.choice(["maybe", "asked", "see note"])
        case "date":
            row[11] = draw.choice(["31.02.2026", "03/04/2026", "last spring", "2026-13-01"])
        case "phone":
            row[8] = draw.choice(["n/a", "ext. 12", "-"])
        case _:
            row += ["", "moved"]


def _repetition(draw: random.Random, row: list[str]) -> list[str]:
    """The same address again, typed otherwise, with less or other knowledge of the person."""
    again = [_as_typed(draw, row[0].strip().lower()), *row[1:16]]
    for n in draw.sample(range(1, 15), 6):
        again[n] = ""
    again[12] = draw.choice(_TAGS)
    return again


def _plain(text: str) -> str:
    """The letters and digits of an address."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_WITHOUT_ACCENT))
    return "".join(each for each in bare if each.isascii() and each.isalnum())


if __name__ == "__main__":
    sys.stdout.buffer.write(file_of(rows(SAMPLE_SEED, SAMPLE_ROWS)))
