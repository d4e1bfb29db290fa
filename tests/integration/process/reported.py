"""A campaign that has ended, with what its final report says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shared.agents.analyze.report import report_path
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.certificate import Certificate
from shared.domain.names import Kind
from shared.domain.report import Funnel, Report, rate
from shared.ports import Ports
from tests.e2e.campaign.baton import CAMPAIGN
from tests.integration.agents.conftest import SCOPE, START


def campaign(ports: Ports, told: dict[str, str]) -> None:
    """`told`: its name, when its first message was due, and the counts. That of `c` came from simulated people."""
    id, due = told["name"], told["first_due"]
    first = datetime.fromisoformat(due) if due else None
    made = Campaign(
        id=id, request=CampaignRequest.model_validate({**CAMPAIGN, "name": id}), name=id, first_due=first,
        status="completed", created_at=START, created_by="ada",
    )  # fmt: skip
    ports.documents.put(SCOPE, Kind.CAMPAIGN, id, made.model_dump(mode="json"))
    counts = {name: int(each) for name, each in told.items() if name not in ("name", "first_due")}
    ports.files.put(SCOPE, report_path(id, "json"), _report(id, counts).model_dump_json().encode())


def _report(id: str, counts: dict[str, int]) -> Report:
    held = counts["planned"] - counts["sent"] - counts["failed"] - counts["unknown"]
    parts: dict[str, Any] = {each: counts[each] for each in ("planned", "failed", "unknown")}
    parts |= {"held": {"capped": held}, "remaining": 0}
    proof = Certificate(campaign=id, name=id, sent_once=counts["sent"], sent_twice=0, recounted_at=START, **parts)
    funnel = Funnel(**{**counts, **parts}, opened_by_machines=50, clicked_by_machines=5)
    opened, clicked, gone = (rate(counts[each], counts["sent"]) for each in ("opened", "clicked", "unsubscribed"))
    return Report(
        campaign=id, name=id, made_at=START, final=True, timezone="UTC", simulated=id == "c", sentences=("", "", ""),
        certificate=proof, funnel=funnel, opened=opened, clicked=clicked, unsubscribed=gone, variants=[], segments={},
        hours=[], findings=[],
    )  # fmt: skip
