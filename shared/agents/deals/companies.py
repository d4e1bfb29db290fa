"""Files of companies, which become leads: HubSpot's export by its headings, any other by words that are common. Every
value is a fact with the file as its source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import zip_longest

from pydantic import Field

from shared.agents.contacts import values
from shared.agents.contacts.columns import ATTRIBUTE, MAX_COLUMNS, attribute_of
from shared.agents.contacts.exports import Layout
from shared.agents.contacts.read import Reading
from shared.agents.contacts.rows import Row
from shared.agents.contacts.taking import Check, Keyed, Taking
from shared.agents.contacts.text import clean
from shared.agents.deals.entry import short
from shared.agents.deals.take_in import Entry, Noun, Planned
from shared.agents.places import country_code
from shared.agents.qualify.weighing import weighed
from shared.domain.faults import FieldError, Rejected
from shared.domain.imports import IGNORED, Import, RowError, RowOutcome, Undone
from shared.domain.lead import Lead, LeadFact, LeadPerson, lead_id, merged, with_facts, with_people
from shared.domain.lead_criteria import forbidden
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.website import host_of, site_of
from shared.ports import Document, Ports

_NAMES: Mapping[str, str] = {
    "name": "companyname company name account accountname firma organisation organization",
    "website": "companydomainname websiteurl website domain url web homepage",
    "country": "countryregion country land",
    "city": "city town ort stadt",
    "industry": "industry branche sector",
    "person": "contact contactname person ansprechpartner",
    "email": "email emailaddress contactemail mail",
    "phone": "phonenumber phone telephone telefon",
    IGNORED: "batonfile batonline batonreason",
}
MEANINGS: tuple[str, ...] = tuple(name for name in _NAMES if name != IGNORED)
"""What a column can be, besides a fact of its own name and nothing."""
_KNOWN = {spelling: field for field, spellings in _NAMES.items() for spelling in spellings.split()}
_HUBSPOT = {"company domain name", "company owner"}
_OWN = ("name", "website", "country", "city", "industry")
_SAID = ("name", "role", "email", "phone")


class CompanyEntry(Entry):
    """What one good row says of a company. `facts`: what else its columns say."""

    website: str | None = None
    country: str | None = None
    city: str | None = None
    industry: str | None = None
    person: str = ""
    email: str = ""
    phone: str = ""
    facts: dict[str, str] = Field(default_factory=dict)


def layout_of(_: str, headings: Sequence[str], said: Mapping[str, str]) -> Layout:
    """The field of each column; of two with one meaning the later is a fact of its own. Raises Rejected if none is the
    name or the web site."""
    if len(headings) > MAX_COLUMNS:
        raise Rejected(FieldError("body", f"there are {len(headings)} columns; at most {MAX_COLUMNS} are taken"))
    fields: list[str] = []
    for n, heading in enumerate(headings, 1):
        field = said.get(heading) or field_of(heading) or f"{ATTRIBUTE}column_{n}"
        if field in fields and field != IGNORED:
            field = f"{attribute_of(heading) or f'{ATTRIBUTE}column'}_{n}"
        fields.append(field)
    if not {"name", "website"} & {*fields}:
        found = ", ".join(repr(heading[:40]) for heading in headings[:20])
        raise Rejected(FieldError("name", f"no column is the company's name or web site; the columns are {found}"))
    plain = {heading.strip().casefold() for heading in headings}
    return Layout(fields, "HubSpot" if plain >= _HUBSPOT else None)


def field_of(heading: str) -> str | None:
    """What a heading means by itself; None: it names nothing. What must not be weighed is not taken (rule G10)."""
    plain = unicodedata.normalize("NFKD", heading.casefold())
    known = _KNOWN.get(re.sub(r"[^a-z0-9]", "", plain))
    return known or (IGNORED if forbidden(heading) else attribute_of(heading))


def meaning(text: str) -> str:
    """What somebody says that a column is. Raises ValueError."""
    if text in MEANINGS or text == IGNORED:
        return text
    named = attribute_of(text.removeprefix(ATTRIBUTE)) if text.startswith(ATTRIBUTE) else None
    if named is None:
        raise ValueError(f"{text[:60]!r} is none of {', '.join(MEANINGS)}, {ATTRIBUTE}NAME, or {IGNORED}")
    if why := forbidden(named):
        raise ValueError(f"{text[:60]!r} is not kept of a company: it is {why}")
    return named


def checker(ports: Ports, scope: Scope, found: Import) -> Check:
    """Rows of companies."""
    return _checked


def _checked(row: Row) -> Keyed | list[RowError]:
    if row.problem:
        return [RowError(line=row.line, field="row", reason=row.problem, file=row.file)]
    errors: list[RowError] = []
    said: dict[str, str] = {}
    facts: dict[str, str] = {}
    for field, text in row.values.items():
        try:
            value = _value(field, short("company", clean(text)))
        except ValueError as error:
            errors.append(RowError(line=row.line, field=field, reason=str(error), file=row.file))
            continue
        if value and field.startswith(ATTRIBUTE):
            facts[field.removeprefix(ATTRIBUTE)] = value
        elif value:
            said[field] = value
    if not errors and not said.keys() & {"name", "website"}:
        errors.append(RowError(line=row.line, field="name", reason="neither name nor web site is there", file=row.file))
    if errors:
        return errors
    id = lead_id(said.get("website"), said.get("name"), said.get("country"))
    name = said.pop("name", "") or host_of(said["website"])
    return Keyed(id, CompanyEntry(id=id, name=name, line=row.line, file=row.file, facts=facts, **said))


def _value(field: str, text: str) -> str:
    if not text:
        return ""
    if field == "website":
        return site_of(text)
    if field == "email":
        return values.mailbox(text)
    if field == "country":
        code = country_code(text)
        if code is None:
            raise ValueError(f"{text[:60]!r} is no country such as DE or Germany")
        return code
    return text


def plan(
    ports: Ports, scope: Scope, found: Import, chunk: Mapping[str, list[CompanyEntry]], stored: Mapping[str, Document]
) -> list[Planned[Lead, CompanyEntry]]:
    """What becomes of each of these companies: what is known stays, gaps are filled, and every value is a fact."""
    present, told = dict(stored), dict[str, list[CompanyEntry]]()
    for id, entries in chunk.items():
        told.setdefault(_followed(ports, scope, present, id), []).extend(entries)
    return [_planned(ports, scope, found, present.get(id), id, entries) for id, entries in told.items()]


def _followed(ports: Ports, scope: Scope, present: dict[str, Document], id: str) -> str:
    """Where what is said of a lead goes: into that of which it became a part."""
    while (found := present.get(id)) and (into := found.body.get("merged_into")):
        id = str(into)
        if id not in present and (document := ports.documents.get(scope, Kind.LEAD, id)):
            present[id] = document
    return id


def _planned(
    ports: Ports, scope: Scope, found: Import, stored: Document | None, id: str, entries: list[CompanyEntry]
) -> Planned[Lead, CompanyEntry]:
    before = Lead.model_validate(stored.body) if stored else None
    told = reduce(merged, (_lead(found, entry) for entry in entries)).model_copy(update={"id": id})
    after = told if before is None else _with(before, told)
    if before and after.facts != before.facts:
        after = weighed(ports, scope, after, told.changed_at)
    outcome: RowOutcome = "created" if before is None else "unchanged" if after == before else "updated"
    why = "; ".join(_differences(before, after))
    return Planned(after.id, before, after, stored.rev if stored else None, outcome, entries, why)


def _with(before: Lead, told: Lead) -> Lead:
    """A fact that is known from this file is not told again."""
    known = {(each.name, each.source, str(each.value)) for each in before.facts}
    new = [each for each in told.facts if (each.name, each.source, str(each.value)) not in known]
    after = merged(before, told.model_copy(update={"facts": new, "stage": "found"}))
    return after if after == before else after.model_copy(update={"changed_at": told.changed_at})


def _lead(found: Import, entry: CompanyEntry) -> Lead:
    at, source = found.confirmed_at or found.created_at, _source(found)
    own = {name: value for name in _OWN if (value := getattr(entry, name))}
    facts = [LeadFact(name=name, value=value, source=source, at=at, method="given") for name, value in own.items()]
    facts += [
        LeadFact(name=f"given.{name}", value=text, source=source, at=at, method="given")
        for name, text in entry.facts.items()
        if not forbidden(name)
    ]
    people = []
    if entry.person or entry.email:
        people = [LeadPerson(name=entry.person, email=entry.email, phone=entry.phone, source=source, at=at)]
    elif entry.phone:
        facts.append(LeadFact(name="phone", value=entry.phone, source=source, at=at, method="given"))
    return Lead(
        id=entry.id,
        **own,
        lists=[source],
        people=people,
        facts=with_facts([], facts),
        created_at=at,
        created_by=found.by,
        changed_at=at,
    )


def _source(found: Import) -> str:
    """The same for every file of that name, so that bringing it in again changes nothing."""
    return f"export of {found.origin}" if found.origin else f"file {found.name or 'of companies'}"


def _differences(before: Lead | None, after: Lead) -> Iterator[str]:
    if before is None:
        yield ", ".join(filter(None, (after.website, after.city, after.country)))
        return
    for name in _OWN:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"{name}: {was or '–'} → {now}"
    if new := [each.name for each in after.facts if each not in before.facts]:
        yield f"facts: + {', '.join(new)}"


def taken_back(
    ports: Ports, scope: Scope, present: Lead | None, before: Lead | None, after: Lead
) -> tuple[Undone, Lead | None]:
    """What becomes of a lead: it goes if nobody has touched it since; else it loses what came with the file."""
    if present is None or (before is None and present == after):
        return "removed", None
    if present == after:
        return "restored", before
    was = before.facts if before else []
    came = [each for each in after.facts if each not in was]
    facts = [each for each in present.facts if each not in came]
    plain = {
        name: getattr(before, name)
        for name in (*_OWN, "lists")
        if before and getattr(present, name) == getattr(after, name) != getattr(before, name)
    }
    kept = [
        each for each in was if each not in facts and (each.name, each.source) in {(f.name, f.source) for f in came}
    ]
    people = _without(present.people, before.people if before else [], after.people)
    facts = sorted([*facts, *kept], key=lambda f: (f.name, f.source))
    back = present.model_copy(update={**plain, "facts": facts, "people": people})
    if before is None or back == present:
        return "kept", present
    return "restored", weighed(ports, scope, back)


def _without(
    present: Sequence[LeadPerson], before: Sequence[LeadPerson], after: Sequence[LeadPerson]
) -> list[LeadPerson]:
    """The people without those who came with the file, and without what it said of the others."""
    changed = [(made, was) for was, made in zip_longest(with_people(before, []), after) if made and made != was]
    back = []
    for one in present:
        made, was = next((pair for pair in changed if _who(pair[0]) == _who(one)), (one, one))
        if was:
            said = {name: getattr(was, name) for name in _SAID if getattr(one, name) == getattr(made, name)}
            back.append(one.model_copy(update=said))
    return back


def _who(person: LeadPerson) -> tuple[str, str, str]:
    return person.name, person.email, person.source


COMPANIES = Taking(
    Reading(layout_of, field_of, meaning), checker, Noun(Kind.LEAD, Lead, CompanyEntry, plan, taken_back).pass_over
)
"""Rows are companies."""
