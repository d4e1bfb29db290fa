"""A disk without room, and who asks meanwhile: a clear refusal, reading goes on, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.integration.agents.test_full_disk import Disk, disk

from .conftest import Edge

__all__ = ["disk"]


def test_what_cannot_be_written_is_a_503_and_done_once_when_there_is_room_again(
    edge: Edge, home: Path, disk: Callable[..., Disk]
) -> None:
    small = disk(home, 4096)
    wanted = {"name": "CRM", "scopes": ["reader"], "workspaces": ["main"]}
    key = edge.ask("POST", "/api/v1/keys", wanted).json["key"]
    small.fill()
    hook, asked = {"url": "https://example.com/hook"}, {"Idempotency_Key": "1"}
    for _ in range(20):
        answer = edge.ask("POST", "/api/v1/webhooks", hook)
        if answer.status != 201:
            break
    assert (answer.status, list(answer.fields), answer.headers["Retry-After"]) == (503, ["store"], "5")
    before = len(edge.ask("GET", "/api/v1/webhooks", token=key).json["items"])
    assert edge.ask("POST", "/api/v1/webhooks", hook, **asked).status == 503
    upload = edge.ask("POST", "/api/v1/contacts/imports", b"email\n" + b"a" * 100_000, Content_Type="text/csv")
    assert upload.status == 503

    small.resize(8192)
    first, again = (edge.ask("POST", "/api/v1/webhooks", hook, **asked) for _ in "12")
    assert (first.status, again.status, again.json["type"]) == (201, 409, "urn:baton:problem:shown-once")
    assert len(edge.ask("GET", "/api/v1/webhooks").json["items"]) == before + 1
