"""A home, and a clock that a test moves by hand."""

from tests.integration.agents.conftest import SCOPE, START, Hand, hand, ports

__all__ = ["SCOPE", "START", "Hand", "hand", "ports"]
