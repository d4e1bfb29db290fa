"""The patterns of Durable Functions, run by the unmodified SDK inside the host and driven over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.host.process import RunningHost


def test_a_chain_hands_each_result_on(patterns: RunningHost) -> None:
    result = patterns.call("POST", "run/chain", {"amount": 5})
    assert result == {"order": {"amount": 5, "total": 15, "packed_by": "pack_order"}, "version": "1.0.0"}


def test_a_failing_activity_fails_the_instance_with_its_message(patterns: RunningHost) -> None:
    response = patterns.http.post("/api/run/chain", json={"amount": -1})
    assert response.status_code == 500
    assert "amount: -1 is negative" in response.json()["output"]
    assert patterns.logged("ValueError: amount: -1 is negative")


def test_results_of_a_fan_out_come_together(patterns: RunningHost) -> None:
    assert patterns.call("POST", "run/squares", 200) == sum(number * number for number in range(200))


def test_sub_orchestrations_return_and_fail_into_their_parent(patterns: RunningHost) -> None:
    result = patterns.call("POST", "run/parent")
    assert result["results"] == [{"total": total, "has_parent": True} for total in (3, 6, 9)]
    assert "amount: -1 is negative" in result["failure"]


def test_an_eternal_orchestration_carries_its_state_on(patterns: RunningHost) -> None:
    assert patterns.call("POST", "run/count", {"at": 1, "to": 30, "sum": 0}) == sum(n * n for n in range(1, 31))


def test_an_approval_waits_for_a_person(patterns: RunningHost) -> None:
    patterns.call("POST", "start/approval/by-client")
    patterns.call("POST", "instances/by-client/events/Approval", {"by": "ann"})
    assert patterns.until("by-client", "Completed")["output"] == {"decision": {"by": "ann"}}


def test_a_plain_post_raises_an_event_with_the_value_itself(patterns: RunningHost) -> None:
    patterns.call("POST", "start/approval/by-curl")
    assert patterns.manage("POST", "instances/by-curl/raiseEvent/Approval", json={"by": "bob"}).status_code == 202
    assert patterns.until("by-curl", "Completed")["output"] == {"decision": {"by": "bob"}}


def test_a_version_can_be_chosen_at_the_start(patterns: RunningHost) -> None:
    patterns.call("POST", "start/chain/older?version=0.9.0", {"amount": 1})
    assert patterns.until("older", "Completed")["output"]["version"] == "0.9.0"


def test_the_client_starts_only_what_exists_and_only_once(patterns: RunningHost) -> None:
    unknown = patterns.http.post("/api/start/nobody")
    assert unknown.status_code == 409
    assert "nobody" in unknown.json()["error"]
    patterns.call("POST", "start/approval/twice")
    assert "twice" in patterns.http.post("/api/start/approval/twice").json()["error"]
    patterns.call("POST", "instances/twice/terminate")
    patterns.call("POST", "start/approval/twice")
    assert patterns.status("twice")["runtimeStatus"] in ("Pending", "Running")


def test_the_client_suspends_resumes_and_terminates(patterns: RunningHost) -> None:
    patterns.call("POST", "start/approval/steered")
    patterns.call("POST", "instances/steered/suspend")
    patterns.until("steered", "Suspended")
    patterns.call("POST", "instances/steered/events/Approval", "yes")
    assert patterns.status("steered")["runtimeStatus"] == "Suspended"
    patterns.call("POST", "instances/steered/resume")
    assert patterns.until("steered", "Completed")["output"] == {"decision": "yes"}
    patterns.call("POST", "start/approval/ended")
    patterns.call("POST", "instances/ended/terminate?reason=no longer wanted")
    assert patterns.until("ended", "Terminated")["output"] == "no longer wanted"


def test_the_client_restarts_an_instance(patterns: RunningHost) -> None:
    patterns.call("POST", "start/chain/again", {"amount": 7})
    first = patterns.until("again", "Completed")
    links = patterns.call("POST", "instances/again/restart?new=true")
    assert patterns.until(links["id"], "Completed")["output"] == first["output"]
    assert links["id"] != "again"
    assert patterns.call("POST", "instances/again/restart")["id"] == "again"
    patterns.until("again", "Completed")


def test_the_client_reads_a_status_with_its_history(patterns: RunningHost) -> None:
    patterns.call("POST", "start/chain/told", {"amount": 2})
    patterns.until("told", "Completed")
    status = patterns.call("GET", "instances/told")
    assert (status["name"], status["runtimeStatus"], status["customStatus"]) == ("chain", "Completed", "packing")
    assert status["input"] == '{"amount": 2}'
    calls = [event["FunctionName"] for event in status["events"] if event["EventType"] == "TaskCompleted"]
    assert calls == ["price", "pack"]
    assert status["events"][-1]["EventType"] == "ExecutionCompleted"


def test_the_client_finds_instances_and_forgets_them(patterns: RunningHost) -> None:
    for number in range(3):
        patterns.call("POST", f"start/chain/lot-{number}", {"amount": number})
        patterns.until(f"lot-{number}", "Completed")
    assert patterns.call("GET", "instances?prefix=lot-&status=Completed") == ["lot-0", "lot-1", "lot-2"]
    assert patterns.call("DELETE", "instances/lot-1") == 1
    assert patterns.call("DELETE", "instances/lot-1") == 0
    assert patterns.call("GET", "instances?prefix=lot-") == ["lot-0", "lot-2"]
    assert patterns.http.get("/api/instances/lot-1").status_code == 404
    assert patterns.call("DELETE", "instances?since=2020-01-01T00:00:00") >= 2
    assert patterns.call("GET", "instances?prefix=lot-") == []


@pytest.mark.parametrize("operation", ["suspend", "resume", "terminate"])
def test_the_client_cannot_steer_what_is_not_there(patterns: RunningHost, operation: str) -> None:
    answer = patterns.http.post(f"/api/instances/nowhere/{operation}")
    assert "nowhere" in answer.json()["error"]


def test_synchronous_functions_answer_while_all_activity_threads_are_busy(
    patterns: RunningHost, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    started = [patterns.call("POST", "start/gated", str(gate))["id"] for _ in range(8)]
    assert patterns.call("GET", "ping") == "pong"
    assert {patterns.status(instance_id)["runtimeStatus"] for instance_id in started} == {"Running"}
    gate.touch()
    for instance_id in started:
        patterns.until(instance_id, "Completed")
