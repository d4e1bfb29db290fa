"""Strangers who write by themselves: by the form on the agency's site, through a system of its own, or by mail. Each
becomes a lead, a contact and a deal with what they wrote, or is looked at by a person first."""

from shared.agents.inbound.desk import decide, entries, get, listing
from shared.agents.inbound.letters import set_aside, take_mail
from shared.agents.inbound.receive import Arrived, receive
from shared.agents.inbound.settings import door_of, opened, read, renew, write
from shared.agents.inbound.take_in import look_after

__all__ = [
    "Arrived",
    "decide",
    "door_of",
    "entries",
    "get",
    "listing",
    "look_after",
    "opened",
    "read",
    "receive",
    "renew",
    "set_aside",
    "take_mail",
    "write",
]
