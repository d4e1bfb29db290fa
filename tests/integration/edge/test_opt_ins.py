"""Double opt-in over HTTP: asked over the API, answered by whoever holds the link, and nothing else confirms."""

from __future__ import annotations

import time
from typing import Any

import pytest

from functions.sweep import flows_under_way
from shared import wiring
from shared.agents.contacts import confirmations, opt_in
from shared.domain.address import person_of
from shared.domain.contact import contact_id
from shared.domain.links import sign
from shared.domain.outcome import Done

from .conftest import Edge
from .test_links import SCOPE

BODY: dict[str, Any] = {
    "sender": {"name": "Praxis <b>", "address": "hallo@praxis.example", "postal_address": "1 Mill Road, Leeds"},
    "wording": "<script>Praxis may send me offers</script>",
    "form": "https://praxis.example/sign-up",
}


@pytest.fixture
def contact(edge: Edge) -> str:
    from shared.agents.contacts import accept_import, run

    made = accept_import(wiring.ports(), SCOPE, "test", b"email,consent\nann@x.example,pending\n", "text/csv")
    for op in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        run(wiring.ports(), {"scope": list(SCOPE), "import": made.id, **op})
    return contact_id(person_of("ann@x.example", wiring.ports().keys.address))


def token(contact: str, ended: bool = False) -> str:
    link = opt_in.link_of(SCOPE, opt_in.opt_ins.load(wiring.ports(), SCOPE, contact))
    return sign(link._replace(target=int(time.time()) - 1) if ended else link, wiring.ports().keys.link)


def consent(edge: Edge, contact: str) -> str:
    return str(edge.ask("GET", f"/api/v1/contacts/{contact}").json["consent"]["email"]["status"])


def test_the_link_shows_what_is_asked_and_its_button_confirms(edge: Edge, contact: str) -> None:
    made = edge.ask("POST", f"/api/v1/contacts/{contact}/opt-in", BODY)
    assert (made.status, made.json["state"], made.json["tries"]) == (202, "asked", 1)
    assert edge.ask("POST", f"/api/v1/contacts/{contact}/opt-in", BODY).status == 409
    (flow,) = flows_under_way(wiring.ports())
    assert confirmations.run(wiring.ports(), flow.input) == Done()
    assert list(flows_under_way(wiring.ports())) == []
    (listed,) = edge.ask("GET", "/api/v1/contacts/opt-ins?state=sent").json["items"]
    assert (listed["contact"], listed["email"], listed["state"]) == (contact, "ann@x.example", "sent")
    assert edge.ask("GET", "/api/v1/contacts/opt-ins?state=unknown").json["items"] == []
    path = f"/api/d/{token(contact)}"
    for method in ("GET", "HEAD", "GET"):
        shown = edge.ask(method, path, token=None)
        assert shown.status == 200
    page = shown.body.decode()
    assert "&lt;script&gt;Praxis may send me offers" in page
    assert "Praxis &lt;b&gt; asks" in page
    assert '<form method="post"><button>Yes, I want this</button></form>' in page
    assert "ann@" not in page
    assert consent(edge, contact) == "pending"
    done = edge.ask("POST", path, token=None)
    assert (done.status, b"Confirmed" in done.body, "Set-Cookie" in done.headers) == (200, True, False)
    assert consent(edge, contact) == "granted"
    assert b"Confirmed" in edge.ask("GET", path, token=None).body
    (said,) = [
        each
        for each in edge.ask("GET", f"/api/v1/contacts/{contact}/consents").json["items"]
        if each["method"] == "double_opt_in"
    ]
    assert (said["wording"], said["address"], said["verified"]) == (BODY["wording"], "ann@x.example", True)


def test_an_expired_link_offers_a_new_one(edge: Edge, contact: str) -> None:
    edge.ask("POST", f"/api/v1/contacts/{contact}/opt-in", {**BODY, "language": "de"})
    path = f"/api/d/{token(contact, ended=True)}"
    shown = edge.ask("GET", path, token=None).body.decode()
    assert "abgelaufen" in shown
    assert "Neuen Link schicken" in shown
    again = edge.ask("POST", path, token=None)
    assert (again.status, "unterwegs" in again.body.decode()) == (200, True)
    assert consent(edge, contact) == "pending"
    assert opt_in.opt_ins.load(wiring.ports(), SCOPE, contact).tries == 1, "a week is a week"


def test_every_token_that_is_not_ours_gets_the_same_page(edge: Edge, contact: str) -> None:
    edge.ask("POST", f"/api/v1/contacts/{contact}/opt-in", BODY)
    good = token(contact)
    answers = [
        edge.ask(method, f"/api/d/{each}", token=None)
        for method in ("GET", "POST")
        for each in ("forged", good[:-2], good[1:], "%00", "ä" * 300)
    ]
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}


def test_everybody_who_waits_is_asked_a_page_at_a_time(edge: Edge, contact: str) -> None:
    made = edge.ask("POST", "/api/v1/contacts/opt-ins", BODY)
    assert (made.status, made.json) == (202, {"asked": 1, "skipped": 0, "cursor": None})
    assert edge.ask("POST", "/api/v1/contacts/opt-ins?cursor=none", BODY).status == 400
    assert edge.ask("POST", "/api/v1/contacts/opt-ins", {"wording": "x"}).status == 400
    assert edge.ask("POST", "/api/v1/contacts/nobody/opt-in", BODY).status == 404
