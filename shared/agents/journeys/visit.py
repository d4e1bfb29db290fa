"""How much one activity of a journey takes on: at the channel's rate it must end long before its host ends it."""

from __future__ import annotations

from datetime import timedelta

from shared.agents.channels import channel_named
from shared.ports import Ports

VISIT = timedelta(minutes=2)
"""So long the mails of one page of people may take, and after so long a turn begins none; an activity has ten minutes
(host.json)."""


def at_once(ports: Ports) -> int:
    """So many mails leave within a visit; one at least."""
    return max(1, int(channel_named(ports, "email").rate_per_second * VISIT.total_seconds()))
