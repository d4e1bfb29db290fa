"""Requests of a process to other systems."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from shared.adapters.endpoints.guarded import GuardedEndpoints
from shared.process.errors import InputError, PolicyError, ProviderError, TransientError
from shared.process.steps import step_type
from tests.integration.process.real_desk import Room
from tests.servers.provider import Asked, ProviderServer, Reply, Twist


@dataclass
class Store(ProviderServer):
    """Tells and takes cases."""

    taken: list[bytes] = field(default_factory=list)
    reply: Reply = field(default_factory=lambda: Reply.of(200, {"cases": [1, 2]}))

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return self.reply
        self.taken.append(asked.body)
        return Reply.of(201, {"id": 7})


@pytest.fixture
def store(here: Room) -> Iterator[Store]:
    with Store() as server:
        here.ports = replace(here.ports, endpoints=GuardedEndpoints(f"127.0.0.1:{server.port}"))
        yield server


def test_what_is_asked_is_an_output_or_a_file(here: Room, store: Store) -> None:
    got = here.do("http.get", {"url": f"{store.url}/cases?a=1", "query": {"b": "x y"}, "headers": {"X-Key": "k"}})
    assert got.outputs == {"status": 200, "body": {"cases": [1, 2]}, "file": None}
    assert got.left == ()
    asked = store.asked[-1]
    assert (asked.target, asked.headers["x-key"]) == ("/cases?a=1&b=x+y", "k")
    kept = here.do("http.get", {"url": store.url, "keep": "cases.json"}).outputs["file"]
    assert here.bytes(kept) == b'{"cases": [1, 2]}'


def test_what_happens_there_carries_the_steps_key(here: Room, store: Store) -> None:
    given = {"url": store.url, "json": {"case": "é"}}
    for _ in range(2):
        done = here.do("http.post", given, here.desk("tell"))
        assert done.outputs["status"] == 201
        assert done.left == ("POST was answered 201",)
    assert json.loads(store.taken[0]) == {"case": "é"}
    assert {asked.headers["idempotency-key"] for asked in store.asked} == {"r1-tell"}
    file = here.file("rows.csv", "a\n")
    here.do("http.put", {"url": store.url, "file": file})
    assert store.taken[-1] == b"a\n"
    assert [step_type(name).repeatable for name in ("http.get", "http.put", "http.post")] == [True, True, False]


@pytest.mark.parametrize("status", [301, 400, 404])
def test_a_refusal_is_the_providers(here: Room, store: Store, status: int) -> None:
    store.reply = Reply(status, b"", {"Location": "http://169.254.169.254/"})
    with pytest.raises(ProviderError, match=str(status)):
        here.do("http.get", {"url": store.url})
    assert here.do("http.get", {"url": store.url, "expect": [status]}).outputs["status"] == status
    assert len(store.asked) == 2


def test_what_may_pass_is_transient_and_says_what_may_have_happened(here: Room, store: Store) -> None:
    store.script.append(Twist(take=False, reply=Reply(503)))
    with pytest.raises(TransientError, match="503") as told:
        here.do("http.post", {"url": store.url, "text": "x"})
    assert told.value.left == ()
    store.script.append(Twist(take=True, reply=None))
    with pytest.raises(TransientError, match="no answer") as told:
        here.do("http.post", {"url": store.url, "text": "x"})
    assert "may have been taken" in told.value.left[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "http://127.0.0.1:1/",
        "http://0x7f.1/",
        "ftp://x.example/",
        "http://a:b@x.example",
    ],
)
def test_only_the_open_internet_is_asked(here: Room, store: Store, url: str) -> None:
    with pytest.raises((PolicyError, TransientError)):
        here.do("http.get", {"url": url})
    assert store.asked == []


def test_a_large_answer_becomes_a_file(here: Room, store: Store) -> None:
    store.reply = Reply(200, b"y" * 300_000)
    with pytest.raises(InputError, match="keep"):
        here.do("http.get", {"url": store.url})
    assert here.do("http.get", {"url": store.url, "keep": "y.txt"}).outputs["file"]["bytes"] == 300_000
    store.reply = Reply(200, b"y" * (21 << 20))
    with pytest.raises(TransientError, match="20 MB"):
        here.do("http.get", {"url": store.url, "keep": "y.txt"})
