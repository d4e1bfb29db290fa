"""A domain that mail comes from: what its DNS says, and whether it may send (rule C7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.domain.dns import Record

What = Literal["spf", "dkim", "dmarc"]
State = Literal["pass", "fail", "unknown"]
FRESH = timedelta(hours=24)
"""A check that is older is repeated before more mail leaves."""
SOON = timedelta(minutes=1)
"""One that did not pass, so soon: its owner may be mending it."""
TRUSTED = timedelta(hours=72)
"""So long a check that passed counts while DNS gives no answer."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Finding(_Strict):
    """One check; unknown: DNS did not say. `record`: what to enter in DNS to mend it."""

    what: What
    state: State
    said: str
    record: Record | None = None


class Checked(_Strict):
    """The document: the newest check of a domain, and when it last passed all of them."""

    domain: str
    checked_at: datetime
    passed_at: datetime | None = None
    through: list[str]
    """The servers that the check was about; mail that leaves through others needs another."""
    findings: list[Finding]


def checked_id(domain: str) -> str:
    """The id of a domain's newest check: a document of the kind of policies, so that a window reads it with them."""
    return f"domain:{domain.lower()}"


def read_checked(body: Mapping[str, Any] | None) -> Checked | None:
    """What is on file, if there is something that can be read."""
    try:
        return Checked.model_validate(body) if body else None
    except ValidationError:
        return None


def may_send(found: Checked | None, through: list[str], now: datetime) -> bool:
    """True only on a check of these servers that passed, and still counts."""
    if found is None or found.passed_at is None or found.through != through:
        return False
    if any(each.state == "fail" for each in found.findings):
        return False
    return now - found.passed_at <= TRUSTED


def needs_check(found: Checked | None, through: list[str], now: datetime) -> bool:
    """Is there nothing that is new enough about these servers?"""
    if found is None or found.through != through:
        return True
    fresh = FRESH if all(each.state == "pass" for each in found.findings) else SOON
    return not timedelta(0) <= now - found.checked_at <= fresh


def why_not(found: Checked) -> str:
    """What keeps the domain from sending, with the records that mend it: one sentence a check."""
    said = [_sentence(each) for each in found.findings if each.state != "pass"]
    return f"{found.domain} may not send yet. {' '.join(said) or 'Its check is too old and could not be repeated.'}"


def _sentence(finding: Finding) -> str:
    mend = f" Enter in DNS: {finding.record.line}" if finding.record else ""
    return f"{finding.what.upper()}: {finding.said}.{mend}"
