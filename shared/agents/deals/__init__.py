"""Deals: what one engagement is, where it stands, and how it got there. Nothing else moves one but `move`; files of
deals are the one exception, and say so in its history."""

from shared.agents.deals.asking import ask
from shared.agents.deals.books import begin, change, create, get, listing, move, pipeline, write_down
from shared.agents.deals.imports import TAKINGS, accept, of_deals, tell
from shared.agents.deals.needs import hear, needs_of, text_of
from shared.agents.deals.outreach import reach_many, reach_out

__all__ = [
    "TAKINGS",
    "accept",
    "ask",
    "begin",
    "change",
    "create",
    "get",
    "hear",
    "listing",
    "move",
    "needs_of",
    "of_deals",
    "pipeline",
    "reach_many",
    "reach_out",
    "tell",
    "text_of",
    "write_down",
]
