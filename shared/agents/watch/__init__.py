"""The watch list: trends, competitors and seasons, read on a timer from the same sources as leads, each thing that was
seen with its date, link, source and terms, and marked by counts per week."""

from shared.agents.watch.books import add, again, get, listing, remove, shown
from shared.agents.watch.gaps import gaps
from shared.agents.watch.turn import run

__all__ = ["add", "again", "gaps", "get", "listing", "remove", "run", "shown"]
