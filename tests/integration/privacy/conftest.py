"""The homes of the campaign tests: what is erased is what campaigns left."""

from __future__ import annotations

from tests.integration.agents.conftest import hand, people, ports, walk

__all__ = ["hand", "people", "ports", "walk"]
