"""The pages of leads: criteria are edited and tried before they hold, and who has to be told stands in a list."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

from .conftest import Answered, Edge

HTML = {"Accept": "text/html", "Content_Type": "application/x-www-form-urlencoded"}
LEAD = {"website": "halm.example", "source": "a card", "people": [{"name": "Ada Halm", "email": "ada@halm.example"}]}


def seen(edge: Edge, path: str) -> str:
    return html.unescape(edge.ask("GET", path).body.decode())


def sent(edge: Edge, path: str, text: str) -> Answered:
    return edge.ask("POST", path, urlencode({"criteria": text}).encode(), **HTML)


def test_criteria_are_tried_before_they_are_kept_and_who_must_be_told_is_listed(edge: Edge) -> None:
    lead = edge.ask("POST", "/api/v1/leads", LEAD, Content_Type="application/json").json
    shown = seen(edge, "/leads/criteria")
    assert "below 200 the score alone is used" in shown
    found = re.search(r'<textarea name="criteria"[^>]*>(.*?)</textarea>', shown, re.DOTALL)
    assert found
    assert "weight: 14" in found[1]
    other = found[1].replace("weight: 14", "weight: 2")
    tried = html.unescape(sent(edge, "/leads/criteria/preview", other).body.decode())
    assert "Who would change place" in tried
    assert "weight: 2\n" in tried
    assert edge.ask("GET", "/api/v1/leads/criteria").json["version"] == 1
    assert sent(edge, "/leads/criteria", other).status == 303
    assert edge.ask("GET", "/api/v1/leads/criteria").json["version"] == 2
    assert sent(edge, "/leads/criteria", "criteria: [{id: x, title: Faith}]").status == 400
    assert "halm.example" in seen(edge, "/leads/notices")
    assert "say who this workspace writes as" in seen(edge, f"/leads/{lead['id']}")
