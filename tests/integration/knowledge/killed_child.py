"""Runs as a process of its own and is killed at work: brings documents in, one after another, and says so."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from shared.agents import knowledge
from shared.domain.knowledge import Description, KnowledgeDocument
from shared.ports import Ports
from tests.integration.contacts.home import SCOPE, home

PARAGRAPHS = 40
MOST = 20
"""Documents: a search for all of them finds at most a thousand passages."""


def bring_one(ports: Ports, number: int) -> KnowledgeDocument:
    """A document of many passages, each with its number in it."""
    text = "\n\n".join(f"nonce{number:03} part{n} " + "word " * 200 for n in range(PARAGRAPHS))
    brought = knowledge.Brought(text.encode(), "text", "a.txt")
    return knowledge.bring_in(ports, SCOPE, "child", brought, Description(title=f"{number:03}"))


def main(folder: Path) -> None:
    with home(folder) as ports:
        os.write(1, b"ready\n")
        for number in range(MOST):
            bring_one(ports, number)
            os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
