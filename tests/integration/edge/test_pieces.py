"""Pieces and the style guide over HTTP and on their pages: from a brief to approved texts, a part at a time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from shared.agents.generate import pieces as writing
from shared.domain.outcome import Done, Later
from shared.wiring import ports

from .conftest import Answered, Edge

HTML = {"Accept": "text/html"}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
BRIEF = {
    "goal": "Fill the spring back course",
    "offer": "Six evenings, eight people, one physiotherapist who watches every movement",
    "audience": "Former patients",
    "call_to_action": {"text": "Book a place", "url": "https://practice.example/course"},
    "facts": ["It starts on Tuesday 3 March at 18:30", "It costs 140 euros"],
}
REQUEST = {"name": "Spring", "sender": "The Practice", "brief": BRIEF, "formats": ["email", "x", "blog"]}


def ask(edge: Edge, method: str, path: str, body: Any = None) -> Answered:
    return edge.ask(method, path, body, Content_Type="application/json")


def made(edge: Edge, **more: Any) -> str:
    answered = ask(edge, "POST", "/api/v1/pieces", REQUEST | more)
    assert (answered.status, answered.json["status"]) == (202, "planning")
    return str(answered.json["id"])


def write(edge: Edge, id: str) -> dict[str, Any]:
    """What the flow would do, step by step."""
    order = {"scope": ["local", "main"], "piece": id, "instance": f"i~{show(edge, id)['turn']}"}
    while True:
        done = writing.run(ports(), order)
        if isinstance(done, Later):
            return show(edge, id)
        assert isinstance(done, Done)
        if not done.data["left"]:
            return show(edge, id)


def show(edge: Edge, id: str) -> dict[str, Any]:
    return dict(ask(edge, "GET", f"/api/v1/pieces/{id}").json)


def decide(edge: Edge, id: str, decision: str, **more: Any) -> Answered:
    body = {"decision": decision, "digest": show(edge, id)["digest"], **more}
    return ask(edge, "POST", f"/api/v1/pieces/{id}/approvals", body)


def test_one_brief_becomes_a_text_in_every_format_each_with_its_sources(edge: Edge) -> None:
    found = write(edge, made(edge))
    assert found["status"] == "ready"
    assert [each["id"] for each in found["texts"]] == ["email-1-A", "x-1-A", "blog-1-A"]
    for text in found["texts"]:
        assert text["written_by"] == "built-in writer"
        assert any("facts.0" in claim["sources"] for claim in text["claims"])
        assert text["cost"]["calls"] == 1
    assert [each["id"] for each in ask(edge, "GET", "/api/v1/pieces").json["items"]] == [found["id"]]
    assert decide(edge, found["id"], "approve").json["status"] == "approved"


def test_the_plan_waits_for_a_person_who_may_change_it(edge: Edge) -> None:
    id = made(edge, plan="confirm", formats=["sms", "linkedin"])
    found = write(edge, id)
    assert (found["status"], found["texts"]) == ("awaiting_plan", [])
    plan = found["plan"] | {"message": "Six evenings for your back.", "formats": ["linkedin"]}
    assert decide(edge, id, "confirm", plan=plan).json["status"] == "writing"
    found = write(edge, id)
    assert [each["id"] for each in found["texts"]] == ["linkedin-1-A"]
    assert "Six evenings for your back" in found["texts"][0]["published"]
    assert not [each for each in found["texts"][0]["findings"] if each["severity"] == "error"]


def test_each_audience_gets_texts_of_its_own(edge: Edge) -> None:
    found = write(edge, made(edge, formats=["sms"], audiences=["Runners", "Companies"], variants=2))
    assert [each["id"] for each in found["texts"]] == ["sms-1-A", "sms-1-B", "sms-2-A", "sms-2-B"]
    assert [each["audience"] for each in found["texts"]] == ["Runners"] * 2 + ["Companies"] * 2
    assert found["texts"][1]["distance"] >= 25


def test_one_part_is_said_otherwise_and_the_rest_stays_byte_for_byte(edge: Edge) -> None:
    before = write(edge, made(edge))
    wish = {"text": "email-1-A", "part": "closing", "comment": "more formal"}
    asked = ask(edge, "POST", f"/api/v1/pieces/{before['id']}/parts", wish)
    assert (asked.status, asked.json["status"]) == (202, "writing")
    after = write(edge, before["id"])
    old, new = before["texts"][0], after["texts"][0]
    assert new["words"]["closing"] != old["words"]["closing"]
    assert {**new["words"], "closing": ""} == {**old["words"], "closing": ""}
    assert after["texts"][1:] == before["texts"][1:]
    assert (after["status"], new["version"]) == ("ready", 2)


def test_an_error_blocks_the_approval_and_names_where(edge: Edge) -> None:
    guide = {"avoid": [{"words": "evenings", "instead": "sessions"}], "names": [], "address": None}
    assert ask(edge, "PUT", "/api/v1/style-guide", guide).status == 200
    found = write(edge, made(edge, formats=["sms"]))
    refused = decide(edge, found["id"], "approve")
    assert refused.status == 409
    assert "'evenings' is a word to avoid; the house says 'sessions'" in refused.body.decode()
    assert decide(edge, found["id"], "reject").json["status"] == "rejected"


def test_what_was_looked_at_is_what_is_approved(edge: Edge) -> None:
    found = write(edge, made(edge, formats=["sms"]))
    stale = ask(edge, "POST", f"/api/v1/pieces/{found['id']}/approvals", {"decision": "approve", "digest": "0" * 64})
    assert (stale.status, "look at it again" in stale.body.decode()) == (409, True)
    assert decide(edge, found["id"], "confirm").status == 409


def test_what_is_wrong_is_said_by_the_field(edge: Edge) -> None:
    for more, field in (
        ({"formats": ["fax"]}, "formats"),
        ({"formats": ["email", "email"]}, "formats"),
        ({"brief": BRIEF | {"offer": "{{ secret }}"}}, "brief.offer"),
        ({"formats": ["email", "sms", "x"], "audiences": list("abcde"), "variants": 4}, "60 texts"),
    ):
        answered = ask(edge, "POST", "/api/v1/pieces", REQUEST | more)
        assert (answered.status in (400, 422), field in answered.body.decode()) == (True, True), answered.body.decode()
    found = write(edge, made(edge, formats=["sms"]))
    wish = {"text": "sms-1-A", "part": "subject", "comment": "shorter"}
    answered = ask(edge, "POST", f"/api/v1/pieces/{found['id']}/parts", wish)
    assert "it has text" in answered.body.decode()


def test_the_formats_say_their_limits_and_where_they_come_from(edge: Edge) -> None:
    items = {each["name"]: each for each in ask(edge, "GET", "/api/v1/pieces/formats").json["items"]}
    assert (items["x"]["most"], items["x"]["counting"]) == (280, "x")
    assert all(each["source"] and each["as_of"] for each in items.values() if each["counting"])


def test_the_pages_do_it_too(edge: Edge) -> None:
    form = {
        "name": "Spring", "sender": "The Practice", "goal": BRIEF["goal"], "offer": BRIEF["offer"], "variants": "2",
        "audience": "Former patients", "call": "Book a place", "url": "https://practice.example/course",
        "facts": "It starts on Tuesday 3 March at 18:30\nIt costs 140 euros", "plan": "confirm", "audiences": "",
    }  # fmt: skip
    body = (urlencode(form) + "&formats=sms&formats=x").encode()
    there = edge.ask("POST", "/pieces", body, **FORM)
    assert there.status == 303
    path = there.headers["Location"]
    id = path.rpartition("/")[2]
    write(edge, id)
    page = edge.ask("GET", path, **HTML).body.decode()
    assert "The plan waits for you" in page
    confirmed = {
        "decision": "confirm",
        "digest": show(edge, id)["digest"],
        "message": "",
        "point-0": "It costs 140 euros.",
    }
    edge.ask(
        "POST", f"{path}/approvals", urlencode(confirmed).encode(), Content_Type="application/x-www-form-urlencoded"
    )
    found = write(edge, id)
    assert [point["text"] for point in found["plan"]["points"]] == ["It costs 140 euros."]
    page = edge.ask("GET", path, **HTML).body.decode()
    assert "Read and approve" in page
    assert "differs by" in page
    wish = urlencode({"text": "sms-1-A", "part": "text", "comment": "shorter"}).encode()
    edge.ask("POST", f"{path}/parts", wish, **FORM)
    assert write(edge, id)["texts"][0]["version"] == 2
    assert "Spring" in edge.ask("GET", "/pieces", **HTML).body.decode()


def test_three_mails_fill_in_the_form_and_nothing_is_kept_before_it_is_saved(edge: Edge) -> None:
    mail = "Good morning Anna,\n\nthe boiler is due. We come on Monday, we need an hour.\n\nKind regards,\nTom"
    heard = ask(edge, "POST", "/api/v1/style-guide/voice", {"mails": [mail] * 3}).json
    assert (heard["voice"]["greeting"], heard["voice"]["sign_off"]) == ("Good morning", "Kind regards")
    form = urlencode({f"mail{n}": mail for n in range(3)}).encode()
    page = edge.ask("POST", "/style-guide/voice", form, **FORM).body.decode()
    assert 'value="Good morning"' in page
    assert "? amazing" in page
    assert ask(edge, "GET", "/api/v1/style-guide").json["voice"]["greeting"] is None
    refused = ask(edge, "POST", "/api/v1/style-guide/voice", {"mails": [mail]})
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "mails")


def test_the_style_guide_has_a_page(edge: Edge) -> None:
    form = urlencode({"avoid": "cheap = good value\n? synergy", "names": "eBay", "address": "du"}).encode()
    assert edge.ask("POST", "/style-guide", form, **FORM).status == 303
    kept = ask(edge, "GET", "/api/v1/style-guide").json
    assert kept["avoid"] == [
        {"words": "cheap", "severity": "error", "instead": "good value"},
        {"words": "synergy", "severity": "warning", "instead": None},
    ]
    page = edge.ask("GET", "/style-guide", **HTML).body.decode()
    assert "cheap = good value\n? synergy" in page
