"""A campaign whose documents lie in Cosmos DB, on a line that breaks now and then. Its host is killed once; all the
rest of its home is on the disk."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Lock

from tests.contract.cosmos_home import prepare
from tests.e2e.campaign.baton import Baton
from tests.servers.cosmos import CosmosServer, Fault

PEOPLE = 30
FAULTS = [Fault(), Fault(applied=True), Fault(408, applied=True), Fault(429, headers={"x-ms-retry-after-ms": "1"})]


def test_a_campaign_with_its_documents_in_cosmos_db_sends_once_to_each(tmp_path: Path) -> None:
    with CosmosServer() as server:
        prepare(server)
        broken = _broken_line(server)
        baton = Baton(tmp_path, CosmosConnection=server.connection_string).start()
        baton.imported(baton.import_people(PEOPLE))
        campaign = baton.create()
        baton.approve(campaign)
        baton.kill()
        baton.start()
        # All have been handed over; the three days in which reactions are counted add only sweeps.
        baton.until(campaign, "analyzing", "completed", seconds=120)
        certificate = baton.certificate(campaign)
        baton.kill()

    assert broken, "no request was broken"
    assert certificate["sent_once"] + sum(certificate["held"].values()) == PEOPLE
    assert len(list((baton.home / "outbox").rglob("*.eml"))) == certificate["sent_once"] > 0
    with closing(sqlite3.connect(baton.home / "baton.db")) as local:
        assert local.execute("SELECT count(*) FROM documents").fetchone() == (0,)


def _broken_line(server: CosmosServer) -> list[str]:
    """One request in ten fails; the list of them as it grows."""
    dice, lock, broken = random.Random(5), Lock(), list[str]()

    def trouble(operation: str) -> Fault | None:
        with lock:
            if operation == "other" or dice.random() > 0.1:
                return None
            broken.append(operation)
            return dice.choice(FAULTS)

    server.trouble = trouble
    return broken
