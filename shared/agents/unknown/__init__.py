"""Unknown outcomes: ask whoever could know, list what remains, carry out what a person decides (design 4.1)."""

from __future__ import annotations

from shared.agents.unknown.decide import decide
from shared.agents.unknown.listing import listing
from shared.agents.unknown.reconcile import reconcile

__all__ = ["decide", "listing", "reconcile"]
