"""Deals: what one engagement is, where it stands, and how it got there. Nothing else moves one but `move`."""

from shared.agents.deals.books import change, create, get, listing, move, pipeline, write_down

__all__ = ["change", "create", "get", "listing", "move", "pipeline", "write_down"]
