"""What is found of companies: their sites are looked at, and their domains asked about mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from shared.agents.qualify import claims
from shared.domain.address import person_of
from shared.domain.dmarc import discover
from shared.domain.dns import Unanswered, is_name
from shared.domain.footprint import facts_of, mail_facts, people_of
from shared.domain.lead import Lead, with_facts
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.site import Mail, Visit
from shared.domain.website import host_of
from shared.ports import Ports

_AT_ONCE = 16
_CHUNK = 100


def enriched(ports: Ports, scope: Scope, leads: Sequence[Lead]) -> list[Lead]:
    """The leads with what was found of them now; nothing is stored, and nothing weighed. Their `people` are those that
    the sites name now, and no others: who was known before is read when it is stored. Those that are taken are not
    looked at: nobody here has a reason to."""
    taken = _taken(ports, scope, leads)
    sited = [each for each in leads if each.website and each.id not in taken]
    looked = dict(zip((each.id for each in sited), _looked(ports, sited), strict=True))
    found = [_found(ports, each, *looked.get(each.id, (None, None))) for each in leads]
    return [_seen(ports, each, each.id in taken) for each in found]


def unasked(ports: Ports, scope: Scope, leads: Sequence[Lead]) -> list[Lead]:
    """The same leads where nobody is asked anything: no people are found, and whether they are taken is as of now."""
    taken = _taken(ports, scope, leads)
    alone = (each.model_copy(update={"people": []}) for each in leads)
    return [_seen(ports, each, each.id in taken) for each in alone]


def _taken(ports: Ports, scope: Scope, leads: Sequence[Lead]) -> set[str]:
    """The ids of those that are somebody else's, by whatever id."""
    of = {known: each.id for each in leads for known in each.known_as}
    return {of[each] for each in claims.taken(ports, scope, of)}


def _looked(ports: Ports, leads: Sequence[Lead]) -> list[tuple[Visit, Mail]]:
    """DNS is asked while the sites are looked at."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        mails = threads.map(lambda lead: _mail(ports, host_of(lead.website or "")), leads)
        visits = _visits(ports, leads)
        return list(zip(visits, mails, strict=True))


def _visits(ports: Ports, leads: Sequence[Lead]) -> list[Visit]:
    if ports.sites is None:
        return [Visit(each.website or "", refusal="unreachable", why="no site is looked at here") for each in leads]
    return ports.sites.visit([each.website or "" for each in leads])


def _mail(ports: Ports, host: str) -> Mail:
    try:
        return mail_of(ports, host)
    except Exception as fault:  # whatever a record says is this company's loss
        return Mail(why=f"what DNS says could not be read ({type(fault).__name__})")


def mail_of(ports: Ports, host: str) -> Mail:
    """MX, SPF and DMARC of a host; the first question that nobody answers is the last that is asked."""
    if not is_name(host) or host.replace(".", "").isdigit():
        return Mail(why="its site has no name of its own in DNS")
    lookup = ports.resolver.lookup
    try:
        mx = list(lookup(host, "MX"))
        spf = [each for each in lookup(host, "TXT") if each.lower().startswith("v=spf1")]
        policy = discover(host, lookup)
    except Unanswered as nobody:
        return Mail(why=str(nobody))
    records = {"mx": ", ".join(mx), "spf": ", ".join(spf), "dmarc": policy.record if policy else "no record"}
    return Mail(bool(mx), len(spf) == 1, (policy.policy or "none") if policy else "absent", records=records)


def _found(ports: Ports, lead: Lead, visit: Visit | None, mail: Mail | None) -> Lead:
    if visit is None or mail is None:
        return lead.model_copy(update={"people": []})
    try:
        return _with(lead, visit, mail, ports.clock.now())
    except Exception as fault:  # whatever a page says is this company's loss
        why = f"what it shows could not be understood ({type(fault).__name__})"
        return _with(lead, Visit(visit.website, refusal="not_a_page", why=why), mail, ports.clock.now())


def _with(lead: Lead, visit: Visit, mail: Mail, now: datetime) -> Lead:
    new = [*facts_of(visit, now), *mail_facts(host_of(lead.website or ""), mail, now)]
    kept = [each for each in lead.facts if each.method == "given"]
    said = next((page for page in visit.pages if page.name), None)
    return lead.model_copy(
        update={
            "facts": with_facts(kept, new),
            "people": people_of(visit, now),
            "name": said.name if said and lead.name == host_of(lead.website or "") else lead.name,
            "city": lead.city or (said.city if said else "") or None,
            "country": lead.country or (said.country if said else "") or None,
        }
    )


def _seen(ports: Ports, lead: Lead, taken: bool) -> Lead:
    return lead.model_copy(update={"taken": taken, "changed_at": ports.clock.now()})


def shunned(ports: Ports, scope: Scope, addresses: Iterable[str]) -> set[str]:
    """Addresses, in small letters, whose people must not be written to, or were erased: they are not kept either."""
    keys = {person_of(each, ports.keys.address): each.casefold() for each in addresses if each}
    found, asked = set[str](), list(keys)
    for at in range(0, len(asked), _CHUNK):
        wanted = [Filter("id", "in", asked[at : at + _CHUNK])]
        page = ports.documents.find(scope.agency, Kind.SUPPRESSION, wanted, limit=_CHUNK)
        found |= {keys[each.id] for each in page.documents}
    return found
