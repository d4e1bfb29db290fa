"""Records golden histories: `python -m tests.flows.record` runs the flows in the real host and keeps what they did.

Run it once for each `defaultVersion` of host.json. A golden that does not replay any more means a new version, or a
bug; it is never recorded over (docs/decisions/0034)."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from local.host.reader import Reader
from shared.domain.names import Flow, instance_id
from tests.e2e.campaign.baton import CAMPAIGN, Baton
from tests.e2e.host.process import wait_for

GOLDEN = Path(__file__).parent / "golden"
SCOPE = ("local", "main")


def _keep(reader: Reader, name: str, instance: str) -> None:
    record = reader.status(instance)
    assert record is not None, instance
    history = reader.history(instance)
    golden: dict[str, Any] = {
        "orchestrator": record.name,
        "instance": instance,
        "input": json.loads(record.input or "null"),
        "output": json.loads(record.output) if record.output else None,
        "history": history,
    }
    folder = GOLDEN / str(record.version)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / f"{name}.json").exists():
        (folder / f"{name}.json").write_text(json.dumps(golden, indent=1) + "\n")


def _campaign(baton: Baton) -> str:
    """Approved after one change, paused and resumed on the way."""
    id = baton.create(window={"days": 2, "hours": [9, 18]})
    asked = baton.until(id, "awaiting_approval")
    wish = {"decision": "changes", "digest": asked["digest"], "comment": "shorter"}
    baton.ask("POST", f"campaigns/{id}/approvals", wish)
    baton.until(id, "awaiting_approval")
    baton.ask("POST", f"campaigns/{id}/pause")
    baton.ask("POST", f"campaigns/{id}/resume")
    baton.approve(id)
    baton.until(id, "completed")
    return id


def _opt_in(baton: Baton) -> str:
    """One person is asked; the mail leaves at once."""
    rows = "email,consent\nnew@people.example,pending\n"
    taken = baton.ask("POST", "contacts/imports", content=rows, headers={"Content-Type": "text/csv"})
    baton.imported(str(taken["id"]))
    (waiting,) = baton.ask("GET", "contacts?consent=pending")["items"]
    wish = {"sender": CAMPAIGN["sender"], "wording": "They may send me offers"}
    return str(baton.ask("POST", f"contacts/{waiting['id']}/opt-in", wish)["asking"])


def _task(baton: Baton) -> str:
    """Nobody here can do it, so it ends at once, as failed."""
    asked = {"title": "March", "instructions": "What went well?"}
    task = baton.ask("POST", "agents/analyst/execute", asked)["id"]
    assert baton.host
    baton.host.until(instance_id(SCOPE, "task", task), "Completed")
    return str(task)


def _piece(baton: Baton) -> str:
    """Two texts, by the built-in writer."""
    body = {"name": "Spring", "sender": "The Practice", "brief": CAMPAIGN["brief"], "formats": ["linkedin", "sms"]}
    id = str(baton.ask("POST", "pieces", body)["id"])
    assert baton.host
    baton.host.until(instance_id(SCOPE, Flow.PIECE, id), "Completed")
    return id


def _erasure(baton: Baton) -> str:
    """The first person of the address book."""
    person = baton.ask("GET", "contacts?limit=1")["items"][0]["id"]
    id = str(baton.ask("POST", f"contacts/{person}/erasure", {"checked": "signed_in"})["id"])
    assert baton.host
    baton.host.until(instance_id(SCOPE, Flow.ERASURE, id), "Completed")
    return id


def _renewal(baton: Baton) -> str:
    """What is encrypted moves to a new key."""
    baton.ask("POST", "keyrings/field/keys")
    instance = instance_id(("local", "_"), Flow.RENEWAL, "field")
    assert baton.host
    baton.host.until(instance, "Completed")
    return instance


def _run(baton: Baton) -> str:
    """A loop, a condition, steps beside each other, one that asks a person and is done again, one at the end."""
    steps = [
        {"id": "each", "type": "value", "foreach": {"items": "${{ [1, 2, 3] }}", "at_once": 2}, "with": {"value": 1}},
        {"id": "never", "type": "value", "when": "${{ inputs.of == 1 }}", "with": {"value": 1}},
        {"id": "asks", "type": "value", "with": {"value": "${{ inputs.of.them }}"}, "on_error": "ask"},
        {"id": "sum", "type": "value", "needs": ["each", "asks"], "with": {"value": "${{ steps.each.outputs }}"}},
    ]
    last = [{"id": "end", "type": "value", "with": {"value": "${{ steps.never.state }}"}}]
    inputs = {"of": {"type": "object", "default": {}}}
    plan = {"process": "golden", "title": "A golden", "inputs": inputs, "steps": steps, "finally": last}
    baton.ask("PUT", "processes/golden", content=json.dumps(plan))
    id = str(baton.ask("POST", "processes/golden/runs", {})["id"])
    wait_for(lambda: baton.ask("GET", f"runs/{id}/news")["counts"].get("asking"))
    baton.ask("PATCH", f"runs/{id}/inputs", {"inputs": {"of": {"them": 3}}})
    baton.ask("POST", f"runs/{id}/settle", {"step": "asks", "decision": "retry"})
    assert baton.host
    baton.host.until(instance_id(SCOPE, "run", id), "Completed")
    return id


def _within(baton: Baton) -> str:
    """Processes within a process: two beside each other in a loop, and one that fails, which the run outlives."""
    half = {"id": "half", "type": "value", "with": {"value": "${{ 6 // inputs.of }}"}}
    inner = {"process": "inner", "title": "Half", "inputs": {"of": {"type": "integer"}}, "steps": [half]}
    each = {"items": "${{ [1, 2] }}", "at_once": 2}
    steps = [
        {"id": "each", "type": "process", "foreach": each, "with": {"name": "inner", "inputs": {"of": "${{ item }}"}}},
        {"id": "fails", "type": "process", "on_error": "continue", "with": {"name": "inner", "inputs": {"of": 0}}},
        {"id": "after", "type": "value", "needs": ["each", "fails"], "with": {"value": "${{ steps.fails.state }}"}},
    ]
    for plan in (inner, {"process": "outer", "title": "A golden with others in it", "steps": steps}):
        baton.ask("PUT", f"processes/{plan['process']}", content=json.dumps(plan))
    id = str(baton.ask("POST", "processes/outer/runs", {})["id"])
    assert baton.host
    baton.host.until(instance_id(SCOPE, "run", id), "Completed")
    return id


JOURNEY = """
journey: golden
title: A golden
enter: {segment: {all: true}}
sender: {name: The Practice, address: hello@practice.example, postal_address: "1 Mill Road, Leeds"}
hours: [0, 24]
steps:
  - send: hello
    text: {subject: Hello, paragraphs: [It begins.], link: {text: See it, url: "https://practice.example/"}}
  - wait: 1 day
  - if: {clicked: hello}
    then: [{tag: keen}]
"""


def _journey(baton: Baton) -> str:
    """Everybody gets a mail and waits; paused and resumed on the way; then it is over."""
    drawn = baton.ask("PUT", "journeys/golden", content=JOURNEY)
    (mail,) = drawn["journey"]["mails"].values()
    baton.approve(mail)
    wait_for(lambda: not baton.ask("GET", "journeys/golden")["steps"][0]["waits_for"] or None)
    for what in ("start", "pause", "resume"):
        baton.ask("POST", f"journeys/golden/{what}")
    assert baton.host
    instance = instance_id(SCOPE, Flow.JOURNEY, "golden")
    baton.host.until(instance, "Completed")
    return instance


def _discovery(baton: Baton) -> str:
    """A list of two batches, none of whose sites may be asked."""
    rows = "\n".join(f"http://127.0.0.{n}" for n in range(1, 51))
    content = {"content": rows, "headers": {"Content-Type": "text/plain"}}
    id = str(baton.ask("POST", "leads/lists", **content)["id"])
    assert baton.host
    instance = instance_id(SCOPE, Flow.DISCOVERY, id)
    baton.host.until(instance, "Completed")
    return instance


def _bookkeeping(baton: Baton) -> str:
    """A deposit and a rest, two days on, become drafts on their days; then there is nothing to wait for."""
    buyer = {"name": "Praxis Weber", "address": "Elbchaussee 12\n22765 Hamburg", "country": "DE"}
    seller = {**buyer, "name": "Nordlicht Studio", "vat_id": "DE123456789"}
    bank = {"iban": "DE89370400440532013000", "bank": "Commerzbank", "account_holder": "Nordlicht Studio"}
    baton.ask("PUT", "billing", {**bank, "seller": seller, "dunning": []})
    assert baton.host
    today = datetime.fromisoformat(baton.host.clock()["now"]).date()
    parts = [{"title": f"Part {n}", "percent": "50", "on": str(today + timedelta(days=2 * n))} for n in (0, 1)]
    lines = [{"title": "Website", "unit_net": "2400.00", "vat_rate": "19"}]
    wish = {"buyer": buyer, "lines": lines, "schedule": {"parts": parts}}
    plan = baton.ask("POST", "invoice-plans", wish)["id"]
    wait_for(lambda: baton.ask("GET", f"invoice-plans/{plan}")["status"] == "done" or None)
    return instance_id(SCOPE, Flow.BOOKKEEPING, "flow")


def _watch(baton: Baton) -> str:
    """A season is counted on two days, then nobody watches it."""
    wish = {"name": "Seasons", "about": "season", "seasons": [{"name": "Spring", "start": "03-01", "end": "05-31"}]}
    id = str(baton.ask("POST", "watches", wish)["id"])
    begun = baton.ask("GET", f"watches/{id}")["next_at"]
    wait_for(lambda: ((at := baton.ask("GET", f"watches/{id}")["read_at"]) and at > begun) or None)
    baton.ask("DELETE", f"watches/{id}")
    assert baton.host
    instance = instance_id(SCOPE, Flow.WATCH, id)
    baton.host.until(instance, "Completed")
    return instance


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        baton = Baton(Path(folder), "--clock", "virtual=2027-03-02T17:30:00Z").start()
        taken = baton.import_people(150)
        baton.imported(taken)
        id = _campaign(baton)
        rejected = baton.create(name="Rejected")
        asked = baton.until(rejected, "awaiting_approval")
        baton.ask("POST", f"campaigns/{rejected}/approvals", {"decision": "reject", "digest": asked["digest"]})
        baton.until(rejected, "cancelled")
        asking = _opt_in(baton)
        task, piece = _task(baton), _piece(baton)
        assert baton.host
        baton.host.until(instance_id(SCOPE, "campaign", rejected), "Completed")
        baton.host.until(instance_id(SCOPE, "campaign", id), "Completed")
        baton.host.until(instance_id(SCOPE, "opt-in", asking), "Completed")
        erased, renewed = _erasure(baton), _renewal(baton)
        ran, outer = _run(baton), _within(baton)
        went, found, kept = _journey(baton), _discovery(baton), _bookkeeping(baton)
        watched = _watch(baton)
        baton.host.stop()
        reader = Reader(Path(folder) / "state" / "host.db")
        _keep(reader, "contact_import", instance_id(SCOPE, "import", taken))
        _keep(reader, "opt_in", instance_id(SCOPE, "opt-in", asking))
        _keep(reader, "campaign", instance_id(SCOPE, "campaign", id))
        _keep(reader, "campaign_rejected", instance_id(SCOPE, "campaign", rejected))
        _keep(reader, "task", instance_id(SCOPE, "task", task))
        _keep(reader, "piece", instance_id(SCOPE, Flow.PIECE, piece))
        _keep(reader, "erasure", instance_id(SCOPE, Flow.ERASURE, erased))
        _keep(reader, "renewal", renewed)
        _keep(reader, "run", instance_id(SCOPE, "run", ran))
        _keep(reader, "run_within", instance_id(SCOPE, "run", outer))
        _keep(reader, "journey", went)
        _keep(reader, "discovery", found)
        _keep(reader, "bookkeeping", kept)
        _keep(reader, "watch", watched)
        _keep(reader, "distribution", instance_id(SCOPE, "distribution", f"{id}-0"))


if __name__ == "__main__":
    main()
