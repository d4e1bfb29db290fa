"""Rules of trust 4.2, inbound: verified on the raw bytes, within five minutes, each id once; refused in words."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from standardwebhooks.webhooks import Webhook as Oracle

from shared import wiring
from shared.agents import tasks
from shared.domain.outcome import Later
from shared.domain.scope import Scope
from shared.domain.webhook import sign_webhook

from .conftest import Answered, Edge

SCOPE = Scope("local", "main")
WORK = {"agent": "analyst", "title": "March", "instructions": "What went well?"}


class Other:
    """Another system, which was given the addresses and the secret."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.told = edge.ask("GET", "/api/v1/feedback/settings").json

    def target(self, name: str) -> str:
        parts = urlsplit(self.told[name])
        return f"{parts.path}?{parts.query}"

    def send(self, name: str, data: Any, id: str = "msg_1", at: datetime | None = None, **headers: str) -> Answered:
        body = data if isinstance(data, bytes) else json.dumps({"data": data}).encode()
        signed = sign_webhook(self.told["secret"], id, at or wiring.ports().clock.now(), body)
        given = {key.replace("-", "_"): value for key, value in signed.items()} | headers
        return self.edge.ask("POST", self.target(name), body, token=None, **given)

    def task(self, **more: Any) -> str:
        return str(self.edge.ask("POST", "/api/v1/tasks", {**WORK, **more}).json["id"])

    def read(self, id: str) -> Any:
        return self.edge.ask("GET", f"/api/v1/tasks/{id}").json


@pytest.fixture
def other(edge: Edge) -> Other:
    return Other(edge)


def test_a_task_that_was_done_elsewhere_is_done_once_and_in_the_journal(other: Other) -> None:
    id = other.task()
    assert other.send("task_status", {"task": id, "status": "running"}, "msg_0").json == {"changed": [id]}
    report = {"task": id, "status": "done", "result": "Sold out."}
    assert other.send("task_status", report).json == {"changed": [id]}
    assert other.send("task_status", report).json == {"changed": []}
    assert other.send("task_status", {"task": id, "status": "failed"}, "msg_2").json == {"changed": []}
    found = other.read(id)
    assert (found["status"], found["result"], found["written_by"]) == ("done", "Sold out.", "another system")
    assert [each["outcome"] for each in found["attempts"]] == ["done"]
    facts = wiring.ports().journal.read(SCOPE, f"task/{id}")
    assert [(fact.what, fact.data["report"]) for fact in facts][:2] == [("reported", "msg_0"), ("reported", "msg_1")]
    assert "Sold out" not in str(facts)


def test_a_task_waits_for_a_workflow_until_it_is_reported(other: Other) -> None:
    id = other.task(waits_for="crm-export-7", execute=True)
    order = {"scope": [*SCOPE], "task": id, "run": 1, "instance": f"local~main~task~{id}~1"}
    assert isinstance(tasks.run(wiring.ports(), order), Later)
    assert other.read(id)["status_reason"] == "waits for the workflow crm-export-7"
    done = {"workflow": "crm-export-7", "status": "completed"}
    assert other.send("workflow_completed", done).json == {"changed": [id]}
    assert other.read(id)["waited_for"]
    tasks.run(wiring.ports(), order)
    assert "workflow" not in (other.read(id)["status_reason"] or "")


def test_a_task_whose_workflow_failed_fails(other: Other) -> None:
    id = other.task(waits_for="crm-export-8", execute=True)
    other.send("workflow_completed", {"workflow": "crm-export-8", "status": "failed", "reason": "no disk"})
    assert (other.read(id)["status"], other.read(id)["status_reason"]) == ("failed", "no disk")


def test_the_specifications_own_library_may_sign(other: Other) -> None:
    id, now = other.task(), wiring.ports().clock.now()
    body = json.dumps({"data": {"task": id, "status": "done"}})
    signature = Oracle(other.told["secret"]).sign("msg_o", now, body)
    headers = {"webhook_id": "msg_o", "webhook_timestamp": str(int(now.timestamp())), "webhook_signature": signature}
    answered = other.edge.ask("POST", other.target("task_status"), body.encode(), token=None, **headers)
    assert answered.json == {"changed": [id]}


@pytest.mark.parametrize(
    "given", ["garbage", "v1,", "v1,\u00e4", "v1a,AAAA", "v1,AAAA v1,BBBB", "", "v1," + "A" * 9999]
)
def test_what_is_not_signed_is_a_401_whatever_stands_there(other: Other, given: str) -> None:
    refused = other.send("task_status", {"task": other.task(), "status": "done"}, webhook_signature=given)
    assert (refused.status, [*refused.fields]) == (401, ["webhook-signature"])


@pytest.mark.parametrize("minutes", [-6, 6])
def test_outside_five_minutes_is_a_401(other: Other, minutes: int) -> None:
    at = wiring.ports().clock.now() + timedelta(minutes=minutes)
    assert other.send("task_status", {"task": "t", "status": "done"}, at=at).status == 401


def test_one_of_several_signatures_is_enough_and_other_bytes_are_none(other: Other) -> None:
    id, now = other.task(), wiring.ports().clock.now()
    body = json.dumps({"data": {"task": id, "status": "done"}}).encode()
    mine = sign_webhook(other.told["secret"], "msg_1", now, body)["webhook-signature"]
    assert other.send("task_status", body + b" ", webhook_signature=mine).status == 401
    assert other.send("task_status", body, webhook_signature=f"v1,AAAA {mine}").status == 200


def test_an_unknown_id_is_404_a_wrong_field_400_too_much_413_another_door_401(other: Other) -> None:
    assert other.send("task_status", {"task": "none", "status": "done"}).status == 404
    assert other.send("workflow_completed", {"workflow": "none", "status": "completed"}).status == 404
    assert other.send("task_status", {"task": "x", "status": "sold"}).fields.keys() == {"data.status"}
    assert other.send("task_status", b"\xff\xfe").status == 400
    assert other.send("task_status", b"x" * 1_000_001).status == 413
    other.told["task_status"] = other.told["task_status"].partition("?")[0] + "?door=" + "A" * 40
    assert other.send("task_status", {"task": "x", "status": "done"}).fields.keys() == {"door"}
