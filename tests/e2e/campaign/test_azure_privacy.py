"""A person is handed everything and then erased, over HTTP, on Azure's homes: no byte that a store keeps has them
afterwards, the certificate goes store by store, and what must not be written to is known by a keyed hash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient

from shared import wiring
from shared.adapters._azure.cosmos import CONTAINER, DATABASE
from shared.agents.contacts.records import contacts
from shared.agents.privacy.messages import rows_of
from shared.domain.address import person_of
from shared.domain.names import Kind
from shared.ports import Ports, Settlement
from tests.e2e.campaign.azure import Azure, azure
from tests.e2e.campaign.baton import Baton, sink
from tests.e2e.host.process import wait_for
from tests.integration.agents.conftest import SCOPE
from tests.integration.agents.conftest import request as campaign_request
from tests.integration.privacy.canary import BY_AN_IMPORT, EMAIL, LOST, PLANTS, ROWS, TRACES, TRUNCATED, plant
from tests.servers.smtp_sink import kept

QUIET = {f"AzureWebJobs.{name}.Disabled": "true" for name in ("sweep", "mailbox", "reconcile")}


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Azure]:
    """Without a model: the built-in writer knows no wire that could fail."""
    with azure(tmp_path) as homes:
        for name in [name for name in homes.settings if name.startswith(("Foundry", "BATON_FOUNDRY"))]:
            del homes.settings[name]
        yield homes


@pytest.fixture
def inside(homes: Azure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ports]:
    """The same homes from a second process, as it were: this one."""
    for name, text in {**homes.settings, "BATON_HOME": str(tmp_path / "unused")}.items():
        monkeypatch.setenv(name, text)
    wiring.close()
    yield wiring.ports()
    wiring.close()


@pytest.mark.long
@pytest.mark.timeout(240)
def test_rules_g5_g6_access_and_erasure_on_azure(homes: Azure, inside: Ports, tmp_path: Path) -> None:
    with sink(tmp_path / "mails") as url:
        baton = Baton(
            tmp_path, "--clock", "virtual=2027-03-02T09:00:00Z", BATON_SMTP_URL=url, **QUIET, **homes.settings
        )
        baton.start()
        contact = _in_the_book_and_written_to(baton)
        _bounces_and_stands_everywhere(inside, contact)
        assert EMAIL.lower() in {each.recipient.lower() for each in kept(tmp_path / "mails")}
        before = {place.partition(":")[0] for place in traces(homes, inside)}
        assert before == {"cosmos", "decrypted", "table", "blob"}

        _is_handed_everything(baton, contact)
        erasure = _erased(baton, contact)

        assert traces(homes, inside) == set()
        assert not baton.home.exists()
        _goes_store_by_store(baton, erasure)
        _is_not_brought_back(baton, inside)
        baton.kill()


def _in_the_book_and_written_to(baton: Baton) -> str:
    """The contact's id."""
    for file in (ROWS, LOST):
        accepted = baton.ask("POST", "contacts/imports", content=file, headers={"Content-Type": "text/csv"})
        baton.imported(accepted["id"])
    campaign = baton.create(**campaign_request().model_dump(mode="json", exclude_unset=True))
    baton.approve(campaign)
    baton.until(campaign, "analyzing", "completed", every=0.1)
    found = baton.ask("GET", "contacts", params={"limit": "100"})["items"]
    return next(str(each["id"]) for each in found if each["email"] == EMAIL.lower())


def _bounces_and_stands_everywhere(ports: Ports, contact: str) -> None:
    (row,) = rows_of(ports, SCOPE, person_of(EMAIL, ports.keys.address), contact)
    said = Settlement(row.key, 1, "failed", detail=f"550 5.1.1 <{EMAIL}> no such user")
    ports.ledger.settle(SCOPE, row.campaign, row.shard, [said], ports.clock.now())
    plant(ports, contacts.load(ports, SCOPE, contact), row)


def _is_handed_everything(baton: Baton, contact: str) -> None:
    made = baton.ask("POST", f"contacts/{contact}/export", {"checked": "signed_in"})
    found = baton.ask("GET", f"exports/{made['id']}/export.json")
    assert found["contact"]["email"] == EMAIL.lower()
    assert [each["state"] for each in found["messages"]] == ["failed"]
    assert [each["verified"] for each in found["consents"]] == [True]
    assert "other@people.example" not in json.dumps(found)
    assert baton.raw("GET", f"exports/{made['id']}/export.pdf").content.startswith(b"%PDF")


def _erased(baton: Baton, contact: str) -> dict[str, Any]:
    id = baton.ask("POST", f"contacts/{contact}/erasure", {"checked": "signed_in"})["id"]

    def completed() -> dict[str, Any] | None:
        found: dict[str, Any] = baton.ask("GET", f"erasures/{id}")
        return found if found["status"] == "completed" else None

    return wait_for(completed, 60, every=0.1)


def _goes_store_by_store(baton: Baton, erasure: dict[str, Any]) -> None:
    treated = {each["store"]: each for each in erasure["treated"]}
    erased = {store for store, each in treated.items() if each["erased"] and not each["left"]}
    assert erased >= {*PLANTS, *BY_AN_IMPORT, "files imports/", "ledger"}
    assert {store for store, each in treated.items() if each["handling"] == "kept"} >= {"suppression", "journal"}
    assert "disk" not in treated, "nothing lies on the disk of an instance"
    assert [each.partition(",")[0] for each in erasure["hosts"]] == [
        "documents: Azure Cosmos DB",
        "ledger: Azure Table storage",
        "journal: Azure Table storage",
        "files: Azure Blob storage",
    ]
    assert baton.raw("GET", f"erasures/{erasure['id']}/certificate").content.startswith(b"%PDF")
    assert not [trace for trace in TRACES if trace in json.dumps(erasure).lower().encode()]


def _is_not_brought_back(baton: Baton, ports: Ports) -> None:
    person = person_of(EMAIL, ports.keys.address)
    suppressed = ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, person)
    assert suppressed is not None
    assert not [trace for trace in TRACES if trace in json.dumps(suppressed.body).lower().encode()]
    again = baton.ask("POST", "contacts/imports", content=ROWS, headers={"Content-Type": "text/csv"})
    baton.imported(again["id"])
    found = baton.ask("GET", "contacts", params={"limit": "100"})["items"]
    assert {each["email"] for each in found if each["suppressed"]} == {EMAIL.lower()}
    assert len(found) == 3


def traces(homes: Azure, ports: Ports) -> set[str]:
    """Where anything of the person is: in what the stores keep, names, properties and deleted ones included, or in what
    the fields that are encrypted there say."""
    found = set[str]()
    for place, data in _kept(homes, ports):
        folded = data.lower()
        if any(trace in folded for trace in TRACES) or TRUNCATED in data:
            found.add(place)
    return found


def _kept(homes: Azure, ports: Ports) -> Iterator[tuple[str, bytes]]:
    for item in homes.cosmos.databases[DATABASE][CONTAINER].items(None):
        yield f"cosmos:{item['kind']}", json.dumps(item, ensure_ascii=False).encode()
    for scope in (SCOPE, SCOPE.agency):
        documents, _ = ports.documents.changes(scope, None, 10_000)
        yield from (
            (f"decrypted:{each.kind}", json.dumps(each.body, ensure_ascii=False).encode()) for each in documents
        )
    with TableServiceClient.from_connection_string(homes.settings["LedgerConnection"]) as tables:
        for table in tables.list_tables():
            rows = tables.get_table_client(table.name).list_entities()
            yield from ((f"table:{table.name}", repr(dict(row)).encode()) for row in rows)
    with BlobServiceClient.from_connection_string(homes.settings["FilesConnection"]) as blobs:
        for container in blobs.list_containers(include_metadata=True, include_deleted=True):
            client = blobs.get_container_client(container.name)
            yield f"blob:{container.name}", repr(dict(container)).encode()
            for blob in client.list_blobs(include=["metadata", "snapshots", "deleted", "uncommittedblobs", "tags"]):
                yield f"blob:{blob.name}", repr(dict(blob)).encode()
                yield f"blob:{blob.name}", client.download_blob(blob.name, snapshot=blob.snapshot).readall()
