"""The campaign of the first issue on each home of models: the real host, models over HTTPS, one kill."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.contract.model_homes import HOMES
from tests.e2e.campaign.baton import Baton
from tests.servers.models import ModelServer, Reply
from tests.servers.smtp_strict import Authority, authority

PEOPLE = 5
COPY = {
    "subject": "Six evenings for your back",
    "preheader": "The spring course",
    "headline": "Six evenings for your back",
    "greeting": 'Dear {{ first_name | default("friend", true) }},',
    "paragraphs": ["six evenings for your back."],
    "points": [],
    "closing": "See you there?",
    "sign_off": "Warm wishes,\nPraxis",
    "language": "en",
    "notes": [],
}


@pytest.fixture
def certified(tmp_path: Path) -> Authority:
    return authority(tmp_path)


@pytest.fixture
def server(certified: Authority) -> Iterator[ModelServer]:
    with ModelServer(tls=certified.context) as running:
        yield running


def settings(home: str, server: ModelServer) -> dict[str, str]:
    return {
        "foundry": {"FoundryConnection__endpoint": server.project, "BATON_FOUNDRY_MODEL": "test-model"},
        "azure": {"OpenAIConnection__endpoint": server.azure, "BATON_OPENAI_MODEL": "test-model"},
        "endpoint": {"BATON_MODEL_URL": server.url, "BATON_MODEL_NAME": "test-model", "BATON_MODEL_KEY": "secret"},
        "built-in": {},
    }[home]


# A campaign with Foundry is in test_azure.py.
@pytest.mark.parametrize(
    "home", [pytest.param("foundry", marks=pytest.mark.nightly), *(each for each in HOMES if each != "foundry")]
)
def test_a_campaign_on_every_home_of_models(home: str, tmp_path: Path, server: ModelServer, certified: Authority):
    trusted = {"SSL_CERT_FILE": str(certified.ca_file), "REQUESTS_CA_BUNDLE": str(certified.ca_file)}
    managed = {**server.identity, "FoundryConnection__credential": "managedidentity"}
    managed["OpenAIConnection__credential"] = "managedidentity"
    server.script(Reply(COPY))
    baton = Baton(tmp_path, **settings(home, server), **trusted, **managed).start()
    baton.imported(baton.import_people(PEOPLE))
    campaign = baton.create(variants=1)
    baton.until(campaign, "awaiting_approval")
    baton.kill()
    baton.start()
    (draft,) = baton.ask("GET", f"campaigns/{campaign}/drafts")["items"]
    assert draft["written_by"] == ("built-in writer" if home == "built-in" else "test-model")
    baton.approve(campaign)
    baton.until(campaign, "analyzing", "completed", seconds=90)
    certificate = baton.certificate(campaign)
    assert certificate["sent_once"] + sum(certificate["held"].values()) == PEOPLE
    assert len(server.requests) == (0 if home == "built-in" else 1), "the tape answers after the kill"
    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in _mails(baton)]
    assert len(mails) == certificate["sent_once"] > 0
    assert all("Six evenings for your back" in _text(mail) for mail in mails)
    baton.kill()


def _mails(baton: Baton) -> list[Path]:
    return list((baton.home / "outbox").rglob("*.eml"))


def _text(mail: Any) -> str:
    part = mail.get_body(("plain",))
    assert part
    return f"{mail['subject']} {part.get_content()}"
