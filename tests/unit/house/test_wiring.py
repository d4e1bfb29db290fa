"""What is chosen where nothing is set: a home on this machine, on Azure none that would be gone with the instance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.settings import read
from shared.wiring.channels import channels
from shared.wiring.home import Home
from shared.wiring.stores import hosts

_KEY = f"{'a' * 43}="
ON_AZURE = {
    "WEBSITE_SITE_NAME": "func-baton",
    "BATON_KEYS": json.dumps({"address": _KEY, "link": {"1": _KEY}, "field": {"1": _KEY}}),
    "CosmosConnection__accountEndpoint": "https://cosmos.example",
    "LedgerConnection__tableServiceUri": "https://tables.example",
    "JournalConnection__tableServiceUri": "https://tables.example",
    "FilesConnection__blobServiceUri": "https://blobs.example",
    "CommunicationConnection__endpoint": "https://acs.example",
}


def names(monkeypatch: pytest.MonkeyPatch, **given: str) -> dict[str, str]:
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    return {name: channel.name for name, channel in channels(Home()).items()}


def test_mails_go_to_a_folder_on_this_machine_and_to_none_on_azure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BATON_HOME", str(tmp_path))
    assert names(monkeypatch) == {"email": "outbox"}
    assert names(monkeypatch, **ON_AZURE) == {}
    assert names(monkeypatch, BATON_EMAIL_URL="acs:?rate_per_second=0.5") == {"email": "acs"}


def test_whoever_keeps_a_store_is_named_and_no_key() -> None:
    assert hosts(read({})) == []
    secret = "DefaultEndpointsProtocol=https;AccountName=agency;AccountKey=aHVudGVyMg==;EndpointSuffix=core.windows.net"
    cosmos = "AccountEndpoint=https://agency.documents.example:443/;AccountKey=aHVudGVyMg==;"
    given = {**ON_AZURE, "LedgerConnection": secret, "CosmosConnection": cosmos}
    assert hosts(read(given)) == [
        "documents: Azure Cosmos DB, agency.documents.example",
        "ledger: Azure Table storage, agency",
        "journal: Azure Table storage, tables.example",
        "files: Azure Blob storage, blobs.example",
    ]
