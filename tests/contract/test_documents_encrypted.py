"""Marked fields at rest: in every home of documents nothing of them can be read, moved or changed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.encrypted import EncryptedDocuments
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.domain.fields import FIELDS
from shared.domain.marked_fields import MARKED
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Documents, Keys, Order, Renewed, Stale, Undecryptable, Write

KEYS = {"1": b"1" * 32}
BOTH = {**KEYS, "2": b"2" * 32}
CANARY = "canary-4711"
BODY = {"url": f"https://example.org/{CANARY}", "enabled": True}


def over(documents: Documents, keys: Mapping[str, bytes] = KEYS, plain: bool = False) -> EncryptedDocuments:
    return EncryptedDocuments(documents, lambda: Keys(b"", {}, keys, plain))


@pytest.fixture
def encrypted(documents: Documents) -> EncryptedDocuments:
    return over(documents)


def test_nothing_is_looked_up_or_sorted_by_what_is_encrypted() -> None:
    for kind, marked in MARKED.items():
        assert not {field.partition(".")[0] for field in FIELDS.get(kind, ())} & set(marked.fields)
    assert set(MARKED) <= set(Kind)
    assert not {"contact", "campaign", "engagement", "return"} & set(MARKED)


def test_every_way_out_shows_what_was_put_in_and_the_home_holds_none_of_it(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    put = encrypted.put(scope, Kind.WEBHOOK, "a", BODY)
    batch = encrypted.batch(scope, Kind.WEBHOOK, [Write("b", BODY), Write("c", {"url": ""}), Write("a", BODY, put.rev)])
    assert [each.body for each in batch if each] == [BODY, {"url": ""}, BODY]
    assert put.body == BODY
    assert encrypted.get(scope, Kind.WEBHOOK, "a") == batch[2]
    assert encrypted.find(scope, Kind.WEBHOOK).documents == [batch[2], batch[0], batch[1]]
    assert {each.id: each.body for each in encrypted.changes(scope, None)[0]}["b"] == BODY
    raw = documents.find(scope, Kind.WEBHOOK).documents
    assert [each.id for each in raw] == ["a", "b", "c"]
    assert CANARY not in repr(raw)
    assert [each.body.get("enabled") for each in raw] == [True, True, None]
    assert raw[0].body["url"] != raw[1].body["url"]


def test_all_else_is_as_without(documents: Documents, encrypted: EncryptedDocuments, scope: Scope) -> None:
    first = encrypted.put(scope, Kind.TASK, "a", {"status": "done", "result": "x"})
    with pytest.raises(Stale):
        encrypted.put(scope, Kind.TASK, "a", {"result": "y"})
    with pytest.raises(Stale):
        encrypted.batch(scope, Kind.TASK, [Write("a", {"result": "y"}, "another")])
    found = encrypted.find(scope, Kind.TASK, [Filter("status", "eq", "done")], Order("created_at"), 1)
    assert found.documents == [first]
    contact = encrypted.put(scope, Kind.CONTACT, "a", {"text": CANARY})
    assert documents.get(scope, Kind.CONTACT, "a") == contact == encrypted.get(scope, Kind.CONTACT, "a")
    encrypted.delete(scope, Kind.TASK, "a", first.rev)
    assert encrypted.get(scope, Kind.TASK, "a") is None
    assert encrypted.changes(scope, None)[0][-1].deleted
    for wrong in ({"text": "\x00"}, {"text": {1: 2}}, {"text": 2**60}):
        with pytest.raises((TypeError, ValueError)):
            encrypted.put(scope, Kind.MEMORY, "a", wrong)


def test_what_was_stored_before_stays_readable_until_it_has_been_moved(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    old = documents.put(scope, Kind.WEBHOOK, "a", BODY)
    before = over(documents, plain=True)
    assert before.get(scope, Kind.WEBHOOK, "a") == old
    assert before.renew(scope, Kind.WEBHOOK).moved == 1
    assert CANARY not in repr(documents.get(scope, Kind.WEBHOOK, "a"))
    found = encrypted.get(scope, Kind.WEBHOOK, "a")
    assert found is not None
    assert found.body == BODY


def test_a_value_that_somebody_put_there_in_plain_is_not_believed(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    """In place of an encrypted one, or beside them."""
    encrypted.put(scope, Kind.TASK, "a", {"status": "done", "result": "yes", "input": {}})
    documents.put(scope, Kind.TASK, "a", {"status": "done", "result": "pay him", "input": {}}, "*")
    with pytest.raises(Undecryptable, match="task 'a': result cannot be decrypted: it stands there in plain"):
        encrypted.get(scope, Kind.TASK, "a")
    assert encrypted.renew(scope, Kind.TASK) == Renewed(looked=1, unreadable=["a: result"])
    assert encrypted.as_found.get(scope, Kind.TASK, "a").body["result"] == {"plain": "pay him"}  # type: ignore[union-attr]


def test_as_found_nothing_stops_the_reader_and_what_cannot_be_read_goes_back_as_it_was(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    encrypted.put(scope, Kind.TASK, "a", {"title": "A", "result": "lost", "input": {"to": CANARY}})
    encrypted.put(scope, Kind.TASK, "b", {"title": "B", "result": "kept"})
    raw = documents.get(scope, Kind.TASK, "a")
    assert raw is not None
    broken = {**raw.body, "result": {"$encrypted": "1.AAAA"}, "instructions": "in plain"}
    documents.put(scope, Kind.TASK, "a", broken, "*")
    a, b = encrypted.as_found.find(scope, Kind.TASK).documents
    assert (a.body["title"], a.body["input"], b.body["result"]) == ("A", {"to": CANARY}, "kept")
    assert [a.body["result"], a.body["instructions"]] == [{}, {"plain": "in plain"}]
    assert len(encrypted.as_found.changes(scope, None)[0]) >= 2
    encrypted.as_found.put(scope, Kind.TASK, "a", {**a.body, "title": "new", "input": {"to": "-"}}, a.rev)
    after = documents.get(scope, Kind.TASK, "a")
    assert after is not None
    assert {**after.body, "input": 0} == {**broken, "title": "new", "input": 0}
    assert encrypted.as_found.get(scope, Kind.TASK, "a").body["input"] == {"to": "-"}  # type: ignore[union-attr]


def test_moved_every_value_opens_with_the_new_key_alone(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    """However many pages; what is under the new key already, or has no words, is not written again."""
    bodies = {f"{n:03}": {"status": "done", "result": f"r{n}", "input": {"n": n}, "run": n} for n in range(120)}
    for id, body in bodies.items():
        encrypted.put(scope, Kind.TASK, id, body)
    documents.put(scope, Kind.TASK, "100", {**bodies["100"], "result": "", "input": {}}, "*")
    both, new = over(documents, BOTH), over(documents, {"2": BOTH["2"]})
    new.put(scope, Kind.TASK, "101", bodies["101"], "*")
    revs = {id: documents.get(scope, Kind.TASK, id).rev for id in ("100", "101")}  # type: ignore[union-attr]
    pages = list(_pages(lambda cursor: both.renew(scope, Kind.TASK, cursor)))
    assert [sum(each) for each in zip(*((page.looked, page.moved) for page in pages), strict=True)] == [120, 118]
    assert all(each.looked <= 50 for each in pages)
    assert {id: new.get(scope, Kind.TASK, id).body for id in bodies if id != "100"} == {  # type: ignore[union-attr]
        id: body for id, body in bodies.items() if id != "100"
    }
    assert {id: documents.get(scope, Kind.TASK, id).rev for id in revs} == revs  # type: ignore[union-attr]
    assert sum(page.moved for page in _pages(lambda cursor: both.renew(scope, Kind.TASK, cursor))) == 0


def test_what_needs_a_key_is_what_that_key_alone_can_open(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    encrypted.put(scope, Kind.TASK, "a", {"result": "r", "input": {"x": 1}})
    encrypted.put(scope, Kind.TASK, "b", {"result": "r"})
    documents.put(scope, Kind.TASK, "c", {"result": {"$encrypted": "1.AAAA"}})
    both = over(documents, BOTH)
    assert both.needing(scope, Kind.TASK, "1") == (3, None)
    assert both.needing(scope, Kind.TASK, "2") == (0, None)
    assert both.renew(scope, Kind.TASK) == Renewed(looked=3, moved=2, unreadable=["c: result"])
    assert (both.needing(scope, Kind.TASK, "1"), both.needing(scope, Kind.TASK, "2")) == ((0, None), (3, None))


def test_what_somebody_writes_while_it_is_moved_stays_theirs(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    for id in ("a", "b", "c"):
        encrypted.put(scope, Kind.TASK, id, {"result": "old"})

    class Overtaken:
        """The home; somebody is faster with b."""

        def __getattr__(self, name: str) -> Any:
            return getattr(documents, name)

        def batch(self, scope: Scope, kind: str, writes: Any, durable: bool = True) -> Any:
            encrypted.put(scope, Kind.TASK, "b", {"result": "theirs"}, "*")
            return documents.batch(scope, kind, writes, durable)

    moving = over(Overtaken(), BOTH)  # type: ignore[arg-type]
    assert moving.renew(scope, Kind.TASK) == Renewed(looked=3, moved=2, overtaken=1)
    assert [each.body["result"] for each in over(documents, BOTH).find(scope, Kind.TASK).documents] == [
        "old",
        "theirs",
        "old",
    ]
    assert over(documents, BOTH).renew(scope, Kind.TASK).moved == 1


def test_whoever_encrypts_for_a_workspace_registers_it(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    encrypted.put(scope, Kind.WEBHOOK, "a", {"url": ""})
    assert documents.get(scope.agency, Kind.SCOPE, scope.workspace) is None
    encrypted.put(scope, Kind.WEBHOOK, "a", BODY, "*")
    assert documents.get(scope.agency, Kind.SCOPE, scope.workspace) is not None
    encrypted.put(scope.agency, Kind.WEBHOOK, "a", BODY, "*")
    assert documents.get(scope.agency, Kind.SCOPE, "_") is None


def _pages(page: Callable[[str | None], Renewed]) -> Iterator[Renewed]:
    cursor = None
    while True:
        found = page(cursor)
        yield found
        cursor = found.cursor
        if cursor is None:
            return


def _flipped(text: str) -> str:
    key, _, data = text.partition(".")
    sealed = bytearray(base64.urlsafe_b64decode(data))
    sealed[len(sealed) // 2] ^= 1
    return f"{key}.{base64.urlsafe_b64encode(sealed).decode()}"


@pytest.mark.parametrize(
    "damage", [_flipped, lambda text: text[:-8], lambda text: "1.", lambda text: "1.ä", lambda text: f"2{text[1:]}"]
)
def test_what_was_changed_is_an_error_that_names_it(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope, damage: Callable[[str], str]
) -> None:
    encrypted.put(scope, Kind.WEBHOOK, "a", BODY)
    raw = documents.get(scope, Kind.WEBHOOK, "a")
    assert raw is not None
    tag, text = next(iter(raw.body["url"].items()))
    documents.put(scope, Kind.WEBHOOK, "a", {**raw.body, "url": {tag: damage(text)}}, "*")
    for read in (
        lambda: encrypted.get(scope, Kind.WEBHOOK, "a"),
        lambda: encrypted.find(scope, Kind.WEBHOOK),
        lambda: encrypted.changes(scope, None),
    ):
        with pytest.raises(Undecryptable, match=r"^webhook 'a': url cannot be decrypted: ") as error:
            read()
        assert CANARY not in str(error.value)


def test_what_was_moved_is_an_error(documents: Documents, encrypted: EncryptedDocuments, scope: Scope) -> None:
    """To another document, field, kind or workspace."""
    encrypted.put(scope, Kind.TASK, "a", {"result": CANARY})
    raw = documents.get(scope, Kind.TASK, "a")
    assert raw is not None
    other = Scope(scope.tenant, "other")
    for where, kind, id, field in (
        (scope, Kind.TASK, "b", "result"),
        (scope, Kind.TASK, "a", "instructions"),
        (scope, Kind.MEMORY, "a", "text"),
        (other, Kind.TASK, "a", "result"),
    ):
        documents.put(where, kind, id, {field: raw.body["result"]}, "*")
        with pytest.raises(Undecryptable, match=f"{kind} '{id}': {field}"):
            encrypted.get(where, kind, id)


def test_another_key_opens_nothing_and_a_newer_one_beside_it_is_used(
    documents: Documents, encrypted: EncryptedDocuments, scope: Scope
) -> None:
    encrypted.put(scope, Kind.WEBHOOK, "a", BODY)
    with pytest.raises(Undecryptable, match="was changed, or moved from another place, or the key is another one"):
        over(documents, {"1": b"2" * 32}).get(scope, Kind.WEBHOOK, "a")
    with pytest.raises(Undecryptable, match="the key '1' is not in the ring"):
        over(documents, {"2": b"2" * 32}).get(scope, Kind.WEBHOOK, "a")
    both = over(documents, {**KEYS, "2": b"2" * 32})
    found = both.get(scope, Kind.WEBHOOK, "a")
    assert found is not None
    both.put(scope, Kind.WEBHOOK, "a", found.body, found.rev)
    assert over(documents, {"2": b"2" * 32}).get(scope, Kind.WEBHOOK, "a") == both.get(scope, Kind.WEBHOOK, "a")


def test_the_bytes_of_a_home_hold_no_marked_text(database: Database, tmp_path: Path, scope: Scope) -> None:
    plain = SqliteDocuments(database, clock=HostClock(), replica="here")
    for kind, marked in MARKED.items():
        over(plain).put(scope, kind, "a", {field: [CANARY, {"in": CANARY}] for field in marked.fields})
    plain.put(scope, "contact", "a", {"first_name": "plain-to-see"})
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("baton.db*"))
    assert b"plain-to-see" in held
    assert CANARY.encode() not in held


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab$.", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    database = Database(tmp_path_factory.mktemp("one") / "baton.db")
    yield SqliteDocuments(database, clock=HostClock(), replica="here")
    database.close()


@given(st.sampled_from(sorted(MARKED)), st.data())
def test_whatever_is_put_comes_back(one: Documents, kind: str, data: st.DataObject) -> None:
    body: dict[str, Any] = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(MARKED[kind].fields, JSON)))
    kept, scope = over(one), Scope("local", "any")
    assert kept.put(scope, kind, "a", body, "*").body == body
    found, raw = kept.get(scope, kind, "a"), one.get(scope, kind, "a")
    assert found is not None
    assert raw is not None
    assert found.body == body
    for field, value in body.items():
        has_words = isinstance(value, str | list | dict) and bool(value)
        assert (list(raw.body[field]) == ["$encrypted"]) if has_words else (raw.body[field] == value)
