"""Who a campaign would reach, over HTTP."""

from __future__ import annotations

from shared.access.call import Answer, Call
from shared.agents.schedule.preview import preview
from shared.domain.audience import AudiencePreview, AudienceRequest


def look(call: Call, body: AudienceRequest) -> Answer[AudiencePreview]:
    """Who a campaign would reach, when, and for how much at most; nothing is made."""
    return Answer(preview(call.ports, call.scope, body))
