"""Handing a report over: a signed link that ends, the report behind it, and the same as PDF."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import uuid_utils

from shared.agents import brand
from shared.agents.analyze.report import report
from shared.agents.records import Records, load, note
from shared.domain.client_report import LEAST, for_client
from shared.domain.faults import Conflict, Missing
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from shared.domain.report import Report
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.share import Share, Shared, ShareRequest
from shared.ports import Ports
from shared.render.report_pdf import report_pdf

_SHARES = Records(Kind.SHARE, Share)
_MOST = 100


class Opened(NamedTuple):
    """What a link leads to; `scope` is its workspace."""

    scope: Scope
    report: Report


def share(ports: Ports, scope: Scope, campaign: str, by: str, asked: ShareRequest) -> Shared:
    """A new link. Raises Missing, and Conflict if so few got it that figures would be about persons."""
    if (sent := report(ports, scope, campaign).funnel.sent) < LEAST:
        raise Conflict("report", f"only {sent} got it; the report of fewer than {LEAST} people is about persons")
    now = ports.clock.now()
    id, until = str(uuid_utils.uuid7().hex), now.replace(microsecond=0) + timedelta(days=asked.days)
    made = Share(id=id, campaign=campaign, created_at=now, created_by=by, expires_at=until)
    ports.documents.put(scope, Kind.SHARE, id, made.model_dump(mode="json"))
    note(ports, scope, campaign, by, "shared", {"share": id, "days": asked.days})
    return _with_link(ports, scope, made)


def shares(ports: Ports, scope: Scope, campaign: str) -> list[Shared]:
    """The newest first. Raises Missing."""
    load(ports, scope, campaign)
    page = ports.documents.find(scope, Kind.SHARE, [Filter("campaign", "eq", campaign)], limit=_MOST)
    found = [Share.model_validate(each.body) for each in page.documents]
    return [_with_link(ports, scope, each) for each in sorted(found, key=lambda each: each.created_at, reverse=True)]


def revoke(ports: Ports, scope: Scope, campaign: str, by: str, id: str) -> Shared:
    """From now on its link leads nowhere. Repeatable. Raises Missing."""
    before = _SHARES.load(ports, scope, id)
    if before.campaign != campaign:
        raise Missing("share", id)

    def end(found: Share) -> None:
        found.revoked_at = found.revoked_at or ports.clock.now()

    after = _SHARES.change(ports, scope, id, end)
    if before.revoked_at is None:
        note(ports, scope, campaign, by, "share_revoked", {"share": id})
    return _with_link(ports, scope, after)


def opened(ports: Ports, link: Link) -> Opened | None:
    """The report behind a verified link as its client may see it; None if the link has ended or was taken back."""
    document = ports.documents.get(link.scope, Kind.SHARE, link.person)
    found = Share.model_validate(document.body) if document else None
    now = ports.clock.now()
    if found is None or found.campaign != link.campaign or not found.holds(now) or now.timestamp() >= link.target:
        return None
    made = report(ports, link.scope, found.campaign)
    return Opened(link.scope, for_client(made)) if made.funnel.sent >= LEAST else None


def handed_over(ports: Ports, scope: Scope, made: Report) -> bytes:
    """The report as PDF in the brand's look, fit to send: it shows what `for_client` leaves."""
    look, _ = brand.read(ports, scope)
    return report_pdf(for_client(made), look, brand.logo_file(ports, scope, look), ports.fonts)


def _with_link(ports: Ports, scope: Scope, made: Share) -> Shared:
    ends = int(made.expires_at.timestamp())
    token = sign(Link("s", scope, made.campaign, 0, made.id, ends), ports.keys.link)
    url = f"{ports.public_url}/api/s/{token}" if made.holds(ports.clock.now()) else None
    return Shared(**made.model_dump(), url=url)
