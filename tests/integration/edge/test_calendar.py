"""The calendar by its page alone: entered, refused with the reason, taken out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from .conftest import Edge

DAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=40)
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


def test_days_are_closed_shown_and_opened_again_by_forms(edge: Edge) -> None:
    def post(path: str, **form: str) -> int:
        return edge.ask("POST", f"/calendar/{path}", urlencode(form).encode(), **FORM).status

    assert post("entries", first_day=f"{DAY:%Y-%m-%d}", title="<b>Fair</b>") == 303
    assert post("entries", start=f"{DAY:%Y-%m-%d}T09:00", end=f"{DAY:%Y-%m-%d}T10:00") == 303
    page = edge.ask("GET", "/calendar").body.decode()
    assert "&lt;b&gt;Fair&lt;/b&gt;" in page
    assert f"{DAY:%a %-d %b %Y}, 09:00 to 10:00" in page
    refused = edge.ask("POST", "/calendar/entries", urlencode({"start": "tomorrow", "title": "kept"}).encode(), **FORM)
    assert refused.status == 400
    assert "From: " in refused.body.decode()
    assert 'value="kept"' in refused.body.decode()
    feed = edge.ask(
        "POST", "/calendar/feeds", urlencode({"name": "x", "url": "http://169.254.169.254/"}).encode(), **FORM
    )
    assert (feed.status, "must begin with https://" in feed.body.decode()) == (400, True)
    view = edge.ask("GET", f"/api/v1/calendar?start={DAY:%Y-%m-%d}T00:00:00Z").json
    ids = [each["entry"] for each in view["stretches"]]
    assert [post("removals", entry=id) for id in (*ids, ids[0])] == [303, 303, 409]
    assert post("removals", feed="0" * 32) == 409


def test_a_file_takes_its_times_and_nothing_else(edge: Edge) -> None:
    event = f"UID:x\r\nDTSTAMP:20270101T000000Z\r\nSUMMARY:secret\r\nDTSTART;VALUE=DATE:{DAY:%Y%m%d}"
    head, end = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\n", "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    file = f"{head}{event}{end}".encode()
    made = edge.ask("POST", "/api/v1/calendar/files?name=Team", file, Content_Type="text/calendar")
    assert (made.status, made.json["name"], made.json["stretches"]) == (201, "Team", 1)
    page = edge.ask("GET", "/calendar").body.decode()
    assert "Team" in page
    assert "secret" not in page
    assert edge.ask("POST", "/api/v1/calendar/files", b"<html>").fields == {"file": "it is no iCalendar file"}
    assert edge.ask("GET", "/api/v1/calendar?start=0001-01-01T00:00:00Z").fields.keys() == {"start"}
    assert edge.ask("DELETE", f"/api/v1/calendar/feeds/{made.json['id']}").status == 200
