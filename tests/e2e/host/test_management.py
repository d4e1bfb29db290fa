"""The durable management API as curl sees it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.host.process import RunningHost

BASE = "/runtime/webhooks/durabletask"


@pytest.mark.parametrize("path", [f"{BASE}/instances", f"{BASE}/instances?code=wrong"])
def test_without_the_key_nothing_is_told(patterns: RunningHost, path: str) -> None:
    assert patterns.http.get(path).status_code == 401


def test_the_key_may_come_in_a_header(patterns: RunningHost) -> None:
    header = {"x-functions-key": patterns.keys["durabletask"]}
    assert patterns.http.get(f"{BASE}/instances", headers=header).status_code == 200


def test_a_guessed_internal_base_is_not_served(patterns: RunningHost) -> None:
    assert patterns.http.get("/runtime/durabletask/guessed/instances").status_code == 404


def test_a_start_answers_with_links_that_work(patterns: RunningHost) -> None:
    response = patterns.manage("POST", "orchestrators/chain", json={"amount": 4})
    links = response.json()
    assert (response.status_code, response.headers["location"]) == (202, links["statusQueryGetUri"])
    patterns.until(links["id"], "Completed")
    assert patterns.http.get(links["statusQueryGetUri"]).json()["output"]["order"]["total"] == 12
    assert patterns.http.delete(links["purgeHistoryDeleteUri"]).json() == {"instancesDeleted": 1}
    assert patterns.http.get(links["statusQueryGetUri"]).status_code == 404


def test_a_start_can_wait_for_the_result(patterns: RunningHost) -> None:
    wait = {"timeout": "20", "pollingInterval": "0.01"}
    done = patterns.manage("POST", "orchestrators/chain/waited", json={"amount": 4}, params=wait)
    assert (done.status_code, done.json()["order"]["total"]) == (200, 12)
    waiting = patterns.manage("POST", "orchestrators/approval", params={"timeout": "0.05", "pollingInterval": "0.01"})
    assert waiting.status_code == 202
    assert "sendEventPostUri" in waiting.json()


@pytest.mark.parametrize("given", ["a text", '{"in": "a text"}', {"x": [1, None]}, 7, [1], True])
def test_an_orchestrator_gets_the_input_that_the_client_or_a_plain_post_gave(patterns: RunningHost, given: Any) -> None:
    by_client = patterns.call("POST", "start/mirror", given)["id"]
    assert patterns.until(by_client, "Completed")["output"] == given
    posted = patterns.manage("POST", "orchestrators/mirror", json=given).json()["id"]
    # Plain posts and the client's cannot be told apart: a text that is JSON is what the client sends for that value.
    meant = {"in": "a text"} if given == '{"in": "a text"}' else given
    assert patterns.until(posted, "Completed")["output"] == meant


def test_an_instance_that_runs_is_202_and_says_when_to_ask_again(patterns: RunningHost) -> None:
    patterns.manage("POST", "orchestrators/approval/running")
    response = patterns.manage("GET", "instances/running")
    assert (response.status_code, response.headers["retry-after"]) == (202, "5")
    assert response.headers["location"].startswith(str(patterns.http.base_url))


def test_a_failed_instance_is_200_unless_500_is_asked_for(patterns: RunningHost) -> None:
    patterns.manage("POST", "orchestrators/chain/fails", json={"amount": -3})
    patterns.until("fails", "Failed")
    assert patterns.manage("GET", "instances/fails").status_code == 200
    asked = {"returnInternalServerErrorOnFailure": "true"}
    assert patterns.manage("GET", "instances/fails", params=asked).status_code == 500


def test_instances_come_in_pages(patterns: RunningHost) -> None:
    for number in range(5):
        patterns.manage("POST", f"orchestrators/squares/page-{number}", json=1)
        patterns.until(f"page-{number}", "Completed")
    found, token = [], ""
    while token is not None:
        asked = {"headers": {"x-ms-continuation-token": token}} if token else {}
        page = patterns.manage("GET", "instances", params={"instanceIdPrefix": "page-", "top": "2"}, **asked)
        found.append([instance["instanceId"] for instance in page.json()])
        token = page.headers.get("x-ms-continuation-token")
    assert found == [["page-0", "page-1"], ["page-2", "page-3"], ["page-4"]]


def test_the_input_can_be_left_out(patterns: RunningHost) -> None:
    patterns.manage("POST", "orchestrators/squares/quiet", json=3)
    patterns.until("quiet", "Completed")
    asked = {"showInput": "false", "showHistory": "true"}
    shown = patterns.manage("GET", "instances/quiet", params=asked).json()
    assert shown["input"] is None
    assert not any("Input" in event or "Result" in event for event in shown["historyEvents"])


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("POST", "orchestrators/nobody", 400, "nobody"),
        ("POST", "orchestrators/chain/@entity", 400, "@"),
        ("GET", "instances/nowhere", 404, "nowhere"),
        ("DELETE", "instances/nowhere", 404, "nowhere"),
        ("POST", "instances/nowhere/terminate", 404, "nowhere"),
        ("POST", "instances/nowhere/restart", 404, "nowhere"),
        ("POST", "instances/nowhere/dance", 404, "dance"),
        ("POST", "instances/nowhere/rewind", 501, "restart"),
        ("GET", "instances?runtimeStatus=Done", 400, "runtimeStatus: Done"),
        ("GET", "instances?createdTimeFrom=noon", 400, "createdTimeFrom: 'noon'"),
        ("GET", "instances?top=0", 400, "top: '0'"),
        ("DELETE", "instances", 400, "createdTimeFrom is required"),
        ("DELETE", "instances?createdTimeFrom=2999-01-01", 404, None),
        ("PUT", "instances", 404, "PUT"),
        ("GET", "entities/counter/nowhere", 404, "@counter@nowhere"),
        ("POST", "entities/nobody/x", 400, "nobody"),
        ("GET", "entities?top=0", 400, "top: '0'"),
    ],
)
def test_a_refusal_has_its_status_and_its_reason(
    patterns: RunningHost, method: str, path: str, status: int, reason: str | None
) -> None:
    path, _, query = path.partition("?")
    response = patterns.manage(method, path, params=dict([query.split("=")]) if query else {})
    assert response.status_code == status
    assert reason is None or reason in response.json()["Message"]


def test_only_finished_instances_can_be_purged(patterns: RunningHost) -> None:
    patterns.manage("POST", "orchestrators/approval/kept")
    assert patterns.manage("DELETE", "instances/kept").status_code == 412
    patterns.manage("DELETE", "instances", params={"createdTimeFrom": "2020-01-01"})
    assert patterns.status("kept")["runtimeStatus"] in ("Pending", "Running")


def test_a_finished_instance_takes_no_more_messages(patterns: RunningHost) -> None:
    patterns.manage("POST", "orchestrators/squares/over", json=1)
    patterns.until("over", "Completed")
    for operation in ("terminate", "suspend", "resume"):
        assert patterns.manage("POST", f"instances/over/{operation}").status_code == 410
    assert patterns.manage("POST", "instances/over/raiseEvent/E", json=1).status_code == 410


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"{}", "text/plain", "application/json"),
        (b"{", "application/json", "JSON"),
        (b"NaN", "application/json", "NaN"),
        (b"[" * 100_000, "application/json", "JSON"),
    ],
)
def test_an_event_must_be_json(patterns: RunningHost, body: bytes, content_type: str, reason: str) -> None:
    patterns.manage("POST", "orchestrators/approval/strict")
    headers = {"content-type": content_type}
    refused = patterns.manage("POST", "instances/strict/raiseEvent/Approval", content=body, headers=headers)
    assert refused.status_code == 400
    assert reason in refused.json()["Message"]
    assert patterns.status("strict")["runtimeStatus"] in ("Pending", "Running")
