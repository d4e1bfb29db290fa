"""Commands of other systems over the host's own queue: one effect each, refused by field, never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.campaign.baton import CAMPAIGN, Baton
from tests.e2e.host.process import wait_for

SCOPE = {"tenant": '"local"', "workspace": '"main"'}
CONTACTS = "email,first_name,timezone,consent\nann@people.example,Ann,UTC,yes\n"


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Baton]:
    baton = Baton(tmp_path_factory.mktemp("commands"), "--clock", "real").start()
    incoming = baton.home / "files" / "local" / "main" / "incoming"
    made = baton.raw("POST", "webhooks", json={"url": "https://nobody.invalid/"})
    assert made.status_code == 201, made.text  # the workspace is known from now on
    incoming.mkdir(parents=True, exist_ok=True)
    (incoming / "people.csv").write_text(CONTACTS)
    try:
        yield baton
    finally:
        if baton.host:
            baton.kill()


def send(baton: Baton, id: str, type: str, data: dict[str, Any], sent_as: str | None = None, **more: str) -> None:
    """As another system does through the REST API; `sent_as` is the broker's id, by which it drops duplicates."""
    assert baton.host
    headers = {
        "x-functions-key": baton.host.keys["servicebus"],
        "BrokerProperties": json.dumps({"MessageId": sent_as or id}),
        "id": json.dumps(id),
        **SCOPE,
        **more,
    }
    body = json.dumps({"type": type, "data": data})
    answer = baton.host.http.post("/commands/messages", content=body, headers=headers)
    assert answer.status_code == 201, answer.text


def dead(baton: Baton) -> list[dict[str, Any]]:
    return list(baton.ask("GET", "bus/dead-letters")["items"])


def quiet(baton: Baton) -> bool | None:
    """Whether nothing waits in the queue or is being worked on."""
    assert baton.host
    code = baton.host.keys["master"]
    queues = baton.host.http.get("/admin/host/queues", params={"code": code}).json()
    found = next(each for each in queues if each["name"] == "commands")
    return True if found["active"] == found["locked"] == 0 else None


def test_contacts_come_in_by_reference_and_a_campaign_starts_once(baton: Baton) -> None:
    send(baton, "import-1", "contacts.import", {"file": "incoming/people.csv"})
    wait_for(
        lambda: (
            [each for each in baton.ask("GET", "contacts/imports")["items"] if each["status"] == "completed"] or None
        )
    )
    request = {**CAMPAIGN, "name": "By the bus"}
    for number in range(3):  # the sender was killed before it noted that it had sent it
        send(baton, "crm-17", "campaign.start", request, sent_as=f"crm-17-{number}")
    wait_for(lambda: quiet(baton))
    assert dead(baton) == []
    (made,) = baton.ask("GET", "campaigns")["items"]
    assert (made["name"], made["created_by"]) == ("By the bus", "bus")
    wait_for(lambda: baton.ask("GET", f"campaigns/{made['id']}")["status"] == "awaiting_approval" or None)
    assert dead(baton) == []


def test_a_task_is_executed_once_for_each_message(baton: Baton) -> None:
    body = {"agent": "analyst", "title": "March", "instructions": "What went well?"}
    task = baton.ask("POST", "tasks", json=body)["id"]
    for number in range(2):
        send(baton, "run-1", "task.execute", {"task": task}, sent_as=f"run-1-{number}")
    wait_for(lambda: quiet(baton))
    assert baton.ask("GET", f"tasks/{task}")["run"] == 1
    send(baton, "wake-1", "wake", {"kind": "task", "id": task})
    wait_for(lambda: quiet(baton))
    assert dead(baton) == []


def test_a_process_that_waits_for_its_subject_runs_once(baton: Baton) -> None:
    plan = """{"process": "lists", "title": "Lists", "inputs": {"name": {}}, "triggers": [{"bus": "list.came"}],
        "steps": [{"id": "a", "type": "value", "with": {"value": "${{ inputs.name }}"}}],
        "outputs": {"said": "${{ steps.a.outputs.value }}"}}"""
    put = baton.raw("PUT", "processes/lists?file=lists.json", content=plan, headers={"content-type": "text/plain"})
    assert put.status_code == 201, put.text
    asked = {"process": "lists", "subject": "list.came", "inputs": {"name": "March"}}
    for number in range(2):
        send(baton, "list-1", "process.start", asked, sent_as=f"list-1-{number}")
    wait_for(lambda: [each for each in baton.ask("GET", "runs")["items"] if each["status"] == "done"] or None)
    wait_for(lambda: quiet(baton))
    (run,) = baton.ask("GET", "runs")["items"]
    assert (run["outputs"], run["trigger"], run["created_by"]) == ({"said": "March"}, "bus", "bus")
    assert dead(baton) == []
    (standing,) = baton.ask("GET", "processes/lists")["standing"]
    assert (standing["kind"], standing["cause"]) == ("bus", "list.came")


def test_what_cannot_be_taken_is_a_dead_letter_with_the_field_and_is_sent_again(baton: Baton) -> None:
    send(baton, "bad-1", "campaign.start", {**CAMPAIGN, "name": "", "holdout": 7})
    send(baton, "bad-2", "contacts.import", {"file": "incoming/late.csv"})
    send(baton, "bad-3", "contacts.import", {"file": "../../owner.token"})
    send(baton, "bad-4", "sell.everything", {})
    wait_for(lambda: len(dead(baton)) == 4 or None)
    found = {each["id"]: each for each in dead(baton)}
    fields = {id: {error["field"] for error in each["errors"]} for id, each in found.items()}
    assert fields == {"bad-1": {"name", "holdout"}, "bad-2": {"file"}, "bad-3": {"file"}, "bad-4": {"type"}}
    assert found["bad-1"]["reason"] == "MaxDeliveryCountExceeded"
    (baton.home / "files" / "local" / "main" / "incoming" / "late.csv").write_text(CONTACTS)
    again = {"numbers": [found["bad-2"]["number"]]}
    assert baton.ask("POST", "bus/dead-letters/replay", json=again) == again
    wait_for(lambda: quiet(baton))
    assert {each["id"] for each in dead(baton)} == {"bad-1", "bad-3", "bad-4"}
    assert len(baton.ask("GET", "contacts/imports")["items"]) == 2


def test_whose_workspace_is_not_known_gets_nothing_done(baton: Baton) -> None:
    before = len(baton.ask("GET", "campaigns")["items"])
    for id, scope in (
        ("w-1", {"workspace": '"elsewhere"'}),
        ("w-2", {"tenant": '"other"'}),
        ("w-3", {"tenant": '"~"'}),
    ):
        send(baton, id, "campaign.start", {**CAMPAIGN, "name": id}, **scope)
    wait_for(lambda: quiet(baton))
    assert len(baton.ask("GET", "campaigns")["items"]) == before


def test_a_host_that_is_killed_with_messages_in_its_hands_loses_none(baton: Baton) -> None:
    names = [f"Killed {number}" for number in range(4)]
    for number, name in enumerate(names):
        send(baton, f"kill-{number}", "campaign.start", {**CAMPAIGN, "name": name})
        if number == 2:
            baton.kill()
            baton.start()
    wait_for(lambda: quiet(baton))
    found = [each["name"] for each in baton.ask("GET", "campaigns")["items"]]
    assert sorted(each for each in found if each.startswith("Killed")) == names
