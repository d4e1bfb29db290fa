"""The criteria that hold until somebody sets others; the sums are assumptions to be replaced by the agency's own."""

from __future__ import annotations

from shared.domain.lead_criteria import Assumption, Condition, Criteria, Criterion, Package


def _between(fact: str, low: float, high: float) -> Condition:
    return Condition(fact=fact, rule="between", low=low, high=high)


def _yes(fact: str) -> Condition:
    return Condition(fact=fact, rule="yes")


def _no(fact: str) -> Condition:
    return Condition(fact=fact, rule="no")


_NEEDS = (
    ("no_tls", "Not safe to visit", 10, _no("https"), "its site has no valid TLS", "security"),
    (
        *("certificate_ends", "Certificate about to end", 4),
        *(_between("certificate_days", 30, 0), "its certificate is about to end", "security"),
    ),
    ("slow", "Slow to answer", 10, _between("first_byte_ms", 300, 2000), "its site is slow to answer", "speed"),
    ("heavy", "Heavy page", 6, _between("page_kb", 300, 1500), "its home page is heavy", "speed"),
    ("not_mobile", "Not for telephones", 14, _no("mobile"), "its pages are not made for telephones", "relaunch"),
    ("no_description", "No description", 8, _no("has_description"), "search engines find no description", "search"),
    (
        *("no_structured_data", "No structured data", 6),
        *(_no("has_structured_data"), "its pages have no structured data", "search"),
    ),
    (
        *("forgeable", "Mail can be forged", 8),
        *(Condition(fact="dmarc", rule="one_of", values=["absent", "none"]), "mail in its name can be forged", "mail"),
    ),
    ("no_spf", "Senders not named", 6, _no("spf"), "its domain does not say who sends its mail", "mail"),
    (
        "stale",
        "Long unchanged",
        10,
        _between("unchanged_years", 1, 4),
        "its pages have not changed for years",
        "content",
    ),
)
_REACH = (
    ("can_write", "Can be written to", 8, _yes("contact_email"), "it shows an address to write to", None),
    ("decider", "Somebody who decides", 10, _yes("decision_maker"), "it names somebody who decides", None),
)
_PACKAGES = (
    ("security", "Safe site: TLS, certificates, updates"),
    ("speed", "Fast site: speed and page weight"),
    ("relaunch", "Relaunch: a site made for telephones"),
    ("search", "Found in search: descriptions and structured data"),
    ("mail", "Mail that arrives: SPF, DKIM, DMARC"),
    ("content", "Content: fresh pages, month by month"),
)
_BUDGET = (
    (_between("employees", 49, 50), 10_000, 40_000, "50 people or more work there"),
    (_yes("shop"), 6_000, 20_000, "it sells on its site"),
    (_between("employees", 9, 10), 4_000, 15_000, "10 to 49 people work there"),
    (Condition(fact="employees", rule="known"), 1_500, 5_000, "fewer than 10 people work there"),
)
DEFAULTS = Criteria(
    version=1,
    criteria=[
        Criterion(id=id, title=title, weight=weight, when=when, says=says, service=service)
        for id, title, weight, when, says, service in (*_NEEDS, *_REACH)
    ],
    packages=[Package(service=service, title=title) for service, title in _PACKAGES],
    budget=[Assumption(when=when, low=low, high=high, says=says) for when, low, high, says in _BUDGET],
)
"""Version 1 of every workspace."""
