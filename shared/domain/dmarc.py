"""The DMARC record that holds for a domain: the DNS tree walk and the policy (RFC 9989, rule C7)."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from shared.domain.dns import Lookup
from shared.domain.tags import tags

Policy = Literal["none", "quarantine", "reject"]
_RECORD = re.compile(r"v\s*=\s*DMARC1\s*(?:;|\Z)")
_WALK_MOST = 8
_POLICIES: dict[str, Policy] = {"none": "none", "quarantine": "quarantine", "reject": "reject"}


class Found(NamedTuple):
    """The domain whose record holds, and what it asks receivers to do with mail that fails. `policy` None: the record
    says nothing that they can use."""

    at: str
    record: str
    policy: Policy | None


def discover(domain: str, lookup: Lookup) -> Found | None:
    """The record of the domain itself, else of its organizational domain; None if there is none (or more than one at a
    place, which counts as none). Raises Unanswered."""
    walked = [(name, record) for name in _walk(domain) if (record := _record(name, lookup)) is not None]
    if not walked:
        return None
    at, record = walked[0] if walked[0][0] == domain else _organizational(walked)
    return Found(at, record, _policy(record, of_subdomain=at != domain))


def _walk(domain: str) -> list[str]:
    """The domain, then its parents; of a very deep one the last seven labels come next (section 4.10)."""
    labels = domain.split(".")
    first = 1 if len(labels) < _WALK_MOST else len(labels) - _WALK_MOST + 1
    return [domain, *(".".join(labels[at:]) for at in range(first, len(labels)))]


def _record(name: str, lookup: Lookup) -> str | None:
    found = [text for text in lookup(f"_dmarc.{name}", "TXT") if _RECORD.match(text)]
    return found[0] if len(found) == 1 else None


def _organizational(walked: list[tuple[str, str]]) -> tuple[str, str]:
    """Whoever says that he is none (psd=n), else the last one before a public suffix, else the shortest."""
    for each in walked:
        if tags(each[1]).get("psd", "").lower() == "n":
            return each
    private = [each for each in walked if tags(each[1]).get("psd", "").lower() != "y"]
    return private[-1] if private else walked[-1]


def _policy(record: str, of_subdomain: bool) -> Policy | None:
    said = tags(record)
    wanted = said.get("sp" if of_subdomain and "sp" in said else "p", "").lower()
    # A record that only asks for reports is one that asks for nothing else (section 4.7).
    return _POLICIES.get(wanted) or ("none" if "mailto:" in said.get("rua", "").lower() else None)
