"""People who were found with a lead, into the address book: with where, when and how they were found, so that the gate
holds what does not tell them (rule G10)."""

from __future__ import annotations

import csv
import io

from shared.agents import contacts
from shared.agents.qualify import claims
from shared.agents.qualify.books import get
from shared.domain.faults import Conflict
from shared.domain.imports import Import
from shared.domain.lead import Lead, LeadPerson
from shared.domain.scope import Scope
from shared.domain.website import same_site
from shared.ports import Ports

_COLUMNS = (
    "email",
    "first_name",
    "last_name",
    "company",
    "role",
    "city",
    "country",
    "found_at",
    "found_on",
    "found_by",
)


def to_contacts(ports: Ports, scope: Scope, id: str, by: str) -> Import:
    """Everybody of the lead who has an address becomes a contact, by an import whose flow the caller starts. Raises
    Missing, and Conflict unless a person qualified it, if nobody may write to it or somebody else of the agency has it
    by now, or if nobody of it has an address."""
    lead = get(ports, scope, id)
    if lead.stage not in ("qualified", "converted"):
        raise Conflict("stage", f"the lead is {lead.stage}; somebody has to qualify it first")
    if claims.taken(ports, scope, lead.known_as):
        raise Conflict("lead", "it is taken: somebody else of the agency has it, or nobody may write to it")
    rows = people_csv(lead)
    if rows is None:
        raise Conflict("people", "nobody of this lead has an address")
    return contacts.accept_import(ports, scope, by, rows, "text/csv", name=f"lead {lead.id}")


def people_csv(lead: Lead) -> bytes | None:
    """The rows of that import; None: nobody has an address."""
    found = [each for each in lead.people if each.email]
    if not found:
        return None
    made = io.StringIO(newline="")
    told = csv.writer(made)
    told.writerow(_COLUMNS)
    for each in found:
        first, _, last = each.name.rpartition(" ")
        names = (first or last, last if first else "")
        place = (lead.name, each.role, lead.city or "", lead.country or "")
        told.writerow([each.email, *names, *place, each.source, each.at.isoformat(), how(lead, each)])
    return made.getvalue().encode()


def how(lead: Lead, person: LeadPerson) -> str:
    """What the notice says of them must be true: only who stands on the site was read there."""
    read = lead.website and person.source.startswith("http") and same_site(person.source, lead.website)
    return "read on the company's site" if read else person.source
