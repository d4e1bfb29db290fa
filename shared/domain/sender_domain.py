"""A domain that mail comes from: what its DNS says, and whether it may send (rule C7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.domain.dns import Record

What = Literal["spf", "dkim", "dmarc"]
State = Literal["pass", "fail", "unknown"]
FRESH = timedelta(hours=24)
"""A check that is older is repeated before more mail leaves."""
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


def may_send(found: Checked | None, through: list[str], now: datetime) -> bool:
    """True only on a check of these servers that passed, and still counts."""
    if found is None or found.passed_at is None or found.through != through:
        return False
    if any(each.state == "fail" for each in found.findings):
        return False
    return now - found.passed_at <= TRUSTED


def needs_check(found: Checked | None, through: list[str], now: datetime) -> bool:
    """Is there nothing newer than FRESH about these servers?"""
    return found is None or found.through != through or not timedelta(0) <= now - found.checked_at <= FRESH


def why_not(found: Checked) -> str:
    """What keeps the domain from sending, with the records that mend it: one sentence a check."""
    said = [_sentence(each) for each in found.findings if each.state != "pass"]
    return f"{found.domain} may not send yet. {' '.join(said) or 'Its check is too old and could not be repeated.'}"


def _sentence(finding: Finding) -> str:
    mend = f" Enter in DNS: {finding.record.line}" if finding.record else ""
    return f"{finding.what.upper()}: {finding.said}.{mend}"
