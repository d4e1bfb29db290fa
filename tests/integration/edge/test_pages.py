"""Pages and their forms: refused like the API, but as pages; live parts say no more than what is new."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest

from functions.http.table import ROWS
from shared import wiring
from shared.access.route import Route
from shared.agents.campaigns import accept
from shared.agents.generate import run as generate
from shared.agents.schedule import run as schedule
from shared.domain.campaign import CampaignRequest
from shared.domain.scope import Scope
from tests.integration.edge.test_routes import BODIES, form_of

from .conftest import Edge

SCOPE = Scope("local", "main")
FORM = "application/x-www-form-urlencoded"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
NOWHERE = [
    row
    for row in ROWS
    if row.path.startswith(
        ("/campaigns/{id}", "/contacts/{id}", "/imports/{id}", "/static/", "/processes/{name}", "/runs/{id}")
    )
]


@pytest.fixture
def campaign(edge: Edge) -> str:
    """One that waits for approval."""
    people = b"email,consent\nann@x.example,yes\nbob@x.example,\n"
    upload = b'--B\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\n' + people + b"\r\n--B--\r\n"
    answer = edge.ask("POST", "/contacts/imports", upload, Content_Type="multipart/form-data; boundary=B")
    assert answer.status == 303
    id = answer.headers["Location"].rpartition("/")[2]
    _take_in(id, 1)
    assert edge.ask("POST", f"/imports/{id}/confirm", form(), Content_Type=FORM).status == 303
    _take_in(id, 2)
    made = accept(wiring.ports(), SCOPE, "test", CampaignRequest.model_validate(BODIES[CampaignRequest]))
    order = {"scope": list(SCOPE), "campaign": made.id, "instance": "i"}
    generate(wiring.ports(), order)
    schedule(wiring.ports(), order)
    return made.id


def _take_in(id: str, attempt: int) -> None:
    from shared.agents.contacts import run

    for op in ({"op": "split"}, {"op": "batch", "batch": 0}, {"op": "finish"}):
        run(wiring.ports(), {"scope": list(SCOPE), "import": id, "attempt": attempt, **op})


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


@pytest.mark.parametrize("row", NOWHERE, ids=[f"{row.method} {row.path}" for row in NOWHERE])
def test_a_page_of_what_is_not_there_is_a_404_page(edge: Edge, row: Route) -> None:
    path = row.path.replace("{id}", "0" * 32).replace("{name}", "none")
    body = form(**form_of(row))
    answer = edge.ask(row.method, path, body, Content_Type=FORM, **BROWSER)
    assert answer.status == 404
    assert b"There is no such page" in answer.body
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "decision"),
        ({"decision": "approve"}, "digest"),
        ({"decision": "maybe", "digest": "0" * 64}, "decision"),
        ({"decision": "approve", "digest": "short"}, "digest"),
        ({"decision": "approve", "digest": "0" * 64, "more": "x"}, "more"),
        ({"decision": "changes", "digest": "0" * 64, "comment": "x" * 2001}, "comment"),
    ],
)
def test_a_wrong_decision_names_the_field(edge: Edge, campaign: str, fields: dict[str, str], named: str) -> None:
    answer = edge.ask("POST", f"/campaigns/{campaign}/decision", form(**fields), Content_Type=FORM)
    assert answer.status == 400
    assert named in answer.fields


def test_a_form_that_is_not_utf_8_is_refused(edge: Edge, campaign: str) -> None:
    assert edge.ask("POST", f"/campaigns/{campaign}/decision", b"decision=\xff", Content_Type=FORM).status == 400


def test_a_decision_leads_back_to_the_campaign(edge: Edge, campaign: str) -> None:
    digest = edge.ask("GET", f"/api/v1/campaigns/{campaign}").json["digest"]
    decision = form(decision="approve", digest=digest, comment="")
    answer = edge.ask("POST", f"/campaigns/{campaign}/decision", decision, Content_Type=FORM)
    assert (answer.status, answer.headers["Location"]) == (303, f"/campaigns/{campaign}")
    assert edge.ask("GET", f"/api/v1/campaigns/{campaign}").json["approved"] == digest


def test_the_live_part_says_only_what_is_new(edge: Edge, campaign: str) -> None:
    page = edge.ask("GET", f"/campaigns/{campaign}").body.decode()
    seen = page.partition("live?seen=")[2].partition('"')[0]
    assert edge.ask("GET", f"/campaigns/{campaign}/live?seen={seen}").status == 204
    numbers = edge.ask("GET", f"/campaigns/{campaign}/live?seen={quote(seen)}accepted.1")
    assert numbers.body.decode().lstrip().startswith('<div id="live"')
    edge.ask("POST", f"/campaigns/{campaign}/pause")
    assert edge.ask("GET", f"/campaigns/{campaign}/live?seen={seen}").headers["HX-Refresh"] == "true"


def test_a_live_part_that_cannot_be_shown_reloads_the_page(edge: Edge) -> None:
    answer = edge.ask("GET", f"/campaigns/{'0' * 32}/live", token=None, HX_Request="true", **BROWSER)
    assert (answer.status, answer.headers["HX-Refresh"]) == (401, "true")


def test_pages_allow_nothing_from_elsewhere(edge: Edge, campaign: str) -> None:
    for path in ("/", f"/campaigns/{campaign}", "/contacts", "/approvals", "/explain"):
        policy = edge.ask("GET", path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy


@pytest.mark.parametrize("query", ["state=nonsense", "limit=0", "cursor=%00", "unknown=1"])
def test_a_wrong_query_is_refused(edge: Edge, campaign: str, query: str) -> None:
    assert edge.ask("GET", f"/campaigns/{campaign}/recipients?{query}").status == 400


@pytest.mark.parametrize("body", [b"", b"--B--", b"email\nann@x.example\n"])
def test_an_upload_without_a_file_is_refused(edge: Edge, body: bytes) -> None:
    answer = edge.ask("POST", "/contacts/imports", body, Content_Type="multipart/form-data; boundary=B")
    assert answer.status == 400
    assert answer.fields == {"file": "no file was chosen"}


def test_more_than_thirty_percent_held_leads_the_page_and_the_answer(edge: Edge, campaign: str) -> None:
    page = edge.ask("GET", f"/campaigns/{campaign}").body.decode()
    assert page.index('id="warning"') < page.index('id="withheld"') < page.index('id="approve"')
    assert "1 of 2 people (50%) would not get it, 1 of them because no consent is on record" in page
    assert "bob@x.example" in page[page.index('id="withheld"') :]
    asked = edge.ask("GET", f"/api/v1/campaigns/{campaign}/approvals").json
    assert next(iter(asked)) == "warning"
    assert asked["warning"].startswith("1 of 2 people (50%)")
    assert asked["forecast"] == {
        **edge.ask("GET", f"/api/v1/campaigns/{campaign}/forecast").json,
        "made_at": asked["forecast"]["made_at"],
    }


FILLED = {
    "name": "Autumn",
    "goal": "Fill the course",
    "offer": "Six evenings",
    "audience": "patients",
    "facts": "Tea is served\r\n\r\nBring a mat",
    "link_text": "Book",
    "link": "https://praxis.example/book",
    "channel": "email",
    "where": "email in ann@x.example, bob@x.example\r\n",
    "sender": "Praxis",
    "from_address": "hallo@praxis.example",
    "postal": "1 Mill Road, Leeds",
    "start": "2099-07-01T09:00",
    "days": "2",
    "first_hour": "8",
    "last_hour": "20",
    "holdout": "",
    "max_messages": "5",
}


def test_a_campaign_is_started_by_its_form(edge: Edge, campaign: str) -> None:
    page = edge.ask("GET", "/campaigns/new", **BROWSER)
    assert page.status == 200
    assert b'value="hello@' in page.body or b'name="from_address" value="' in page.body
    assert b"Text messages (not set up)" in page.body
    near = {**FILLED, "start": f"{wiring.ports().clock.now():%Y}-12-31T09:00"}
    answer = edge.ask("POST", "/campaigns", form(**near), Content_Type=FORM, **BROWSER)
    assert answer.status == 303, answer.body
    found = edge.ask("GET", f"/api/v1{answer.headers['Location']}").json["request"]
    assert found["segment"]["where"] == [
        {"field": "email", "op": "in", "value": ["ann@x.example", "bob@x.example"]},
    ]
    assert found["brief"]["facts"] == ["Tea is served", "Bring a mat"]
    assert (found["window"]["days"], found["window"]["hours"], found["budget"]["max_messages"]) == (2, [8, 20], 5)
    again = edge.ask("POST", "/campaigns", form(**near), Content_Type=FORM, **BROWSER)
    assert again.status == 409
    assert b"was already started" in again.body


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"where": "tags"}, "Who gets it: &#39;tags&#39; is not a condition"),
        ({"where": "tags has nobody"}, "Who gets it: it matches nobody in the address book"),
        ({"link": "praxis"}, "Where: "),
        ({"channel": "sms"}, "Channel: text messages are not set up: set BATON_SMS_URL"),
        ({"channel": "chat"}, "Who gets it: a chat or an account is a place of your own"),
        ({"channel": "pigeon"}, "Channel: "),
        ({"first_hour": "21"}, "Hours: the first hour must be before the second"),
        ({"days": "many"}, "For how many days: "),
        ({"start": "soon"}, "Not before: "),
        ({"max_cost": "-1"}, "Most money: "),
        ({"name": ""}, "Name: "),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_nothing_of_it_is_lost(
    edge: Edge, campaign: str, changed: dict[str, str], said: str
) -> None:
    typed = {**FILLED, "start": "", "offer": "Six <evenings>", **changed}
    answer = edge.ask("POST", "/campaigns", form(**typed), Content_Type=FORM, **BROWSER)
    assert answer.status == 400
    assert said in answer.body.decode(), answer.body.decode()
    assert "Six &lt;evenings&gt;</textarea>" in answer.body.decode()
    assert len(edge.ask("GET", "/api/v1/campaigns").json["items"]) == 1
