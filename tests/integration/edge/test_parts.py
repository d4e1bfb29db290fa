"""One part of a campaign's draft said otherwise over HTTP and from its page: a new version, approved anew."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from shared import wiring
from shared.agents import generate, schedule
from shared.domain.outcome import Done

from .conftest import Edge
from .test_campaigns import SCOPE, people, waiting

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
