"""Campaigns as people handle them: take in, decide, look, prove, explain."""

from __future__ import annotations

from shared.agents.campaigns.about import explanations
from shared.agents.campaigns.accept import accept
from shared.agents.campaigns.audience import members as audience
from shared.agents.campaigns.certificate import certificate
from shared.agents.campaigns.control import cancel, decide, fail, pause, resume
from shared.agents.campaigns.explain import explain
from shared.agents.campaigns.inquire import approval, drafts, get, listing, preview, recipients, tally, timeline
from shared.agents.campaigns.recall import correction, recall

__all__ = [
    "accept",
    "approval",
    "audience",
    "cancel",
    "certificate",
    "correction",
    "decide",
    "drafts",
    "explain",
    "explanations",
    "fail",
    "get",
    "listing",
    "pause",
    "preview",
    "recall",
    "recipients",
    "resume",
    "tally",
    "timeline",
]
