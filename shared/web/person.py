"""A person's page: how what they said came in, and the form that records it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from shared.domain.contact import Basis
from shared.web.fields import filled, local_time

BLANK: Mapping[str, str] = {"status": "granted", "channel": "email", "basis": "explicit"}
"""What stands in the form at first."""

LABELS: Mapping[str, str] = {
    "status": "What they said",
    "channel": "About",
    "purpose": "For one purpose only",
    "wording": "The words they agreed to",
    "form": "Where that was",
    "source": "What it came from",
    "at": "When",
    "basis": "Why it counts",
    "jurisdiction": "Law of (country)",
    "expires_at": "Until",
}
"""Field of the API -> what the form calls it."""

BASES: Mapping[Basis, str] = {
    "explicit": "they said so",
    "implied_purchase": "they bought something",
    "implied_inquiry": "they asked for something",
    "soft_opt_in": "a sale, with a way out offered",
}
"""What the reasons are called for which advertising is lawful."""


def consent_of_form(form: Mapping[str, str], zone: tzinfo) -> dict[str, str]:
    """As the API takes it; a time is one of `zone`."""
    said = filled(form)
    times: dict[str, str] = {name: local_time(said[name], zone) for name in ("at", "expires_at") if name in said}
    offered = {"collected_in": "sale", "opt_out_offered": "true"} if said.get("basis") == "soft_opt_in" else {}
    return {**said, **times, **offered}
