"""The index of passages on every home: what was stored is found, what was dropped is not."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters._azure.blobs import blob_service
from shared.adapters.clock.host import HostClock
from shared.adapters.files.blob import BlobFiles
from shared.adapters.files.folder import FolderFiles
from shared.adapters.knowledge.published import PublishedKnowledge
from shared.adapters.knowledge.sqlite import SqliteKnowledge
from shared.domain.connection import Connection
from shared.domain.knowledge import Passage, passage_id
from shared.domain.scope import Scope
from shared.ports import Knowledge
from tests.servers.azurite import connection_string, port_of
from tests.servers.faulty_proxy import FaultyProxy, LoseAnswer, LoseRequest, Refuse

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "published", "blob"])
def knowledge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Knowledge]:
    if request.param == "blob":
        yield PublishedKnowledge(request.getfixturevalue("blob_files"), tmp_path / "copies")
        return
    if request.param == "published":
        yield PublishedKnowledge(FolderFiles(tmp_path / "files"), tmp_path / "copies")
        return
    made = SqliteKnowledge(tmp_path / "knowledge")
    yield made
    made.close()


def passages(*texts: str, heading: str = "") -> list[Passage]:
    made, start = [], 0
    for text in texts:
        end = start + len(text)
        made.append(Passage(id=passage_id(heading, text), text=text, heading=heading, start=start, end=end))
        start = end + 2
    return made


def texts(knowledge: Knowledge, scope: Scope, query: str, limit: int = 10) -> list[str]:
    return [each.passage.text for each in knowledge.by_words(scope, query, limit)]


def test_a_passage_is_found_by_its_words_with_the_place_it_stands_in(knowledge: Knowledge, scope: Scope) -> None:
    whole = passages("Cleaning costs 90 euros.", "We open at eight on Mondays.")
    whole[1] = whole[1].model_copy(update={"page": 2, "rows": (3, 4)})
    knowledge.store(scope, "d1", "e1", whole, NOON)
    [found] = knowledge.by_words(scope, "When do you open?", 10)
    assert (found.document, found.edition, found.passage) == ("d1", "e1", whole[1])
    assert [tuple(each) for each in knowledge.held(scope)] == [("d1", "e1", NOON)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Die Preise der Behandlungen", "Preis einer Behandlung"),
        ("Unsere Zahnärztin hilft", "zahnarzt"),
        ("Müller & Söhne, Straße 4", "mueller strasse"),
        ("We treated ten patients", "treating a patient"),
        ("Prices of companies", "price company"),
        ("Zahnreinigungstermine am Montag", "Zahnreinigung"),
        ("ＦＵＬＬ width", "full"),
    ],
)
def test_case_accents_and_endings_do_not_matter(knowledge: Knowledge, scope: Scope, text: str, query: str) -> None:
    knowledge.store(scope, "d1", "e1", passages(text, "something else"), NOON)
    assert texts(knowledge, scope, query) == [text]


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "open AND",
        "NEAR(open, 2)",
        "terms:open",
        "open*",
        "^open",
        "(open",
        "open' OR 1=1 --",
        "{open} : x",
        "-open",
    ],
)
def test_a_query_is_text_and_never_syntax(knowledge: Knowledge, scope: Scope, query: str) -> None:
    knowledge.store(scope, "d1", "e1", passages("We open at eight."), NOON)
    assert texts(knowledge, scope, query) == (["We open at eight."] if "open" in query else [])


@pytest.mark.parametrize("query", ["", "   ", "!?", "\0", "\ud800"[:0], "the of and", "x" * 100_000, "🦷"])
def test_a_query_without_a_telling_word_finds_nothing_and_does_no_harm(
    knowledge: Knowledge, scope: Scope, query: str
) -> None:
    knowledge.store(scope, "d1", "e1", passages("We open at eight."), NOON)
    assert texts(knowledge, scope, query) == []


def test_rare_words_decide_and_the_limit_holds(knowledge: Knowledge, scope: Scope) -> None:
    many = [f"Our practice treats patient number {n}" for n in range(50)]
    knowledge.store(scope, "d1", "e1", passages(*many, "Our practice has parking places"), NOON)
    assert texts(knowledge, scope, "practice parking", 1) == ["Our practice has parking places"]
    assert len(texts(knowledge, scope, "patient", 7)) == 7


def test_what_was_stored_again_is_there_once(knowledge: Knowledge, scope: Scope) -> None:
    for _ in range(3):
        knowledge.store(scope, "d1", "e1", passages("We open at eight."), NOON)
    assert len(knowledge.by_words(scope, "open", 10)) == 1
    knowledge.store(scope, "d1", "e1", passages("We close at noon."), NOON)
    assert (texts(knowledge, scope, "open"), texts(knowledge, scope, "noon")) == ([], ["We close at noon."])


def test_a_passage_that_stands_in_two_documents_is_named_with_both_and_stays_while_one_has_it(
    knowledge: Knowledge, scope: Scope
) -> None:
    for document in ("d1", "d2"):
        knowledge.store(scope, document, "e1", passages("We open at eight."), NOON)
    assert [each.document for each in knowledge.by_words(scope, "open", 1)] == ["d1", "d2"]
    knowledge.drop(scope, "d1")
    assert [each.document for each in knowledge.by_words(scope, "open", 1)] == ["d2"]
    knowledge.drop(scope, "d2")
    assert knowledge.by_words(scope, "open", 1) == []
    assert knowledge.held(scope) == []


def test_scopes_do_not_see_each_other(knowledge: Knowledge, scope: Scope) -> None:
    knowledge.store(scope, "d1", "e1", passages("We open at eight."), NOON)
    assert texts(knowledge, Scope(scope.tenant, "other"), "open") == []
    assert knowledge.held(Scope("other", scope.workspace)) == []


def test_headings_are_searched_too(knowledge: Knowledge, scope: Scope) -> None:
    knowledge.store(scope, "d1", "e1", passages("Ninety euros.", heading="Prices › Cleaning"), NOON)
    assert texts(knowledge, scope, "cleaning") == ["Ninety euros."]


def test_vectors_find_what_is_near_whatever_its_words(knowledge: Knowledge, scope: Scope) -> None:
    dice = random.Random(7)
    whole = passages(*(f"passage {n}" for n in range(300)))
    vectors = {each.id: [dice.gauss(0, 1) for _ in range(64)] for each in whole}
    knowledge.store(scope, "d1", "e1", whole, NOON)
    assert {each.id for each in knowledge.without_vector(scope, "m", 1000)} == set(vectors)
    knowledge.put_vectors(scope, "m", vectors)
    assert knowledge.without_vector(scope, "m", 1000) == []
    assert len(knowledge.without_vector(scope, "another model", 1000)) == 300
    for target in whole[:20]:
        near = [number + dice.gauss(0, 0.2) for number in vectors[target.id]]
        found = knowledge.by_vector(scope, "m", near, 3)
        assert (len(found), found[0].passage) == (3, target)


def test_vectors_outlive_a_new_edition_where_the_passage_does(knowledge: Knowledge, scope: Scope) -> None:
    knowledge.store(scope, "d1", "e1", passages("stays", "goes"), NOON)
    knowledge.put_vectors(scope, "m", {each.id: [1.0, 2.0] for each in passages("stays", "goes")})
    knowledge.store(scope, "d1", "e2", passages("stays", "comes"), NOON)
    knowledge.drop(scope, "d1", ["e1"])
    assert [each.text for each in knowledge.without_vector(scope, "m", 10)] == ["comes"]
    assert [each.passage.text for each in knowledge.by_vector(scope, "m", [1.0, 2.0], 10)] == ["stays"]


@pytest.mark.parametrize("vector", [[], [0.0, 0.0], [float("nan"), 1.0], [1.0, 2.0, 3.0]])
def test_a_vector_without_a_direction_or_of_another_length_finds_nothing(
    knowledge: Knowledge, scope: Scope, vector: list[float]
) -> None:
    whole = passages("one")
    knowledge.store(scope, "d1", "e1", whole, NOON)
    knowledge.put_vectors(scope, "m", {whole[0].id: [1.0, 0.5], passage_id("", "not there"): [1.0, 0.5]})
    assert knowledge.by_vector(scope, "m", vector, 10) == []


# Blob storage holds what Files hold: fewer requests are enough there.
@pytest.mark.parametrize("knowledge", ["sqlite", "published"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["store", "drop"]),
            st.sampled_from(["d1", "d2"]),
            st.sampled_from(["e1", "e2"]),
            st.lists(st.sampled_from(["apple", "pear", "plum", "cherry"]), min_size=1, max_size=4),
        ),
        max_size=12,
    )
)
def test_the_index_holds_exactly_what_was_stored_and_not_dropped(
    knowledge: Knowledge, fresh_scope: Callable[[], Scope], steps: list[tuple[str, str, str, list[str]]]
) -> None:
    scope = fresh_scope()
    expected: dict[tuple[str, str], list[str]] = {}
    for what, document, edition, words in steps:
        if what == "store":
            knowledge.store(scope, document, edition, passages(*words), NOON)
            expected[document, edition] = words
        else:
            knowledge.drop(scope, document, [edition])
            expected.pop((document, edition), None)
    assert {(each.document, each.edition) for each in knowledge.held(scope)} == set(expected)
    for word in ("apple", "pear", "plum", "cherry"):
        found = sorted((each.document, each.edition) for each in knowledge.by_words(scope, word, 50))
        assert found == sorted(key for key, words in expected.items() for each in words if each == word)


def test_machines_that_change_an_index_in_blob_at_once_lose_nothing(
    azurite_blob: Connection, tmp_path: Path, scope: Scope
) -> None:
    """Each has its own connection and its own copies, and every third request meets a fault."""
    with FaultyProxy(port_of(azurite_blob)).serving() as proxy, ExitStack() as opened:
        numbers, fates = itertools.count(1), itertools.cycle([LoseAnswer(), LoseRequest(), Refuse(503)])
        proxy.fate = lambda asked: None if next(numbers) % 3 else next(fates)
        connect, container = partial(blob_service, Connection(connection_string(proxy.port, "blob"))), f"k{uuid4().hex}"
        machines = []
        for name in ("one", "two"):
            files = opened.enter_context(closing(BlobFiles(connect, Unhurried(), container)))
            machines.append(PublishedKnowledge(files, tmp_path / name))

        def store(own: int) -> None:
            for n in range(4):
                machines[own].store(scope, f"d{own}{n}", "e1", passages(f"apple {own}{n}"), NOON)

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(store, range(2)))
        expected = {f"d{own}{n}" for own in range(2) for n in range(4)}
        for machine in machines:
            assert {each.document for each in machine.held(scope)} == expected
            assert {each.document for each in machine.by_words(scope, "apple", 50)} == expected
        assert len(list(files.list(scope, "knowledge-index/"))) == 3


class Unhurried(HostClock):
    """Nobody waits in a test."""

    def pace(self, seconds: float) -> None:
        assert 0 <= seconds <= 8
