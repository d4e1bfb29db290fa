"""Who a workspace writes as, test mails, and the page on which it is set up."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.agents.contacts.suppression import suppress
from shared.domain.address import person_of
from shared.domain.names import Kind

from .conftest import Edge
from .test_campaigns import SCOPE, people, waiting

__all__ = ["people", "waiting"]
HTML = {"Accept": "text/html"}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
SENDER = {"name": "The Practice", "address": "hello@practice.example", "postal_address": "1 Mill Road, Leeds"}


@pytest.fixture
def known(edge: Edge) -> Edge:
    assert edge.ask("PUT", "/api/v1/house", {"sender": SENDER}).status == 200
    return edge


def outbox(home: Path) -> list[str]:
    return [each.read_text() for each in sorted((home / "outbox").rglob("*.eml"))]


def test_an_empty_home_says_how_to_begin_and_the_sample_sends_nothing(edge: Edge, home: Path) -> None:
    page = edge.ask("GET", "/", **HTML).body.decode()
    for said in ("Import my list", "Write a campaign", "See the sample", "Set up"):
        assert said in page
    sample = edge.ask("GET", "/sample", **HTML).body.decode()
    assert "nobody gets it" in sample
    assert "one physiotherapist who watches every movement" in sample
    assert not outbox(home)


def test_the_sender_is_said_once_and_stands_in_the_form_of_a_new_campaign(edge: Edge) -> None:
    assert "Say who writes" in edge.ask("GET", "/settings", **HTML).body.decode()
    wrong = edge.ask("POST", "/settings/sender", urlencode(SENDER | {"address": "nobody"}).encode(), **FORM)
    assert (wrong.status, "E-mail address: " in wrong.body.decode()) == (400, True)
    assert 'value="The Practice"' in wrong.body.decode(), "nothing that was typed is lost"
    assert edge.ask("POST", "/settings/sender", urlencode(SENDER).encode(), **FORM).status == 303
    assert edge.ask("GET", "/api/v1/house").json == {"sender": SENDER}
    page = edge.ask("GET", "/campaigns/new", **HTML).body.decode()
    assert 'value="hello@practice.example"' in page


def test_a_test_mail_is_a_row_of_its_own_and_lands_once(known: Edge, home: Path) -> None:
    made = known.ask("POST", "/api/v1/house/trials", {"to": "me@practice.example"})
    assert (made.status, made.json["state"]) == (201, "accepted")
    [mail] = outbox(home)
    assert "[Test]" in mail
    row = wiring.ports().ledger.of_shard(SCOPE, made.json["campaign"], 0)[0]
    assert (row.key, row.reason, row.state) == (made.json["key"], "test", "accepted")


def test_who_wants_nothing_gets_no_test_and_without_a_sender_none_leaves(edge: Edge, home: Path) -> None:
    refused = edge.ask("POST", "/api/v1/house/trials", {"to": "me@practice.example"})
    assert (refused.status, refused.json["errors"][0]["field"]) == (409, "sender")
    edge.ask("PUT", "/api/v1/house", {"sender": SENDER})
    ports = wiring.ports()
    person = person_of("me@practice.example", ports.keys.address)
    ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, person, {"reason": "unsubscribed"}, None)
    again = edge.ask("POST", "/api/v1/house/trials", {"to": "me@practice.example"})
    assert (again.status, again.json["errors"][0]["field"]) == (409, "to")
    page = edge.ask("POST", "/settings/trials", urlencode({"to": "me@practice.example"}).encode(), **FORM)
    assert (page.status, "has unsubscribed" in page.body.decode()) == (409, True)
    assert not outbox(home)


def test_who_wants_no_mail_but_text_messages_gets_no_test_either(known: Edge, home: Path) -> None:
    ports = wiring.ports()
    suppress(ports, SCOPE, person_of("me@practice.example", ports.keys.address), "unsubscribed", channel="email")
    refused = known.ask("POST", "/api/v1/house/trials", {"to": "me@practice.example"})
    assert (refused.status, refused.json["errors"][0]["field"], outbox(home)) == (409, "to", [])


def test_a_server_that_cannot_be_reached_is_named_and_no_row_is_left(
    known: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_SMTP_URL", "smtp://127.0.0.1:9")
    wiring.close()
    refused = known.ask("POST", "/api/v1/house/trials", {"to": "me@practice.example"})
    assert refused.status == 409
    assert "cannot be reached" in refused.json["errors"][0]["reason"]


def test_a_draft_is_tried_out_as_one_reader_sees_it_and_stays_off_the_certificate(
    edge: Edge, waiting: str, home: Path
) -> None:
    body = {"to": "me@practice.example", "variant": "A"}
    made = edge.ask("POST", f"{waiting}/trials", body)
    assert (made.status, made.json["state"]) == (201, "accepted")
    [mail] = outbox(home)
    subject = edge.ask("GET", f"{waiting}/drafts").json["items"][0]["subject"]
    assert f"Subject: [Test] {subject}" in mail
    assert not any(wiring.ports().ledger.tally(SCOPE, waiting.rpartition("/")[2]).values())
    page = edge.ask("POST", waiting.removeprefix("/api/v1") + "/trials", urlencode(body).encode(), **FORM)
    assert page.status == 303
    assert "tried=accepted" in page.headers["Location"]
    missing = edge.ask("POST", f"{waiting}/trials", body | {"contact": "nobody"})
    assert missing.status == 404
