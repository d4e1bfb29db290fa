"""One part of a campaign's draft said otherwise over HTTP and from its page: a new version, approved anew."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.agents import generate, schedule
from shared.domain.outcome import Done

from .conftest import Edge
from .test_campaigns import SCOPE, bring_in, people, waiting

__all__ = ["people", "waiting"]
HTML = {"Accept": "text/html"}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


def flow(path: str) -> None:
    """What the flow does once its doorbell rang."""
    id = path.rpartition("/")[2]
    order: dict[str, Any] = {"scope": list(SCOPE), "campaign": id, "instance": f"local~main~campaign~{id}~1"}
    asked = schedule.run(wiring.ports(), order)
    assert asked == Done({"next": "generate"})
    generate.run(wiring.ports(), order)
    schedule.run(wiring.ports(), order)


def drafts(edge: Edge, path: str) -> dict[str, dict[str, Any]]:
    return {each["variant"]: each for each in edge.ask("GET", f"{path}/drafts").json["items"]}


def test_a_part_becomes_a_new_version_with_a_seal_of_its_own(edge: Edge, waiting: str) -> None:
    first, before = edge.ask("GET", waiting).json, drafts(edge, waiting)["A"]
    asked = edge.ask("POST", f"{waiting}/parts", {"part": "closing", "comment": "more formal"})
    assert (asked.status, asked.json["status"]) == (202, "generating")
    late = edge.ask("POST", f"{waiting}/approvals", {"decision": "approve", "digest": first["digest"]})
    assert late.status == 409, "the version that was shown is on its way out"
    flow(waiting)
    now, after = edge.ask("GET", waiting).json, drafts(edge, waiting)["A"]
    assert (now["status"], now["version"], now["digest"] != first["digest"]) == ("awaiting_approval", 2, True)
    assert after["words"] == before["words"] | {"closing": after["words"]["closing"]}
    assert after["words"]["closing"] != before["words"]["closing"]
    assert "part" in [each["what"] for each in edge.ask("GET", f"{waiting}/timeline").json["items"]]


def test_an_approval_that_was_given_no_longer_counts(edge: Edge, waiting: str) -> None:
    digest = edge.ask("GET", waiting).json["digest"]
    decided = edge.ask("POST", f"{waiting}/approvals", {"decision": "approve", "digest": digest})
    assert decided.json["status"] == "holding"
    wish = urlencode({"variant": "A", "part": "subject", "comment": "", "text": "Six evenings"}).encode()
    assert edge.ask("POST", waiting.removeprefix("/api/v1") + "/parts", wish, **FORM).status == 303
    flow(waiting)
    found = edge.ask("GET", waiting).json
    assert (found["status"], found["approved"], found["holding_until"]) == ("awaiting_approval", None, None)
    after = drafts(edge, waiting)["A"]
    assert (after["subject"], after["by_hand"]) == ("Six evenings", ["subject"])
    page = edge.ask("GET", waiting.removeprefix("/api/v1"), **HTML).body.decode()
    assert "subject (by hand): Six evenings" in page


def test_what_cannot_be_said_otherwise_is_refused_with_its_field(edge: Edge, waiting: str) -> None:
    def refused(**body: Any) -> tuple[int, list[str]]:
        answer = edge.ask("POST", f"{waiting}/parts", body)
        return answer.status, list(answer.fields)

    assert refused(part="paragraphs.99", comment="shorter") == (400, ["part"])
    assert refused(part="subject", text="{{ ''.__class__ }}") == (400, ["text"])
    assert refused(part="subject") == (400, ["body"])
    assert refused(variant="D", part="subject", comment="shorter") == (404, ["variant"])
    edge.ask("POST", f"{waiting}/cancel")
    assert refused(part="subject", comment="shorter") == (409, ["part"])


def test_several_words_are_changed_in_place_and_the_difference_is_shown_word_by_word(edge: Edge, waiting: str) -> None:
    draft = edge.ask("GET", f"{waiting}/drafts/A")
    assert (draft.status, draft.headers["ETag"]) == (200, '"1"')
    subject = draft.json["subject"]
    parts = {"subject": f"{subject} at last", "closing": "See you."}
    saved = edge.ask("PATCH", f"{waiting}/drafts/A", {"parts": parts}, If_Match='"1"')
    assert (saved.status, saved.json["status"]) == (202, "generating")
    flow(waiting)
    after = edge.ask("GET", f"{waiting}/drafts/A").json
    assert (after["version"], after["subject"], after["by_hand"]) == (2, parts["subject"], ["subject", "closing"])
    told = {each["part"]: each["stretches"] for each in edge.ask("GET", f"{waiting}/drafts/A/changes").json["changes"]}
    assert told["subject"] == [{"kind": "same", "text": subject}, {"kind": "new", "text": " at last"}]
    assert set(told) == set(parts)
    page = edge.ask("GET", waiting.removeprefix("/api/v1"), **HTML).body.decode()
    assert "<ins> at last</ins>" in page
    late = edge.ask("PATCH", f"{waiting}/drafts/A", {"parts": {"closing": "Bye."}}, If_Match='"1"')
    assert (late.status, late.json["errors"][0]["field"]) == (412, "If-Match")


def test_any_version_comes_back_with_one_click_and_what_was_typed_is_all_that_changes(edge: Edge, waiting: str) -> None:
    path = waiting.removeprefix("/api/v1")
    first = edge.ask("GET", f"{waiting}/drafts/A").json
    typed = {name: text for name, text in first["words"].items() if isinstance(text, str)} | {"closing": "See you."}
    form = urlencode({**typed, "variant": "A", "version": "1"}).encode()
    assert edge.ask("POST", f"{path}/drafts", form, **FORM).status == 303
    flow(waiting)
    assert edge.ask("GET", f"{waiting}/drafts/A").json["by_hand"] == ["closing"]
    back = urlencode({"variant": "A", "version": "2", "back": "1"}).encode()
    assert edge.ask("POST", f"{path}/drafts", back, **FORM).status == 303
    flow(waiting)
    third = edge.ask("GET", f"{waiting}/drafts/A").json
    assert (third["version"], third["words"], third["by_hand"]) == (3, first["words"], [])
    assert edge.ask("GET", f"{waiting}/drafts/A?version=2").json["words"]["closing"] == "See you."


def test_an_edit_that_cannot_be_is_refused_by_its_part_and_nothing_changes(edge: Edge, waiting: str) -> None:
    wrong = {"parts": {"headlines": "x", "closing": "{{ contact.secret }}"}}
    refused = edge.ask("PATCH", f"{waiting}/drafts/A", wrong)
    assert refused.status == 400
    assert {each["field"] for each in refused.json["errors"]} == {"parts.headlines", "parts.closing"}
    assert edge.ask("PATCH", f"{waiting}/drafts/A", {"version": 7}).status == 404
    assert edge.ask("PATCH", f"{waiting}/drafts/A", {}).status == 400
    for back in ("²", "9" * 5000):
        form = urlencode({"variant": "A", "version": "1", "back": back}).encode()
        assert edge.ask("POST", f"{waiting.removeprefix('/api/v1')}/drafts", form, **FORM).status == 400
    assert edge.ask("PATCH", f"{waiting}/drafts/E", {"parts": {"closing": "x"}}).status in (400, 404)
    assert edge.ask("GET", waiting).json["status"] == "awaiting_approval"


@pytest.fixture
def difficult(people: None) -> None:
    rows = ("rtl@x.example,שירה,yes", "none@x.example,,yes", f"long@x.example,{'A' * 60},yes")
    bring_in("\n".join(["email,first_name,consent", *rows, ""]).encode())


def test_a_draft_is_looked_at_through_those_with_whom_mails_go_wrong(edge: Edge, difficult: None, waiting: str) -> None:
    page = edge.ask("GET", waiting.removeprefix("/api/v1"), **HTML).body.decode()
    assert "(the longest name)" in page
    follow = re.search(r'rel="next" href="([^"]+)#mail"', page)
    assert follow
    page = edge.ask("GET", waiting.removeprefix("/api/v1") + html.unescape(follow[1]), **HTML).body.decode()
    assert "(no first name)" in page
