"""Campaigns as people handle them: take in, decide, look, prove, explain."""

from __future__ import annotations

from shared.agents.campaigns.accept import accept
from shared.agents.campaigns.certificate import certificate
from shared.agents.campaigns.control import cancel, decide, fail, pause, resume
from shared.agents.campaigns.explain import explain
from shared.agents.campaigns.inquire import approval, drafts, get, listing, preview, recipients, tally, timeline

__all__ = [
    "accept",
    "approval",
    "cancel",
    "certificate",
    "decide",
    "drafts",
    "explain",
    "fail",
    "get",
    "listing",
    "pause",
    "preview",
    "recipients",
    "resume",
    "tally",
    "timeline",
]
