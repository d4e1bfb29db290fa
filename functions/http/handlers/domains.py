"""Sender domains over HTTP, and their page."""

from __future__ import annotations

from functions.flows import doorbells
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing
from shared.agents.campaigns.waiting_for import of_domain
from shared.agents.guardian import standing
from shared.domain.domain_view import DomainView


def listing(call: Call) -> Answer[Listing[DomainView]]:
    """The domains that mail comes from: those that the policy names, and those that were ever checked."""
    return Answer(Listing(items=standing.listing(call.ports, call.scope)))


def show(call: Call) -> Answer[DomainView]:
    """One domain as it stands: its checks with what to enter in DNS, its ramp, its health. Nothing is asked of DNS."""
    return Answer(standing.view(call.ports, call.scope, call.path["domain"]))


def check(call: Call) -> Answer[DomainView]:
    """Ask DNS now, and wake what waits for the domain."""
    found = standing.check(call.ports, call.scope, call.path["domain"], call.principal)
    return Answer(found, ring=_bells(call, found.domain))


def resume(call: Call) -> Answer[DomainView]:
    """Let a paused domain go on, with exactly the remainder of its campaigns."""
    found = standing.resume(call.ports, call.scope, call.path["domain"], call.principal)
    return Answer(found, ring=_bells(call, found.domain))


def page(call: Call) -> Answer[str]:
    """The domains, what is wrong with them and what mends it."""
    return html(call, "domains", here="domains", domains=standing.listing(call.ports, call.scope))


def form_check(call: Call) -> Answer[str]:
    """Check the domain of the form."""
    found = standing.check(call.ports, call.scope, call.form.get("domain", "").strip(), call.principal)
    return see("/domains", ring=_bells(call, found.domain))


def form_resume(call: Call) -> Answer[str]:
    """Let a domain go on."""
    found = standing.resume(call.ports, call.scope, call.path["domain"], call.principal)
    return see("/domains", ring=_bells(call, found.domain))


def _bells(call: Call, domain: str) -> list[str]:
    waiting = of_domain(call.ports, call.scope, domain)
    return [bell for each in waiting for bell in doorbells(call.scope, each)]
