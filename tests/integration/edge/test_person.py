"""The page of a person: what is on record, and what they said recorded by hand with its proof."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from shared import wiring
from shared.agents.contacts.suppression import suppress

from .conftest import Edge
from .test_campaigns import SCOPE
from .test_links import person

__all__ = ["person"]


def only_one(edge: Edge) -> str:
    """The id of the only contact."""
    return str(edge.ask("GET", "/api/v1/contacts").json["items"][0]["id"])


def newest(edge: Edge) -> Any:
    return edge.ask("GET", f"/api/v1/contacts/{only_one(edge)}/consents").json["items"][-1]


def record(edge: Edge, **fields: str) -> tuple[int, str]:
    body = urlencode(fields).encode()
    answer = edge.ask(
        "POST", f"/contacts/{only_one(edge)}/consents", body, Content_Type="application/x-www-form-urlencoded"
    )
    return answer.status, answer.body.decode()


def page(edge: Edge) -> str:
    answer = edge.ask("GET", f"/contacts/{only_one(edge)}", Accept="text/html")
    assert answer.status == 200
    return answer.body.decode()


def test_what_they_said_is_recorded_with_its_words_and_shown_as_the_journal_has_it(edge: Edge, person: str) -> None:
    said = {"status": "granted", "channel": "sms", "basis": "explicit", "wording": "Yes, <b>text</b> me"}
    status, _ = record(edge, **said, source="stand at the fair", at="2026-01-02T10:00")
    assert status == 303
    shown = page(edge)
    assert "Yes, &lt;b&gt;text&lt;/b&gt; me" in shown
    assert "Text messages" in shown
    assert "as the journal has it" in shown
    assert "NOT as the journal has it" not in shown
    evidence = newest(edge)
    assert (evidence["method"], evidence["at"][:16]) == ("api", "2026-01-02T10:00")


def test_what_is_wrong_is_said_by_the_name_of_its_field_and_nothing_typed_is_lost(edge: Edge, person: str) -> None:
    status, shown = record(edge, status="granted", channel="sms", basis="explicit", source="stand at the fair")
    assert status == 400
    assert "wording is required" in shown
    assert 'value="stand at the fair"' in shown
    status, shown = record(edge, status="granted", channel="sms", basis="explicit", wording="Yes", at="yesterday")
    assert status == 400
    assert "When: " in shown


def test_a_no_stops_them_for_the_agency_and_is_not_undone_by_hand(edge: Edge, person: str) -> None:
    assert record(edge, status="withdrawn", channel="all")[0] == 303
    assert "gets nothing: suppressed" in page(edge)
    status, shown = record(edge, status="granted", channel="email", basis="explicit", wording="Yes")
    assert status == 409
    assert "only they themselves can give it again" in shown


def test_a_sale_with_a_way_out_offered_is_recorded_as_such(edge: Edge, person: str) -> None:
    assert record(edge, status="granted", channel="sms", basis="soft_opt_in", source="order 4711")[0] == 303
    evidence = newest(edge)
    assert (evidence["collected_in"], evidence["opt_out_offered"]) == ("sale", True)


def test_a_review_is_asked_for_on_the_page_and_answered_among_the_approvals(edge: Edge, person: str) -> None:
    suppress(wiring.ports(), SCOPE, person, "bounced")
    contact = only_one(edge)
    assert form(edge, f"/contacts/{contact}/reviews", checked="signed_in", view="It works again") == 303
    page = edge.ask("GET", "/approvals").body.decode()
    assert "1 review waits" in page
    assert "They say: “It works again”" in page
    (asked,) = edge.ask("GET", "/api/v1/approvals").json["items"]
    said = {"decision": "change", "digest": asked["digest"]}
    assert form(edge, f"/approvals/{asked['subject']}", **said) == 400, "without a reason"
    assert form(edge, f"/approvals/{asked['subject']}", **said, comment="The mailbox is back") == 303
    assert edge.ask("GET", "/api/v1/approvals").json["items"] == []
    assert edge.ask("GET", f"/api/v1/reviews/{asked['subject']}").json["status"] == "changed"
    assert not edge.ask("GET", f"/api/v1/contacts/{contact}").json["suppressed"]


def form(edge: Edge, path: str, **fields: str) -> int:
    answer = edge.ask("POST", path, urlencode(fields).encode(), Content_Type="application/x-www-form-urlencoded")
    return answer.status
