"""What only the home in Cosmos DB can suffer: lost answers, throttling, late commits, other orders of texts."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event, Lock
from typing import Any

import pytest

from shared.adapters._azure.cosmos import CONTAINER, DATABASE, DEFAULT_TTL, INDEXING, PARTITION_KEY, cosmos_client
from shared.adapters.documents._cosmos_batch import InDoubt
from shared.adapters.documents._cosmos_wire import NotNow
from shared.adapters.documents.cosmos import CosmosDocuments
from shared.domain.connection import Connection
from shared.domain.faults import Misconfigured
from shared.domain.scope import Scope
from shared.domain.segment import Filter, matches
from shared.ports import Document, Order, Stale, Write
from tests.contract.conftest import HeldClock
from tests.contract.cosmos_home import cosmos_documents
from tests.servers.cosmos import CosmosServer, Fault, scripted
from tests.servers.cosmos.sql import by_utf16_units

ROOT = Path(__file__).parents[2]
LOST_REQUEST = [Fault(), Fault(503), Fault(500)]
LOST_ANSWER = [Fault(applied=True), Fault(503, applied=True), Fault(408, applied=True)]
AT_ONCE = {"x-ms-retry-after-ms": "1"}


@pytest.fixture
def home(cosmos_server: CosmosServer, clock: HeldClock) -> Iterator[CosmosDocuments]:
    with cosmos_documents(cosmos_server, clock) as documents:
        yield documents


@pytest.fixture
def other(home: CosmosDocuments, cosmos_server: CosmosServer, clock: HeldClock) -> Iterator[CosmosDocuments]:
    """Another process on the same container."""
    with cosmos_documents(cosmos_server, clock, replica="there") as documents:
        yield documents


@pytest.mark.parametrize("fault", LOST_REQUEST + LOST_ANSWER, ids=repr)
def test_a_write_without_an_answer_is_done_once(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, fault: Fault
) -> None:
    cosmos_server.trouble = scripted("batch", fault, None, fault, None, fault)
    created = home.put(scope, "identity", "i", {"n": 1})
    changed = home.put(scope, "identity", "i", {"n": 2}, created.rev)
    assert home.get(scope, "identity", "i") == changed
    home.delete(scope, "identity", "i", changed.rev)
    assert [(each.id, each.deleted) for each in home.changes(scope, None)[0]] == [("i", True)]


@pytest.mark.parametrize("fault", LOST_REQUEST + LOST_ANSWER, ids=repr)
def test_a_batch_without_an_answer_is_done_once_and_as_a_whole(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, fault: Fault
) -> None:
    old = home.put(scope, "identity", "old", {"n": 0})
    home.put(scope, "identity", "gone", {})
    home.delete(scope, "identity", "gone")
    cosmos_server.trouble = scripted("batch", fault)
    writes = [
        Write("new", {"n": 1}),
        Write("old", {"n": 1}, old.rev),
        Write("gone", {"n": 1}),
        Write("none", None, "*"),
    ]
    written = home.batch(scope, "identity", writes)
    assert [each and each.id for each in written] == ["new", "old", "gone", None]
    assert home.find(scope, "identity", order=Order("id")).documents == sorted(
        (each for each in written if each), key=lambda each: each.id
    )


def test_a_create_whose_answer_was_lost_is_ours_even_if_somebody_wrote_since(
    home: CosmosDocuments, other: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope
) -> None:
    cosmos_server.trouble = _meanwhile(Fault(applied=True), lambda: other.put(scope, "identity", "i", {"n": 2}, "*"))
    ours = home.put(scope, "identity", "i", {"n": 1})
    assert ours.body == {"n": 1}
    assert _body(home, scope, "i") == {"n": 2}
    with pytest.raises(Stale):
        home.put(scope, "identity", "i", {"n": 3}, ours.rev)


def test_a_create_that_was_lost_before_somebody_elses_is_stale(
    home: CosmosDocuments, other: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope
) -> None:
    cosmos_server.trouble = _meanwhile(Fault(), lambda: other.put(scope, "identity", "i", {"n": 2}))
    with pytest.raises(Stale, match="identity 'i' was changed"):
        home.put(scope, "identity", "i", {"n": 1})
    assert _body(home, scope, "i") == {"n": 2}


def test_a_write_of_any_revision_is_not_repeated_over_what_came_after_it(
    home: CosmosDocuments, other: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope
) -> None:
    home.put(scope, "identity", "i", {"n": 0})
    cosmos_server.trouble = _meanwhile(Fault(applied=True), lambda: other.put(scope, "identity", "i", {"n": 2}, "*"))
    home.put(scope, "identity", "i", {"n": 1}, "*")
    assert _body(home, scope, "i") == {"n": 2}


def test_where_too_many_wrote_since_the_doubt_is_told(
    home: CosmosDocuments, other: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope
) -> None:
    def crowd() -> None:
        for n in range(25):
            other.put(scope, "identity", "i", {"n": n}, "*")

    rev = home.put(scope, "identity", "i", {}).rev
    for fault in (Fault(applied=True), Fault()):
        cosmos_server.trouble = _meanwhile(fault, crowd)
        with pytest.raises(InDoubt):
            home.put(scope, "identity", "i", {"n": "ours"}, rev)
        found = home.get(scope, "identity", "i")
        assert found is not None
        rev = found.rev


def test_a_server_that_never_answers_leaves_doubt_and_one_that_turns_away_does_not(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope
) -> None:
    cosmos_server.trouble = lambda operation: Fault(503) if operation == "batch" else None
    with pytest.raises(InDoubt):
        home.put(scope, "identity", "i", {})
    for status in (429, 449):
        fault = Fault(status, headers=AT_ONCE)
        cosmos_server.trouble = lambda operation, fault=fault: fault if operation == "batch" else None  # type: ignore[misc]
        with pytest.raises(NotNow):
            home.put(scope, "identity", "i", {})
    cosmos_server.trouble = lambda operation: None
    assert home.changes(scope, None) == ([], None)


@pytest.mark.parametrize("status", [429, 449])
def test_throttled_writes_are_done_in_the_end(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, status: int
) -> None:
    cosmos_server.trouble = scripted("batch", *[Fault(status, headers=AT_ONCE)] * 4)
    written = home.put(scope, "identity", "i", {})
    assert home.get(scope, "identity", "i") == written


@pytest.mark.parametrize("fault", [Fault(), Fault(503), Fault(429, headers=AT_ONCE), Fault(408)], ids=repr)
def test_reading_is_repeated_after_a_passing_fault(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, fault: Fault
) -> None:
    home.batch(scope, "tape", [Write(f"t{n:02}", {"n": n}) for n in range(25)])
    cosmos_server.largest_page = 10
    every_second = count()
    cosmos_server.trouble = lambda operation: fault if operation != "other" and next(every_second) % 2 == 0 else None
    assert _body(home, scope, "t07", "tape") == {"n": 7}
    assert [each.body["n"] for each in home.find(scope, "tape").documents] == list(range(25))
    assert len(home.changes(scope, None)[0]) == 25


def test_counting_from_many_threads_on_a_broken_line_loses_nothing_and_doubles_nothing(
    home: CosmosDocuments, other: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope
) -> None:
    home.put(scope, "identity", "i", {"n": 0})
    dice, lock = random.Random(4), Lock()
    # Not 503: the SDK then waits for half a second, in which the others might write more than a trail holds.
    faults = [
        Fault(),
        Fault(500),
        Fault(applied=True),
        Fault(408, applied=True),
        Fault(429, headers=AT_ONCE),
        Fault(449),
    ]

    def trouble(operation: str) -> Fault | None:
        with lock:
            return dice.choice(faults) if operation == "batch" and dice.random() < 0.3 else None

    cosmos_server.trouble = trouble

    def add(worker: int) -> int:
        home_of_worker = (home, other)[worker % 2]
        while True:
            found = home_of_worker.get(scope, "identity", "i")
            assert found is not None
            try:
                home_of_worker.put(scope, "identity", "i", {"n": found.body["n"] + 1, "by": worker}, found.rev)
                return 1
            except (Stale, NotNow):
                continue

    with ThreadPoolExecutor(8) as threads:
        added = sum(threads.map(add, range(80)))
    assert _body(home, scope, "i")["n"] == added == 80


def test_changes_do_not_miss_what_was_committed_late(
    home: CosmosDocuments, other: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, clock: HeldClock
) -> None:
    """The one who stamped first commits last: its stamp lies before the mark, its place in the feed does not."""
    held, go = Event(), Event()

    def hold_the_first(operation: str) -> None:
        if operation == "batch" and not held.is_set():
            held.set()
            assert go.wait(20)

    cosmos_server.trouble = hold_the_first  # type: ignore[assignment]
    with ThreadPoolExecutor(1) as threads:
        late = threads.submit(home.put, scope, "tape", "late", {})
        assert held.wait(20)
        clock.set(clock.now() + timedelta(minutes=1))
        early = other.put(scope, "tape", "early", {})
        seen, mark = other.changes(scope, None)
        go.set()
        assert late.result(20).changed_at < early.changed_at
    assert [each.id for each in seen] == ["early"]
    assert [each.id for each in other.changes(scope, mark)[0]] == ["late"]


def test_stamps_follow_what_was_read_from_a_clock_that_is_ahead(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, clock: HeldClock, tmp_path: Path
) -> None:
    ahead = HeldClock(tmp_path / "ahead")
    ahead.set(clock.now() + timedelta(hours=1))
    with cosmos_documents(cosmos_server, ahead, replica="ahead") as documents:
        theirs = documents.put(scope, "tape", "t", {})
    found = home.get(scope, "tape", "t")
    assert found == theirs
    assert home.put(scope, "tape", "t", {}, found.rev).changed_at > theirs.changed_at
    with cosmos_documents(cosmos_server, clock, replica="blind") as documents:
        assert documents.put(scope, "tape", "t", {}, "*").changed_at > theirs.changed_at


def test_changes_portion_by_portion_from_many_threads(
    home: CosmosDocuments, scope: Scope, fresh_scope: Callable[[], Scope]
) -> None:
    """A batch is not split; marks are each reader's own."""
    scopes = [fresh_scope() for _ in range(8)]

    def use(scope: Scope) -> list[str]:
        for batch in range(3):
            home.batch(scope, "tape", [Write(f"{scope.workspace}-{batch}{n}", {}) for n in range(4)])
        seen: list[str] = []
        mark: str | None = None
        while True:
            portion, mark = home.changes(scope, mark, limit=5)
            if not portion:
                return seen
            assert len(portion) == 8 or len(seen) == 8
            seen += [each.id for each in portion]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(use, scopes))
    for scope, ids in zip(scopes, found, strict=True):
        assert sorted(ids) == sorted(f"{scope.workspace}-{batch}{n}" for batch in range(3) for n in range(4))


def test_a_mark_of_another_scope_is_refused(home: CosmosDocuments, scope: Scope) -> None:
    home.put(scope.agency, "suppression", "s", {"person": "p"})
    mark = home.changes(scope.agency, None)[1]
    for wrong in (mark, "x", "", f"{scope}:"):
        with pytest.raises(ValueError, match="mark"):
            home.changes(scope, wrong)


def test_the_revision_of_a_tombstone_revives_nothing(home: CosmosDocuments, scope: Scope) -> None:
    home.put(scope, "tape", "t", {})
    home.delete(scope, "tape", "t")
    (tombstone,), _ = home.changes(scope, None)
    with pytest.raises(Stale):
        home.put(scope, "tape", "t", {}, tombstone.rev)
    with pytest.raises(Stale):
        home.delete(scope, "tape", "t", tombstone.rev)


def test_a_tombstone_is_gone_after_ninety_days_and_nothing_else(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope
) -> None:
    for id in ("kept", "gone", "revived"):
        home.put(scope, "tape", id, {"n": 1})
    for id in ("gone", "revived"):
        home.delete(scope, "tape", id)
    home.put(scope, "tape", "revived", {"n": 2})
    container = cosmos_server.databases[DATABASE][CONTAINER]
    container.ahead = 89 * 24 * 3600
    assert {each.id for each in home.changes(scope, None)[0]} == {"kept", "gone", "revived"}
    container.ahead = 91 * 24 * 3600
    assert {(each.id, each.deleted) for each in home.changes(scope, None)[0]} == {("kept", False), ("revived", False)}
    assert home.get(scope, "tape", "gone") is None
    created = home.put(scope, "tape", "gone", {"n": 3})
    assert home.get(scope, "tape", "gone") == created


@pytest.mark.parametrize("id", [".", "..", "a b", "%41", "a+b", "é", "'\"", "😀" * 255, "a&b=c", "~", "-"])
def test_ids_that_a_path_could_garble(home: CosmosDocuments, scope: Scope, id: str) -> None:
    written = home.put(scope, "tape", id, {"n": 1})
    assert home.get(scope, "tape", id) == written
    assert home.put(scope, "tape", id, {"n": 2}, written.rev).body == _body(home, scope, id, "tape")


def test_too_much_at_once_is_refused_and_nothing_is_changed(home: CosmosDocuments, scope: Scope) -> None:
    with pytest.raises(ValueError, match="2 MB"):
        home.put(scope, "draft", "d", {"text": "x" * 2_200_000})
    assert home.get(scope, "draft", "d") is None


def test_an_account_that_does_not_let_us_in_is_a_wrong_setting(cosmos_server: CosmosServer, clock: HeldClock) -> None:
    wrong = Connection(secret=cosmos_server.connection_string.replace("AccountKey=", "AccountKey=AAAA"))
    empty = Connection(secret=cosmos_server.connection_string)
    for connection, reason in ((wrong, "refused"), (empty, "no database 'baton'")):
        documents = CosmosDocuments(
            lambda connection=connection: cosmos_client(connection), clock=clock, replica="here"
        )  # type: ignore[misc]
        for use in (
            lambda documents=documents: documents.get(Scope("t", "w"), "tape", "t"),
            lambda documents=documents: documents.put(Scope("t", "w"), "tape", "t", {}),
        ):
            with pytest.raises(Misconfigured, match=f"CosmosConnection.*{reason}"):
                use()
        documents.close()


@pytest.mark.parametrize("descending", [False, True])
def test_many_who_share_a_value_are_paged_by_id(home: CosmosDocuments, scope: Scope, descending: bool) -> None:
    cities: list[Any] = ["Bonn", "Aachen", 7, 7.5, None, True, ["Bonn"]]
    for part in range(3):
        home.batch(
            scope, "contact", [Write(f"{n:03}", {"city": cities[n % 7]}) for n in range(part * 70, part * 70 + 70)]
        )
    found: list[Document] = []
    cursor = None
    while True:
        page = home.find(scope, "contact", (), Order("city", descending), 8, cursor)
        found += page.documents
        cursor = page.cursor
        if cursor is None:
            break
    neither, numbers, texts = [[4, 5, 6]], [[2], [3]], [[1], [0]]
    groups = neither + numbers + texts
    if descending:
        groups.reverse()
    assert [each.id for each in found] == [f"{n:03}" for group in groups for n in range(210) if n % 7 in group]


_UNUSUAL = [
    "a",
    "a\ud7ff",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\uffffa",
    "\U00010000",
    "a\U00010000",
    "a\uffff",
    "\U0010ffff",
]
"""Texts that code points and UTF-16 units order differently."""


@pytest.mark.parametrize("field", ["city", "id"])
def test_no_filter_loses_anything_even_if_cosmos_compares_texts_by_utf16_units(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, field: str
) -> None:
    cosmos_server.collation = by_utf16_units
    home.batch(scope, "contact", [Write(text, {"city": text}) for text in _UNUSUAL])
    for op in ("eq", "lt", "le", "gt", "ge", "prefix"):
        for value in [*_UNUSUAL, ""]:
            filter = Filter(field, op, value)
            found = {each.id for each in home.find(scope, "contact", [filter]).documents}
            assert found == {text for text in _UNUSUAL if matches(text, {"city": text}, [filter])}, filter


@pytest.mark.parametrize("field", ["city", "id"])
@pytest.mark.parametrize("descending", [False, True])
def test_no_page_loses_or_doubles_anything_even_if_cosmos_sorts_texts_by_utf16_units(
    home: CosmosDocuments, cosmos_server: CosmosServer, scope: Scope, field: str, descending: bool
) -> None:
    cosmos_server.collation = by_utf16_units
    cities = dict(zip([f"{text}{n}" for n, text in enumerate(_UNUSUAL)], _UNUSUAL, strict=True))
    cities |= dict.fromkeys(_UNUSUAL[3:8], "\ue000") | {"b": "A", "\uffffb": "B", "\U00010000b": "B"}
    home.batch(scope, "contact", [Write(id, {"city": city}) for id, city in cities.items()])
    for limit in (1, 2, 3, 4):
        found, cursor = list[str](), None
        while True:
            page = home.find(scope, "contact", (), Order(field, descending), limit, cursor)
            found += [each.id for each in page.documents]
            cursor = page.cursor
            if cursor is None:
                break
        assert sorted(found) == sorted(cities)


def test_a_list_goes_on_behind_many_of_one_value_that_do_not_match(home: CosmosDocuments, scope: Scope) -> None:
    """That no tag is 5 is not asked of Cosmos: only texts are."""
    home.batch(scope, "contact", [Write(f"{n:02}", {"city": "Bonn", "tags": [4]}) for n in range(30)])
    home.batch(
        scope,
        "contact",
        [Write(f"{n:02}", {"city": city, "tags": [5]}) for n, city in ((30, "Aachen"), (31, "Bonn"), (32, "Cham"))],
    )
    for descending, ids in ((False, ["30", "31", "32"]), (True, ["32", "31", "30"])):
        page = home.find(scope, "contact", [Filter("tags", "has", 5)], Order("city", descending), 4)
        assert [each.id for each in page.documents] == ids


def test_request_charges_are_told_in_the_debug_log_and_nothing_of_the_documents(
    home: CosmosDocuments, scope: Scope, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "baton.cosmos")
    home.put(scope, "contact", "ada@example.org", {"city": "Bonn"})
    home.find(scope, "contact", [Filter("city", "eq", "Bonn")])
    told = [record.getMessage() for record in caplog.records if record.name == "baton.cosmos"]
    assert told == ["write contact cost 1.0 RU", "query contact cost 1.0 RU"]


def test_a_local_home_never_loads_the_sdk(tmp_path: Path) -> None:
    look = "import sys; from shared import wiring; wiring.ports(); print([n for n in sys.modules if 'azure' in n])"
    environment = {"BATON_HOME": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert [name for name in ast.literal_eval(ran.stdout) if not name.startswith("shared.")] == [], ran.stderr


def test_the_guide_shows_the_container_that_is_tested() -> None:
    guide = (ROOT / "docs" / "azure.md").read_text()
    policy = json.loads(guide.split("```json")[1].split("```")[0])
    shown = {key: sorted(each["path"] for each in policy[key]) for key in ("includedPaths", "excludedPaths")}
    assert shown == {key: sorted(each["path"] for each in INDEXING[key]) for key in shown}
    assert ", ".join(f"`{path}`" for path in PARTITION_KEY) in guide
    assert f"`{DATABASE}`, `{CONTAINER}`" in guide
    assert f"no default (`{DEFAULT_TTL}`)" in guide


def _meanwhile(fault: Fault, act: Callable[[], object]) -> Callable[[str], Fault | None]:
    """The first batch suffers the fault; before its sender has read what became of it, somebody else acts."""
    left, lock = [fault], Lock()
    acted = Event()

    def trouble(operation: str) -> Fault | None:
        if operation == "batch":
            with lock:
                return left.pop() if left else None
        if operation == "read" and not left and not acted.is_set():
            acted.set()
            act()
        return None

    return trouble


def _body(documents: CosmosDocuments, scope: Scope, id: str, kind: str = "identity") -> dict[str, Any]:
    found = documents.get(scope, kind, id)
    assert found is not None
    return found.body
