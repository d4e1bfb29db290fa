"""Companies in a file: a list of web sites, one a line, or a table (CSV, XLSX, ODS) with a column for each thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from shared.domain.lead_criteria import forbidden
from shared.domain.website import is_shared, site_of
from shared.ports.sources import Asked, Item, Reading, Unreadable
from shared.process.errors import StepError
from shared.process.rows.uploads import tables
from shared.process.rows.values import as_text

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": (
        *("name", "company", "company name", "account name", "business", "organisation", "organization"),
        *("firma", "firmenname", "unternehmen"),
    ),
    "website": (
        *("website", "website url", "url", "web", "site", "domain", "company domain name", "homepage"),
        *("webseite", "internet"),
    ),
    "country": ("country", "country/region", "country code", "land"),
    "city": ("city", "town", "ort", "stadt"),
    "industry": ("industry", "sector", "trade", "branche"),
    "email": ("email", "e-mail", "mail", "e-mail address", "email address"),
    "phone": ("phone", "phone number", "telephone", "telefon", "tel"),
    "person": ("contact", "contact person", "contact name", "person", "ansprechpartner"),
    "role": ("role", "title", "job title", "position", "funktion"),
    "licence": ("licence", "license", "terms"),
}
"""What a column may be called."""
_PROBLEMS = 100
_LONGEST = 500


class TableSource:
    """Reads `blocks` of what somebody brought."""

    costs = 0

    def read(self, asked: Asked) -> Reading:
        """Each row, with its number; one that names no company is a problem, not an item."""
        blocks = list(asked.blocks)
        if not b"".join(blocks[:1]).strip():
            raise Unreadable("the file is empty")
        pasted = _pasted(blocks)
        found = _lines(pasted) if pasted is not None else _rows(blocks)
        problems, items = list[str](), list[Item]()
        try:
            for each in islice(found, asked.most + 1):
                if isinstance(each, Item):
                    items.append(each)
                elif len(problems) < _PROBLEMS:
                    problems.append(each)
        except StepError as error:
            raise Unreadable(str(error)) from None
        return Reading(
            items[: asked.most], "as whoever brought the file says", "given", len(items) <= asked.most, problems
        )


def _pasted(blocks: Sequence[bytes]) -> str | None:
    """The text, if its first line is a web site: then it has no heading."""
    try:
        text = b"".join(blocks).decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    first = text.strip().splitlines()[0] if text.strip() else ""
    return text if _site(re.split(r"[,;\s]", first.strip())[0]) else None


def _lines(text: str) -> Iterator[Item | str]:
    for number, line in enumerate(text.splitlines(), 1):
        for each in re.split(r"[,;\s]+", line.strip()):
            if not each:
                continue
            if (site := _site(each)) is None:
                yield f"line {number}: {each[:60]!r} is no web site"
            else:
                yield Item(each[:200], f"line {number}", site, {"website": site})


def _rows(blocks: Sequence[bytes]) -> Iterator[Item | str]:
    with tables(blocks) as found:
        for table in found:
            fields = [_field(each) for each in table.source.headings]
            if "name" not in fields and "website" not in fields:
                raise Unreadable("there is neither a column with names of companies nor one with web sites")
            for row in table.source.rows():
                where = f"{table.file or 'row'} {row.line}".strip()
                yield f"{where}: {row.problem}" if row.problem else _row(fields, [*map(as_text, row.values)], where)


def _row(fields: Sequence[str], cells: Sequence[str], where: str) -> Item | str:
    values: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=False):
        text = " ".join("".join(each if each.isprintable() else " " for each in cell).split())[:_LONGEST]
        if field and text and field not in values:
            values[field] = text
    if site := values.get("website"):
        meant = _site(site)
        if meant is None and "name" not in values:
            return f"{where}: {site[:60]!r} is no web site, and there is no name"
        if meant and is_shared(meant):
            values["given.page"] = site
        values = {**values, "website": meant} if meant else {k: v for k, v in values.items() if k != "website"}
    if not (values.get("name") or values.get("website")):
        return f"{where}: names no company"
    return Item(values.get("name") or values["website"], where, values.get("website", ""), values)


def _field(heading: str) -> str:
    """The field that a column is, `given.<heading>` for another; nothing for what must not be weighed (rule G10)."""
    plain = " ".join(heading.casefold().replace("_", " ").split())
    known = next((field for field, names in COLUMNS.items() if plain in names), None)
    if known:
        return known
    name = re.sub(r"\W+", "_", plain).strip("_")[:40]
    return "" if not name or forbidden(plain) else f"given.{name}"


def _site(text: str) -> str | None:
    try:
        return site_of(text)
    except ValueError:
        return None
