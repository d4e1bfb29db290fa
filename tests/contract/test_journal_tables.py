"""What only the journal on Azure Tables can get wrong: lost answers, others who append, rows that somebody changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.access.problem import problem_of
from shared.adapters._azure.tables import table_service
from shared.adapters.journal.tables import TablesJournal
from shared.domain.chain import GENESIS, link
from shared.domain.connection import Connection
from shared.domain.faults import Misconfigured, Unavailable
from shared.domain.scope import Scope
from tests.servers.azurite import connection_string, port_of
from tests.servers.faulty_proxy import Asked, Fate, FaultyProxy, LoseAnswer, LoseRequest, Refuse

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SAID = {"row": "k\x1f", "n": [1, -20, None, True], "of": {"e": "é"}}
Connect = Callable[[int], TablesJournal]


@pytest.fixture
def proxy(azurite: Connection) -> Iterator[FaultyProxy]:
    with FaultyProxy(port_of(azurite)).serving() as proxy:
        yield proxy


@pytest.fixture
def table() -> str:
    return f"j{uuid4().hex}"


@pytest.fixture
def connect(table: str) -> Iterator[Connect]:
    """Journals on one table, by the port that they speak to; none waits."""
    opened = []

    def open_one(port: int) -> TablesJournal:
        connection = Connection(connection_string(port))
        opened.append(TablesJournal(partial(table_service, connection), lambda seconds: None, table))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def journal(connect: Connect, azurite: Connection) -> TablesJournal:
    """Straight to the service."""
    return connect(port_of(azurite))


@pytest.fixture
def troubled(connect: Connect, proxy: FaultyProxy) -> TablesJournal:
    """The same table by way of the proxy."""
    return connect(proxy.port)


def _append(journal: TablesJournal, scope: Scope, n: int) -> int:
    return journal.append(scope, "s", NOON, "a", "b", {"n": n}).seq


def _numbers(journal: TablesJournal, scope: Scope) -> list[Any]:
    return [fact.data["n"] for fact in journal.read(scope, "s")]


@pytest.mark.parametrize("fate", [LoseAnswer(), LoseRequest(), Refuse(503), Refuse(429, {"Retry-After": "1"})])
def test_whatever_request_fails_a_fact_is_appended_once(
    troubled: TablesJournal, proxy: FaultyProxy, scope: Scope, fate: Fate
) -> None:
    numbers = count()
    proxy.fate = lambda asked: fate if next(numbers) % 2 else None
    assert [_append(troubled, scope, n) for n in range(8)] == list(range(1, 9))
    assert _numbers(troubled, scope) == list(range(8))
    assert troubled.verify(scope, "s") == 8


def test_an_append_whose_answer_was_lost_is_found_behind_what_others_appended_since(
    troubled: TablesJournal, journal: TablesJournal, proxy: FaultyProxy, scope: Scope
) -> None:
    _append(troubled, scope, 0)

    def others_come_first(asked: Asked) -> Fate:
        proxy.fate = lambda asked: None if asked.method == "GET" else _after(asked)
        return LoseAnswer()

    def _after(asked: Asked) -> Fate:
        proxy.fate = lambda asked: None
        _append(journal, scope, 2)
        return None

    proxy.fate = others_come_first
    assert _append(troubled, scope, 1) == 2
    assert _append(troubled, scope, 3) == 4
    assert _numbers(journal, scope) == [0, 1, 2, 3]
    assert journal.verify(scope, "s") == 4


def test_processes_that_append_to_one_stream_make_one_chain(connect: Connect, azurite: Connection) -> None:
    scope = Scope("local", "main")
    processes = [connect(port_of(azurite)) for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda own: [_append(processes[own], scope, 10 * own + n) for n in range(10)], range(3)))
    assert processes[0].verify(scope, "s") == 30
    assert sorted(_numbers(processes[0], scope)) == list(range(30))


def test_a_service_that_never_answers_is_unavailable_and_one_that_refuses_us_a_wrong_setting(
    troubled: TablesJournal, proxy: FaultyProxy, scope: Scope
) -> None:
    _append(troubled, scope, 0)
    for fate, seconds in ((LoseRequest(), "5"), (Refuse(503), "5"), (Refuse(503, {"Retry-After": "30"}), "30")):
        proxy.fate = lambda asked, fate=fate: fate  # type: ignore[misc]
        with pytest.raises(Unavailable) as unavailable:
            _append(troubled, scope, 1)
        problem = problem_of(unavailable.value)
        assert problem is not None
        assert (problem.status, problem.headers) == (503, {"Retry-After": seconds})
    proxy.fate = lambda asked: Refuse(403)
    with pytest.raises(Misconfigured, match="JournalConnection is refused"):
        troubled.verify(scope, "s")
    proxy.fate = lambda asked: None
    assert _append(troubled, scope, 1) == 2


def test_a_fact_that_follows_costs_one_request(troubled: TablesJournal, proxy: FaultyProxy, scope: Scope) -> None:
    _append(troubled, scope, 0)
    proxy.seen.clear()
    _append(troubled, scope, 1)
    assert len(proxy.seen) == 1


def test_large_data_and_odd_names_come_back_and_what_is_too_large_is_refused(
    journal: TablesJournal, scope: Scope
) -> None:
    data = {"words": "é\N{GRINNING FACE}\x00" * 30_000}
    stream = "contact/a|b#c?d\\e%f\x1fü"
    assert journal.append(scope, stream, NOON, "a", "b", data).data == data
    assert journal.read(scope, stream)[0].data == data
    assert journal.verify(scope, stream) == 1
    with pytest.raises(ValueError, match="data: at most"):
        journal.append(scope, stream, NOON, "a", "b", {"words": "x" * 600_000})
    with pytest.raises(ValueError, match="stream: at most"):
        journal.append(scope, "s" * 151, NOON, "a", "b", {})


def test_a_long_chain_is_read_beyond_a_page_of_the_service(
    journal: TablesJournal, azurite: Connection, table: str, scope: Scope
) -> None:
    """Written here as the journal writes it, a hundred at a time."""
    _append(journal, scope, 1)
    with table_service(azurite) as service:
        client, previous = service.get_table_client(table), journal.read(scope, "s")[0].hash
        kept = dict(client.get_entity("local~main|s", "fact|000000000001"))
        rows = []
        for n in range(2, 1102):
            previous = link(previous, scope, "s", n, kept["at"], "a", "b", {"n": n})
            rows.append({**kept, "RowKey": f"fact|{n:012}", "data": f'{{"n":{n}}}', "hash": previous})
        for start in range(0, 1100, 100):
            client.submit_transaction([("create", row) for row in rows[start : start + 100]])
        client.update_entity({"PartitionKey": "local~main|s", "RowKey": "head", "seq": 1101, "hash": previous})
    assert journal.verify(scope, "s") == 1101
    assert [fact.seq for fact in journal.read(scope, "s", after=40, limit=1050)] == list(range(41, 1091))


@pytest.fixture
def fact_rows(journal: TablesJournal, azurite: Connection, table: str, scope: Scope) -> Iterator[Any]:
    """The client of a table with three facts."""
    for number in range(3):
        journal.append(scope, "s", NOON + timedelta(seconds=number), "Zoë", "sent", SAID)
    with table_service(azurite) as service:
        yield service.get_table_client(table)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_flipped_bit_anywhere_in_a_fact_names_it(
    journal: TablesJournal, fact_rows: Any, scope: Scope, data: st.DataObject
) -> None:
    seq = data.draw(st.integers(1, 3))
    row = dict(fact_rows.get_entity("local~main|s", f"fact|{seq:012}"))
    column = data.draw(st.sampled_from(["at", "what", "by", "data", "hash"]))
    characters = list(row[column])
    where, bit = data.draw(st.integers(0, len(characters) - 1)), data.draw(st.integers(0, 6))
    characters[where] = chr(ord(characters[where]) ^ 1 << bit)
    fact_rows.update_entity({**row, column: "".join(characters)}, mode="replace")
    with pytest.raises(ValueError, match=f"'s': fact {seq} "):
        journal.verify(scope, "s")
    fact_rows.update_entity(row, mode="replace")
    assert journal.verify(scope, "s") == 3


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_fact_that_is_missing_is_named_also_at_the_end(
    journal: TablesJournal, fact_rows: Any, scope: Scope, missing: int
) -> None:
    fact_rows.delete_entity("local~main|s", f"fact|{missing:012}")
    with pytest.raises(ValueError, match=f"'s': fact {missing} "):
        journal.verify(scope, "s")


def test_a_head_that_was_changed_is_noticed(journal: TablesJournal, fact_rows: Any, scope: Scope) -> None:
    fact_rows.update_entity({"PartitionKey": "local~main|s", "RowKey": "head", "seq": 3, "hash": GENESIS})
    with pytest.raises(ValueError, match="'s': fact 3 "):
        journal.verify(scope, "s")
