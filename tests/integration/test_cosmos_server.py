"""The test server is trusted by other tests, so it is tested itself: it is as strict as Cosmos DB says it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.cosmos import CosmosClient, PartitionKey
from azure.cosmos.exceptions import CosmosBatchOperationError, CosmosHttpResponseError, CosmosResourceNotFoundError

from tests.servers.cosmos import KEY, CosmosServer
from tests.servers.cosmos.faults import Refused
from tests.servers.cosmos.sql import run

HERE = ["t", "w", "k"]
ITEM = {"tenant": "t", "workspace": "w", "kind": "k"}


@pytest.fixture
def server() -> Iterator[CosmosServer]:
    with CosmosServer() as server:
        yield server


@pytest.fixture
def container(server: CosmosServer) -> Iterator[Any]:
    with CosmosClient(server.url, KEY) as client:
        key = PartitionKey(["/tenant", "/workspace", "/kind"], kind="MultiHash")
        yield client.create_database("d").create_container("c", partition_key=key)


def create(container: Any, *items: dict[str, Any], key: list[str] = HERE) -> list[str]:
    done = container.execute_item_batch([("create", ({**ITEM, **item},)) for item in items], partition_key=key)
    return [each["eTag"] for each in done]


def test_a_wrong_key_is_not_let_in(server: CosmosServer) -> None:
    with pytest.raises(CosmosHttpResponseError) as refused:
        CosmosClient(server.url, "AAAA" + KEY[4:], retry_total=0)
    assert refused.value.status_code == 401


def test_an_item_of_another_partition_is_not_found(container: Any) -> None:
    create(container, {"id": "a"})
    assert container.read_item("a", HERE)["id"] == "a"
    with pytest.raises(CosmosResourceNotFoundError):
        container.read_item("a", ["t", "w", "other"])
    with pytest.raises(CosmosResourceNotFoundError):
        container.read_item("b", HERE)


@pytest.mark.parametrize(
    ("status", "item", "key"),
    [
        (400, {"id": "a/b"}, HERE),
        (400, {"id": ""}, HERE),
        (400, {"id": "é" * 512}, HERE),
        (400, {"id": "a"}, ["t", "w", "other"]),
        (413, {"id": "a", "text": "x" * 2**21}, HERE),
    ],
)
def test_what_azure_refuses_is_refused(container: Any, status: int, item: dict[str, Any], key: list[str]) -> None:
    with pytest.raises((CosmosBatchOperationError, CosmosHttpResponseError)) as refused:
        create(container, {"id": "good"}, item, key=key)
    assert refused.value.status_code == status
    assert list(container.query_items("SELECT * FROM c", partition_key=HERE)) == []


def test_a_batch_is_all_or_none_and_its_conditions_count(container: Any) -> None:
    (first,) = create(container, {"id": "a", "n": 1})
    change = [{"op": "set", "path": "/n", "value": 2}]
    (second,) = container.execute_item_batch([("patch", ("a", change), {"if_match_etag": first})], HERE)
    for status, operation in (
        (412, ("patch", ("a", change), {"if_match_etag": first})),
        (409, ("create", ({**ITEM, "id": "a"},))),
        (404, ("patch", ("b", change))),
        (400, ("patch", ("a", [{"op": "remove", "path": "/none"}]))),
        (400, ("patch", ("a", change * 11))),
    ):
        with pytest.raises(CosmosBatchOperationError) as refused:
            container.execute_item_batch([("create", ({**ITEM, "id": "new"},)), operation], HERE)
        assert (refused.value.error_index, refused.value.status_code) == (1, status)
        assert [each["statusCode"] for each in refused.value.operation_responses] == [424, status]
    assert [each["id"] for each in container.query_items("SELECT * FROM c", partition_key=HERE)] == ["a"]
    assert container.read_item("a", HERE)["_etag"] == second["eTag"]


def test_arrays_are_patched_by_place(container: Any) -> None:
    create(container, {"id": "a", "list": ["x", "y"]})
    steps = [{"op": "add", "path": "/list/0", "value": "new"}, {"op": "remove", "path": "/list/2"}]
    container.execute_item_batch([("patch", ("a", steps))], HERE)
    assert container.read_item("a", HERE)["list"] == ["new", "x"]


def test_more_than_a_batch_holds_is_refused(container: Any) -> None:
    with pytest.raises(CosmosHttpResponseError) as refused:
        create(container, *({"id": str(n)} for n in range(101)))
    assert refused.value.status_code == 400


def test_the_change_feed_shows_last_states_in_order_of_commits_of_one_prefix(container: Any) -> None:
    create(container, {"id": "a"}, {"id": "b"})
    create(container, {"id": "c"})
    create(container, {"id": "x", "tenant": "u"}, key=["u", "w", "k"])
    container.execute_item_batch([("patch", ("a", [{"op": "set", "path": "/n", "value": 1}]))], HERE)
    feed = container.query_items_change_feed(partition_key=["t", "w"], start_time="Beginning", max_item_count=1)
    pages = [[item["id"] for item in page] for page in feed.by_page()]
    assert pages == [["b"], ["c"], ["a"]]


def test_a_query_over_partitions_must_be_asked_for(container: Any) -> None:
    with pytest.raises(CosmosHttpResponseError) as refused:
        list(container.query_items("SELECT * FROM c"))
    assert refused.value.status_code == 400
    assert list(container.query_items("SELECT * FROM c", enable_cross_partition_query=True)) == []


ITEMS: list[dict[str, Any]] = [
    {"id": "1", "v": None},
    {"id": "2", "v": True},
    {"id": "3", "v": 3},
    {"id": "4", "v": "4"},
    {"id": "5", "v": ["x", 5]},
    {"id": "6", "v": {"deep": {"er": "6"}}},
    {"id": "7"},
]


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("c.v = @p", "3"),
        ("c.v != @p", ""),
        ("NOT (c.v = @p)", ""),
        ("c.v > 2", "3"),
        ('c.v >= "4"', "4"),
        ("c.v = true OR c.v = null", "12"),
        ("IS_NUMBER(c.v) OR IS_STRING(c.v)", "34"),
        ("NOT (IS_NUMBER(c.v) OR IS_STRING(c.v))", "12567"),
        ("IS_DEFINED(c.v) AND NOT IS_DEFINED(c.v.deep)", "12345"),
        ('c["v"]["deep"].er = "6"', "6"),
        ('ARRAY_CONTAINS(c.v, "x")', "5"),
        ('STARTSWITH(c.v, "")', "4"),
        ('c.id IN ("1", "7", "none")', "17"),
        ("c.nothing = c.nothing", ""),
    ],
)
def test_conditions_mean_what_they_mean_on_azure(condition: str, ids: str) -> None:
    found = run(f"SELECT * FROM c WHERE {condition}", {"@p": 3}, ITEMS)
    assert "".join(item["id"] for item in found) == ids


@pytest.mark.parametrize(("direction", "ids"), [("", "123456"), (" ASC", "123456"), (" DESC", "654321")])
def test_types_are_ordered_as_on_azure_and_what_lacks_the_property_is_left_out(direction: str, ids: str) -> None:
    found = run(f"SELECT * FROM c ORDER BY c.v{direction}", {}, ITEMS[::-1])
    assert "".join(item["id"] for item in found) == ids


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM c WHERE",
        "SELECT c.id FROM c",
        "SELECT * FROM c WHERE c.v = @missing",
        "SELECT * FROM c WHERE c.v = 'a'",
        "SELECT * FROM c WHERE c.v LIKE \"a\"",
        "SELECT * FROM c WHERE SIN(c.v) = 1",
        "SELECT * FROM c WHERE IS_NUMBER(c.v, 1)",
        "SELECT * FROM c WHERE (c.v = 1",
        "SELECT * FROM c WHERE c.order = 1",
        "SELECT * FROM c ORDER BY c.v, c.id",
        "SELECT * FROM c ORDER BY c.v DESC ASC",
        "SELECT * FROM c; DROP",
    ],
)  # fmt: skip
def test_what_it_does_not_know_is_an_error(sql: str) -> None:
    with pytest.raises(Refused) as refused:
        run(sql, {}, ITEMS)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "ask",
    [
        lambda container: container.create_item({**ITEM, "id": "a"}),
        lambda container: container.delete_item("a", HERE),
        lambda container: container.scripts.create_stored_procedure({"id": "s", "body": ""}),
    ],
)
def test_routes_that_baton_does_not_use_are_not_pretended(container: Any, ask: Callable[[Any], object]) -> None:
    with pytest.raises(CosmosHttpResponseError) as refused:
        ask(container)
    assert refused.value.status_code == 501
