"""Runs as a process of its own and is killed at one of its requests: one shard's life on Azure Tables."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from functools import partial

from shared.adapters._azure.tables import table_service
from shared.adapters.clock.host import HostClock
from shared.adapters.ledger.tables import TablesLedger
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.ports import Claim, PlannedRow, Settlement

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = NOON + timedelta(minutes=2)
SCOPE = Scope("local", "main")
KEYS = "abcd"


def main(connection: str, table: str) -> None:
    ledger = TablesLedger(partial(table_service, Connection(connection)), HostClock().pace, table)
    ledger.plan(SCOPE, "c", 0, [PlannedRow(key, "c", "p", "v", NOON, "slot") for key in KEYS])
    _say("plan")
    claims = [Claim(key, 1, "intent", {}) for key in "abc"] + [Claim("d", 1, "held", {}, "caps")]
    assert ledger.claim(SCOPE, "c", 0, "child", claims, NOON, LEASE) == {"a", "b", "c"}
    _say("claim")
    news = [Settlement("a", 1, "accepted"), Settlement("b", 1, "failed"), Settlement("c", 1, "unknown")]
    ledger.settle(SCOPE, "c", 0, news, NOON)
    _say("settle")
    ledger.settle(SCOPE, "c", 0, [Settlement("c", 1, "delivered")], NOON)
    _say("evidence")


def _say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
