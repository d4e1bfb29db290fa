"""The digital footprint of a company: what was measured, each with its evidence, or not known and why (S1.11). Pure:
nothing is guessed, and no model is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.domain.lead import LeadFact, LeadPerson, Value
from shared.domain.site import Mail, Page, Visit
from shared.domain.technologies import BOOKING, SHOPS, technologies

MEASURED = "measured from this machine"
READ = "read on the site"
ASKED = "asked of DNS"
TERMS = "public page; robots.txt honoured"
FACTS = {
    "reachable": "the site answers",
    "https": "it answers with TLS and a valid certificate",
    "certificate_days": "days until its certificate ends",
    "first_byte_ms": "milliseconds until the first octet of the home page",
    "page_kb": "kilobytes of the home page, without pictures",
    "mobile": "the page is made for telephones (viewport)",
    "title": "the title of the home page",
    "has_description": "the home page describes itself to search engines",
    "structured_data": "types of schema.org on its pages",
    "has_structured_data": "its pages say in structured data what they are about",
    "language": "the language that the home page declares",
    "unchanged_years": "years since the newest date on its pages",
    "technologies": "what the site is made with",
    "shop": "it sells on its site",
    "booking": "it takes bookings on its site",
    "contact_form": "it has a form to write by",
    "contact_email": "it shows an address to write to",
    "contact_phone": "it shows a number to call",
    "decision_maker": "somebody who decides is named",
    "employees": "people who work there, as the site says",
    "social": "networks that it links to",
    "moved_to": "where the site went",
    "mx": "its domain takes mail",
    "spf": "its domain says who sends its mail (SPF)",
    "dmarc": "what receivers do with forged mail in its name (DMARC)",
}
"""Names of what is measured, and what each means."""
_OF_PAGES = tuple(
    name for name in FACTS if name not in ("reachable", "https", "certificate_days", "mx", "spf", "dmarc")
)
_SOCIAL = (
    "facebook.com",
    "instagram.com",
    "linkedin.com",
    "x.com",
    "twitter.com",
    "youtube.com",
    "tiktok.com",
    "xing.com",
)
_YEAR = re.compile(r"(?:©|\(c\)|copyright)\D{0,20}((?:19|20)\d\d)(?:\s*[-–—]\s*((?:19|20)\d\d))?", re.IGNORECASE)
_DECIDES = re.compile(
    r"owner|founder|director|ceo|cto|cmo|chief|head of|president|partner|inhaber|gesch(?:ä|ae)ftsf(?:ü|ue)hr|vorstand|"
    r"gr(?:ü|ue)nder|leiter|manager|g(?:é|e)rant|titular",
    re.IGNORECASE,
)


class _Told(NamedTuple):
    name: str
    value: Value
    evidence: str = ""
    why: str = ""
    method: str = READ
    source: str = ""


def facts_of(visit: Visit, at: datetime) -> list[LeadFact]:
    """Everything that the visit says, and for the rest why it is not known."""
    told = [*_reached(visit), *(_of_pages(visit, at) if visit.pages else _unknown(visit))]
    return [
        LeadFact(
            name=each.name, value=each.value, why=each.why, evidence=each.evidence[:300],
            source=each.source or visit.website, at=at, licence=TERMS, method=each.method,
        )
        for each in told
    ]  # fmt: skip


def mail_facts(domain: str, mail: Mail, at: datetime) -> list[LeadFact]:
    """MX, SPF and DMARC of the domain (RFC 7208, RFC 9989)."""
    found: dict[str, Value] = {"mx": mail.mx, "spf": mail.spf, "dmarc": mail.dmarc}
    return [
        LeadFact(
            name=name, value=value, why="" if value is not None else mail.why or "nobody answered",
            evidence=mail.records.get(name, "")[:300], source=f"dns:{domain}", at=at, licence="public DNS",
            method=ASKED,
        )
        for name, value in found.items()
    ]  # fmt: skip


def people_of(visit: Visit, at: datetime) -> list[LeadPerson]:
    """Who is named on its pages, and mailboxes that it shows; whoever decides comes first."""
    found = [
        LeadPerson(name=each.name, role=each.role, email=each.email, phone=each.phone, source=page.url, at=at)
        for page in visit.pages
        for each in page.people
    ]
    known = {each.email.casefold() for each in found}
    mailboxes = [
        LeadPerson(email=each, source=page.url, at=at)
        for page in visit.pages
        for each in page.emails
        if each.casefold() not in known
    ]
    once = {each.email.casefold(): each for each in reversed(mailboxes)}
    return [*sorted(found, key=lambda each: not decides(each.role)), *reversed(once.values())]


def decides(role: str) -> bool:
    """Does this role decide on what is bought?"""
    return bool(_DECIDES.search(role))


def _reached(visit: Visit) -> Iterator[_Told]:
    unclear = visit.refusal == "robots"
    reachable = None if unclear else bool(visit.pages) or bool(visit.moved_to) or visit.refusal == "not_a_page"
    status = f"status {visit.pages[0].status}" if visit.pages else visit.why
    yield _Told("reachable", reachable, status, visit.why if unclear else "", MEASURED)
    yield _Told("https", visit.https, visit.https_why, visit.https_why if visit.https is None else "", MEASURED)


def _unknown(visit: Visit) -> Iterator[_Told]:
    if visit.moved_to:
        yield _Told("moved_to", visit.moved_to, visit.why)
    for name in _OF_PAGES:
        if name != "moved_to":
            yield _Told(name, None, why=visit.why)
    yield _Told("certificate_days", None, why=visit.why)


def _of_pages(visit: Visit, at: datetime) -> Iterator[_Told]:
    home, pages = visit.pages[0], visit.pages
    until = visit.certificate_until
    why = "" if until else "it was not reached with TLS"
    yield _Told("certificate_days", (until - at).days if until else None, str(until or ""), why, MEASURED)
    yield from _speed(home)
    yield _Told("mobile", "width=device-width" in home.viewport.replace(" ", "").lower(), f'viewport "{home.viewport}"')
    yield _Told("title", home.title or None, why="" if home.title else "the home page has no title")
    yield _Told("has_description", bool(home.description), home.description[:120])
    types = sorted({each for page in pages for each in page.structured})
    yield _Told("structured_data", types, f"{len(pages)} pages")
    yield _Told("has_structured_data", bool(types), ", ".join(types)[:120])
    yield _Told("language", home.language or None, why="" if home.language else "the home page declares none")
    yield _age(pages, at)
    yield from _made_with(pages)
    yield from _contact(pages)
    employees, said = next(((each.employees, each.url) for each in pages if each.employees), (None, ""))
    yield _Told("employees", employees, said, "" if employees else "no page says it in structured data")
    hosts = {host for page in pages for host in page.outside}
    yield _Told("social", sorted({net for net in _SOCIAL for host in hosts if host == net or host.endswith(f".{net}")}))


def _speed(home: Page) -> Iterator[_Told]:
    milliseconds = round(home.first_byte * 1000)
    yield _Told("first_byte_ms", milliseconds, "one request, connection included", method=MEASURED)
    more = "" if home.whole else "at least: no more was read"
    yield _Told("page_kb", -(-home.bytes // 1000), more or f"{home.bytes:,} octets", method=MEASURED)


def _age(pages: Sequence[Page], at: datetime) -> _Told:
    found = [(year, said, page.url) for page in pages for year, said in _years(page) if 1995 <= year <= at.year]
    if not found:
        return _Told("unchanged_years", None, why="no page has a date or a year of copyright")
    year, said, url = max(found)
    return _Told("unchanged_years", at.year - year, said, source=url)


def _years(page: Page) -> Iterator[tuple[int, str]]:
    for match in _YEAR.finditer(page.text):
        yield int(match[2] or match[1]), f'"{match[0][:60]}"'
    for date in page.dates:
        if re.match(r"(19|20)\d\d-\d\d", date):
            yield int(date[:4]), f"dated {date[:10]}"


def modified(header: str, at: datetime) -> str | None:
    """The date of Last-Modified as ISO 8601; None for one that cannot be, or of a page that was made for the
    request."""
    try:
        found = parsedate_to_datetime(header)
        return None if found.tzinfo is None or (at - found).days < 1 else found.isoformat()
    except (ValueError, TypeError, OverflowError):
        return None


def _made_with(pages: Sequence[Page]) -> Iterator[_Told]:
    found = technologies(pages)
    types = {each for page in pages for each in page.structured}
    yield _Told("technologies", list(found), "; ".join(found.values()))
    shop = sorted(SHOPS & found.keys()) or sorted({"Product", "Offer", "OnlineStore"} & types)
    yield _Told("shop", bool(shop), ", ".join(shop))
    booking = sorted(BOOKING & found.keys())
    yield _Told("booking", bool(booking), ", ".join(booking))


def _contact(pages: Sequence[Page]) -> Iterator[_Told]:
    looked = f"{len(pages)} pages looked at: {', '.join(urlsplit(page.url).path or '/' for page in pages)}"
    yield _Told("contact_form", any(page.forms for page in pages), looked)
    yield _Told("contact_email", any(page.emails for page in pages), looked)
    yield _Told("contact_phone", any(page.phones for page in pages), looked)
    yield _Told("decision_maker", any(decides(one.role) for page in pages for one in page.people), looked)
