"""Discovery: companies that may become clients are found, enriched, scored, and decided on by a person.

Another agent that knows a company adds it in code:

    from shared.agents import qualify
    from shared.domain.lead import LeadRequest

    lead = qualify.add(ports, scope, by, LeadRequest(name="Halm", website="halm.example", source="HubSpot export"))

The same company (host of its web site, else name and country) is the same lead, however often it is added; what is
added later fills gaps. `lead.id` is what a deal keeps."""

from shared.agents.qualify.books import add, add_unknown, converted, decide, get, listing, met
from shared.agents.qualify.lists import run
from shared.agents.qualify.verifying import verify
from shared.agents.qualify.weighing import compare, criteria, fit, put_criteria, recomputed

__all__ = [
    "add",
    "add_unknown",
    "compare",
    "converted",
    "criteria",
    "decide",
    "fit",
    "get",
    "listing",
    "met",
    "put_criteria",
    "recomputed",
    "run",
    "verify",
]
