"""Webhooks over HTTP and on their pages."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.sweep import tell
from shared import wiring
from shared.domain.campaign import CampaignRequest
from shared.domain.names import Kind
from shared.domain.scope import Scope
from tests.integration.contacts.home import take_in
from tests.servers.endpoints import WebhookEndpoint
from tests.servers.provider import Reply, Twist

from .conftest import Edge
from .test_routes import BODIES

SCOPE = Scope("local", "main")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def endpoint(home: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookEndpoint]:
    with WebhookEndpoint(secrets=()) as endpoint:
        monkeypatch.setenv("BATON_WEBHOOK_ALLOW", f"127.0.0.1:{endpoint.port}")
        wiring.close()
        yield endpoint


def stopped(edge: Edge, campaign: str) -> None:
    """A campaign that is cancelled before anything left."""
    assert edge.ask("POST", f"/api/v1/campaigns/{campaign}/cancel").status == 200


def begun(edge: Edge, name: str) -> str:
    people = b"email,consent\nann@people.example,yes\n"
    edge.ask("POST", "/api/v1/contacts/imports", people, content_type="text/csv")
    _come_in()
    answered = edge.ask("POST", "/api/v1/campaigns", {**BODIES[CampaignRequest], "name": name})
    assert answered.status == 202, answered
    return str(answered.json["id"])


def _come_in() -> None:
    ports = wiring.ports()
    (imported,) = ports.documents.find(SCOPE, Kind.IMPORT).documents
    take_in(ports, imported.id)


def test_a_webhook_from_its_making_to_its_end(edge: Edge, endpoint: WebhookEndpoint) -> None:
    made = edge.ask("POST", "/api/v1/webhooks", {"url": endpoint.url + "/hook", "events": ["campaign.cancelled"]})
    assert made.status == 201
    id, secret = made.json["id"], made.json["secret"]
    assert secret.startswith("whsec_")
    endpoint.secrets = (secret,)
    shown = edge.ask("GET", f"/api/v1/webhooks/{id}")
    assert "secret" not in shown.json
    assert secret not in shown.body.decode() + edge.ask("GET", "/api/v1/webhooks").body.decode()
    campaign = begun(edge, "Spring")
    stopped(edge, campaign)
    tell(wiring.ports())
    (event,) = edge.ask("GET", "/api/v1/events?type=campaign.cancelled").json["items"]
    assert event["data"] == {"campaign": campaign}
    (delivery,) = edge.ask("GET", f"/api/v1/webhooks/{id}/deliveries?state=delivered").json["items"]
    assert (delivery["event"], delivery["log"][0]["status"]) == (event["id"], 204)
    again = edge.ask("POST", f"/api/v1/webhooks/{id}/deliveries/{event['id']}/replay")
    assert (again.status, again.json["state"], endpoint.repeats) == (200, "delivered", 1)
    since = edge.ask("POST", f"/api/v1/webhooks/{id}/replay", {"since": event["at"]})
    assert (since.status, since.json) == (202, {"deliveries": 1})
    rotated = edge.ask("POST", f"/api/v1/webhooks/{id}/rotate").json
    assert rotated["secret"] != secret
    changed = edge.ask("PUT", f"/api/v1/webhooks/{id}", {"url": endpoint.url + "/other", "enabled": False}).json
    assert (changed["enabled"], changed["events"]) == (False, [])
    assert edge.ask("DELETE", f"/api/v1/webhooks/{id}").json["id"] == id
    assert edge.ask("GET", f"/api/v1/webhooks/{id}").status == 404


@pytest.mark.parametrize("url", ["http://example.com/hook", "https://u:p@example.com/", "https://example.com:22/"])
def test_a_url_that_nothing_is_sent_to_is_refused(edge: Edge, url: str) -> None:
    refused = edge.ask("POST", "/api/v1/webhooks", {"url": url})
    assert (refused.status, [*refused.fields]) == (400, ["url"])


def test_the_pages_show_make_turn_off_and_send_again(edge: Edge, endpoint: WebhookEndpoint) -> None:
    def form(path: str, **fields: str) -> Any:
        return edge.ask("POST", path, urlencode(fields).encode(), content_type=FORM)

    assert "None yet." in edge.ask("GET", "/webhooks").body.decode()
    made = form("/webhooks", url=endpoint.url + "/hook", description="Our CRM", **{"campaign.cancelled": "on"})
    found = re.search(r"whsec_[\w+/=]+", made.body.decode())
    assert found
    endpoint.secrets = (found[0],)
    (hook,) = edge.ask("GET", "/api/v1/webhooks").json["items"]
    page = f"/webhooks/{hook['id']}"
    assert found[0] not in edge.ask("GET", page).body.decode()
    endpoint.script.append(Twist(take=False, reply=Reply(500)))
    stopped(edge, begun(edge, "Spring"))
    tell(wiring.ports())
    shown = edge.ask("GET", page).body.decode()
    assert "campaign.cancelled" in shown
    assert "500" in shown
    event = edge.ask("GET", "/api/v1/events").json["items"][0]["id"]
    assert form(f"{page}/replay", event=event).status == 303
    assert [*endpoint.events] == [event]
    assert form(f"{page}/replay", days="0").fields == {"days": "must be 1 to 30"}
    assert form(f"{page}/turn", to="off").status == 303
    assert "Our CRM is off" in edge.ask("GET", page).body.decode()
    assert form(f"{page}/replay", days="1").status == 409
    assert "whsec_" in form(f"{page}/rotate").body.decode()
    assert form(f"{page}/delete").headers["Location"] == "/webhooks"


def test_who_unsubscribed_is_told_as_an_id(edge: Edge) -> None:
    edge.ask("POST", "/api/v1/contacts/imports", b"email,consent\nann@people.example,yes\n", content_type="text/csv")
    _come_in()
    (contact,) = edge.ask("GET", "/api/v1/contacts").json["items"]
    said = {"status": "withdrawn", "channel": "all"}
    answered = edge.ask("POST", f"/api/v1/contacts/{contact['id']}/consents", said)
    assert answered.status < 300, answered
    tell(wiring.ports())
    listed = edge.ask("GET", "/api/v1/events")
    (event,) = listed.json["items"]
    assert event["type"] == "contact.unsubscribed"
    assert event["data"] == {"contact": contact["id"], "channel": "all", "method": "api"}
    assert b"people.example" not in listed.body


def test_rule_s6_a_secret_is_in_one_answer_and_in_no_stored_one(edge: Edge, home: Any) -> None:
    """Sent again under its key, the request is told that it was done; so is the form, whoever sends it so."""
    body, seen = {"url": "https://other.example/hook"}, list[str]()
    made = edge.ask("POST", "/api/v1/webhooks", body, Idempotency_Key="k")
    again = edge.ask("POST", "/api/v1/webhooks", body, Idempotency_Key="k")
    at = f"/api/v1/webhooks/{made.json['id']}"
    assert (made.status, again.status, again.headers["Location"]) == (201, 409, at)
    assert f"make a new one: POST {at}/rotate" in again.fields["Idempotency-Key"]
    assert len(edge.ask("GET", "/api/v1/webhooks").json["items"]) == 1
    rotated = edge.ask("POST", f"{at}/rotate", Idempotency_Key="r")
    assert edge.ask("POST", f"{at}/rotate", Idempotency_Key="r").status == 409
    page = edge.ask("POST", "/webhooks", urlencode(body).encode(), Content_Type=FORM, Idempotency_Key="p")
    assert edge.ask("POST", "/webhooks", urlencode(body).encode(), Content_Type=FORM, Idempotency_Key="p").status == 409
    seen += [made.json["secret"], rotated.json["secret"], *re.findall(r"whsec_[^<\s]+", page.body.decode())]
    assert len(set(seen)) == 3
    kept = [each.body["reply"] for each in wiring.ports().documents.find(SCOPE, Kind.IDEMPOTENCY).documents]
    assert len(kept) == 3
    assert not [secret for secret in seen for reply in kept if secret in b64decode(reply["content"]).decode()]
