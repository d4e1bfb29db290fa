"""A process that sends an invoice, or counts a payment, and kills itself with SIGKILL ahead of its NUMBERth change:
`post_child WHAT INVOICE NUMBER`. If it lives it says how many changes there were."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from shared import wiring
from shared.agents.books import payments, post
from shared.domain.payment import Received
from shared.domain.scope import Scope

SCOPE = Scope("local", "main")
CHANGES = ("put", "batch", "append", "plan", "claim", "settle")


class Watched:
    """A port; `before` is called ahead of whatever changes something."""

    def __init__(self, port: Any, before: Callable[[], None]) -> None:
        self._port, self._before = port, before

    def __getattr__(self, name: str) -> Any:
        if name in CHANGES:
            self._before()
        return getattr(self._port, name)


def main(what: str, invoice: str, number: str) -> None:
    calls = count()

    def before() -> None:
        if next(calls) == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    ports = wiring.ports()
    names = ("documents", "files", "journal", "ledger")
    ports = replace(ports, **{name: Watched(getattr(ports, name), before) for name in names})
    if what == "send":
        post.send(ports, SCOPE, "anna", invoice)
    else:
        payments.take(ports, SCOPE, "anna", came(invoice))
    print(next(calls))


def came(invoice: str) -> Received:
    given = {"source": "bank", "reference": "b1", "amount": "3284.00", "currency": "EUR", "invoice": invoice}
    return Received.model_validate(given | {"at": "2027-03-02T09:00:00Z"})


if __name__ == "__main__":
    main(*sys.argv[1:])
