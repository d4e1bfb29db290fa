"""Tasks: taken in, executed by an agent, every attempt recorded."""

from shared.agents.tasks.books import create, give_up, listing, queue, read
from shared.agents.tasks.execute import run

__all__ = ["create", "give_up", "listing", "queue", "read", "run"]
