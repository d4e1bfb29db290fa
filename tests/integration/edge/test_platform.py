"""Alive, and able: what is asked of a host that serves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from shared import wiring

from .conftest import Edge

HOMES = {"documents", "ledger", "journal", "files", "email"}


@contextmanager
def mute() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=5)) as listener:
        yield listener.getsockname()[1]


def closed() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


def set_anew(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    wiring.close()
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def test_alive_needs_no_token_and_no_home(edge: Edge) -> None:
    assert edge.ask("GET", "/api/v1/health", token=None).json == {"status": "ok"}


def test_each_home_that_does_not_answer_is_named_with_what_mends_it(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mute() as port:
        set_anew(
            monkeypatch,
            BATON_SMTP_URL=f"smtp://127.0.0.1:{closed()}",
            BATON_MODEL_URL=f"http://127.0.0.1:{closed()}/v1",
            BATON_MODEL_NAME="m",
            BATON_LOCAL_MODEL_URL=f"http://127.0.0.1:{port}/v1",
            BATON_LOCAL_MODEL_NAME="m",
        )
        answer = edge.ask("GET", "/api/v1/ready")
    checks = answer.json["checks"]
    assert (answer.status, checks.keys()) == (503, HOMES | {"BATON_MODEL_URL", "BATON_LOCAL_MODEL_URL"})
    wrong = {name for name, said in checks.items() if said != "ok"}
    assert wrong == {"email", "BATON_MODEL_URL"}
    assert "check BATON_SMTP_URL" in checks["email"]
    assert checks["BATON_MODEL_URL"].endswith("; check BATON_MODEL_URL")


def test_a_connection_string_that_is_none_is_said_by_its_name(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    edge.ask("GET", "/api/v1/ready")
    set_anew(monkeypatch, APPLICATIONINSIGHTS_CONNECTION_STRING="nonsense")
    answer = edge.ask("GET", "/api/v1/ready", token="any")
    assert (answer.status, list(answer.fields)) == (503, ["APPLICATIONINSIGHTS_CONNECTION_STRING"])


def test_a_server_that_says_nothing_is_not_waited_for(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.http.readiness.PATIENCE", 0.3)
    with mute() as port:
        set_anew(monkeypatch, BATON_SMTP_URL=f"smtp://127.0.0.1:{port}")
        answer = edge.ask("GET", "/api/v1/ready")
    assert answer.status == 503
    assert answer.json["checks"]["email"].startswith("does not answer within 0.3 s; check BATON_SMTP_URL")
    assert answer.json["checks"]["documents"] == "ok"


def test_a_home_on_a_disk_that_cannot_be_read_is_named(edge: Edge, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edge.ask("GET", "/api/v1/ready")
    set_anew(monkeypatch, FilesConnection=f"AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{closed()}/a")
    checks = edge.ask("GET", "/api/v1/ready").json["checks"]
    assert "check FilesConnection__blobServiceUri" in checks["files"]
    assert {name for name, said in checks.items() if said == "ok"} == HOMES - {"files"}
