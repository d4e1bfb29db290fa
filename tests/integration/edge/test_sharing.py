"""A client's link: the report and nothing else, until it ends or is taken back; and the report as PDF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from shared import wiring
from shared.domain.links import Link, sign
from shared.domain.names import Kind
from tests.integration.analyze.home import SCOPE, Fate, Home, Sent, send

from .conftest import ORIGIN, Edge


@pytest.fixture
def sent(home: Path, tmp_path: Path) -> Sent:
    fates = [*[Fate(country="DE")] * 6, Fate(country="NZ"), Fate("held.erased")]
    return send(Home(wiring.ports(), tmp_path / "nobody reads this clock"), fates)


def path_of(edge: Edge, sent: Sent, days: int = 14) -> tuple[str, str]:
    """The id of a new link, and its path."""
    made = edge.ask("POST", f"/api/v1/campaigns/{sent.campaign}/share", {"days": days})
    assert made.status == 201
    return made.json["id"], made.json["url"].removeprefix(ORIGIN)


def test_who_has_the_link_sees_the_report_and_nobody_in_it(edge: Edge, sent: Sent) -> None:
    _, path = path_of(edge, sent)
    shown, pdf = edge.ask("GET", path, token=None), edge.ask("GET", f"{path}?format=pdf", token=None)
    assert (shown.status, pdf.status, pdf.headers["Content-Type"]) == (200, 200, "application/pdf")
    for answer in (shown, pdf):
        assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    pages = PdfReader(BytesIO(pdf.body)).pages
    for text in (shown.body.decode(), "\n".join(page.extract_text() for page in pages)):
        assert "7 of 8 people got “Spring”" in " ".join(text.split())
        assert "other reasons" in text
        lowered = text.lower()
        people = [*sent.persons, *(each[:23] for each in sent.persons), "@example.org", "erased", "nz"]
        assert not [each for each in people if each in lowered]


def test_a_link_that_was_taken_back_or_has_ended_leads_nowhere(edge: Edge, sent: Sent) -> None:
    (first, path), (second, other) = path_of(edge, sent), path_of(edge, sent)
    where = f"/api/v1/campaigns/{sent.campaign}/shares"
    assert edge.ask("DELETE", f"{where}/{first}", Baton_Workspace="other").status == 404
    assert edge.ask("DELETE", f"/api/v1/campaigns/{'1' * 32}/shares/{first}").status == 404
    assert edge.ask("GET", path, token=None).status == 200
    revoked = [edge.ask("DELETE", f"{where}/{first}") for _ in range(2)]
    assert revoked[0].json == revoked[1].json
    assert edge.ask("GET", path, token=None).status == 410
    ports = wiring.ports()
    body = ports.documents.get(SCOPE, Kind.SHARE, second).body  # type: ignore[union-attr]
    ports.documents.put(SCOPE, Kind.SHARE, second, {**body, "expires_at": "2020-01-01T00:00:00Z"}, "*")
    assert edge.ask("GET", other, token=None).status == 410
    assert [each["url"] for each in edge.ask("GET", where).json["items"]] == [None, None]


def test_a_link_that_was_not_made_here_reveals_nothing(edge: Edge, sent: Sent) -> None:
    id, path = path_of(edge, sent)
    right = Link("s", SCOPE, sent.campaign, 0, id, 2**33)
    forged = sign(right, {"1": b"x" * 32})
    unsubscribe = sign(right._replace(purpose="u"), wiring.ports().keys.link)
    for token in (forged, unsubscribe, path[7:-4], "x"):
        assert edge.ask("GET", f"/api/s/{token}", token=None).status == 404
    elsewhere = sign(right._replace(campaign="f" * 32), wiring.ports().keys.link)
    over = sign(right._replace(target=1), wiring.ports().keys.link)
    assert [edge.ask("GET", f"/api/s/{token}", token=None).status for token in (elsewhere, over)] == [410, 410]


def test_the_report_of_a_handful_of_people_is_not_handed_over(edge: Edge, home: Path, tmp_path: Path) -> None:
    few = send(Home(wiring.ports(), tmp_path / "clock"), [Fate()] * 4)
    answer = edge.ask("POST", f"/api/v1/campaigns/{few.campaign}/share", {})
    assert (answer.status, list(answer.fields)) == (409, ["report"])


def test_the_page_makes_a_link_and_takes_it_back(edge: Edge, sent: Sent) -> None:
    page = f"/campaigns/{sent.campaign}"
    assert edge.ask("POST", f"{page}/share", b"days=3").status == 303
    shown = edge.ask("GET", page).body.decode()
    (id,) = [each.id for each in wiring.ports().documents.find(SCOPE, Kind.SHARE).documents]
    assert f"{ORIGIN}/api/s/" in shown
    assert edge.ask("POST", f"{page}/share/revoke", f"share={id}".encode()).status == 303
    assert f"{ORIGIN}/api/s/" not in edge.ask("GET", page).body.decode()
