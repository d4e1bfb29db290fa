from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Documents, Order, Stale, Write
from tests.contract.conftest import HeldClock


def test_a_document_comes_back_as_it_was_put(documents: Documents, scope: Scope) -> None:
    body = {
        "id": "c1",
        "email": "ada@example.org",
        "tags": ["vip"],
        "n": 2**53 - 1,
        "x": 0.1,
        "no": None,
        "ü": {"a": []},
    }
    put = documents.put(scope, "contact", "c1", body)
    assert documents.get(scope, "contact", "c1") == put
    assert (put.body, put.changed_by, put.schema, put.deleted) == (body, "here", 1, False)


def test_creating_is_conditional(documents: Documents, scope: Scope) -> None:
    documents.put(scope, "campaign-name", "spring", {"campaign": "1"})
    with pytest.raises(Stale, match="campaign-name 'spring'"):
        documents.put(scope, "campaign-name", "spring", {"campaign": "2"})
    assert _body(documents, scope, "campaign-name", "spring") == {"campaign": "1"}


def test_changing_needs_the_revision_that_was_read(documents: Documents, scope: Scope) -> None:
    first = documents.put(scope, "campaign", "c", {"v": 1})
    second = documents.put(scope, "campaign", "c", {"v": 2}, first.rev)
    assert second.rev != first.rev
    for stale in (first.rev, "", "nonsense"):
        with pytest.raises(Stale):
            documents.put(scope, "campaign", "c", {"v": 3}, stale)
    documents.put(scope, "campaign", "c", {"v": 4}, "*")
    with pytest.raises(Stale):
        documents.delete(scope, "campaign", "c", second.rev)
    assert _body(documents, scope, "campaign", "c") == {"v": 4}


def test_a_revision_never_returns_even_after_deletion(documents: Documents, scope: Scope) -> None:
    revs = []
    for _ in range(3):
        revs.append(documents.put(scope, "draft", "d", {"same": True}).rev)
        documents.delete(scope, "draft", "d", revs[-1])
    assert len(set(revs)) == 3
    with pytest.raises(Stale, match="deleted, or never created"):
        documents.put(scope, "draft", "d", {}, revs[-1])


def test_deleting_hides_and_leaves_a_tombstone(documents: Documents, scope: Scope) -> None:
    documents.put(scope, "contact", "c", {"email": "a@b.c"})
    documents.delete(scope, "contact", "c")
    assert documents.get(scope, "contact", "c") is None
    assert documents.find(scope, "contact").documents == []
    assert [(each.id, each.body, each.deleted) for each in documents.changes(scope, None)[0]] == [("c", {}, True)]


def test_deleting_what_is_not_there_is_nothing_unless_a_revision_was_expected(
    documents: Documents, scope: Scope
) -> None:
    documents.delete(scope, "contact", "c")
    assert documents.changes(scope, None) == ([], None)
    with pytest.raises(Stale):
        documents.delete(scope, "contact", "c", "some-rev")


def test_a_batch_is_all_or_nothing(documents: Documents, scope: Scope) -> None:
    documents.put(scope, "identity", "taken", {"n": 0})
    with pytest.raises(Stale, match="taken"):
        documents.batch(scope, "identity", [Write("new", {"n": 1}), Write("taken", {"n": 1})])
    assert documents.get(scope, "identity", "new") is None
    written = documents.batch(scope, "identity", [Write("new", {"n": 1}), Write("taken", None, "*")])
    assert [each and each.id for each in written] == ["new", None]
    assert [each.id for each in documents.find(scope, "identity").documents] == ["new"]


def test_a_batch_has_limits(documents: Documents, scope: Scope) -> None:
    with pytest.raises(ValueError, match="at most 100"):
        documents.batch(scope, "tape", [Write(str(n), {}) for n in range(101)])
    with pytest.raises(ValueError, match="each id at most once"):
        documents.batch(scope, "tape", [Write("a", {}), Write("a", {}, "*")])
    assert documents.batch(scope, "tape", []) == []


@pytest.mark.parametrize("id", ["", "a/b", "a\\b", "a?b", "a#b", "a\nb", "a\x00b", "x" * 256])
def test_an_id_that_some_home_could_not_hold_is_refused(documents: Documents, scope: Scope, id: str) -> None:
    with pytest.raises(ValueError, match="id "):
        documents.put(scope, "tape", id, {})


@pytest.mark.parametrize("value", [2**53, datetime(2026, 1, 1, tzinfo=UTC), object(), {1: 2}, "\ud800"])
def test_what_is_not_plain_json_is_refused(documents: Documents, scope: Scope, value: Any) -> None:
    with pytest.raises(TypeError):
        documents.put(scope, "tape", "t", {"value": value})


def test_nul_in_text_is_refused_and_its_spelling_is_not(documents: Documents, scope: Scope) -> None:
    with pytest.raises(ValueError, match="NUL"):
        documents.put(scope, "tape", "t", {"value": "a\x00b"})
    documents.put(scope, "tape", "t", {"value": "a\\u0000b"})


def test_scopes_and_kinds_do_not_see_each_other(documents: Documents, scope: Scope) -> None:
    documents.put(scope, "contact", "c", {"of": "main"})
    documents.put(scope, "draft", "c", {"of": "draft"})
    documents.put(scope.agency, "contact", "c", {"of": "agency"})
    assert _body(documents, scope, "contact", "c") == {"of": "main"}
    assert [each.body for each in documents.find(scope.agency, "contact").documents] == [{"of": "agency"}]
    assert len(documents.changes(scope, None)[0]) == 2


def test_stamps_follow_the_clock_and_never_go_back(documents: Documents, scope: Scope, clock: HeldClock) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    stamps = []
    for at in (noon, noon, noon - timedelta(days=1), noon + timedelta(hours=1)):
        clock.set(at)
        stamps.append(documents.put(scope, "tape", "t", {}, "*").changed_at)
    assert stamps == sorted(set(stamps))
    assert stamps[0].startswith("2026-03-02T12:00:00.000000Z")
    assert stamps[2].startswith("2026-03-02T12:00:00.000000Z")
    assert stamps[3].startswith("2026-03-02T13:00:00.000000Z")


def test_changes_are_read_in_portions_and_show_each_documents_last_state(documents: Documents, scope: Scope) -> None:
    for n in range(5):
        documents.put(scope, "tape", f"t{n}", {"n": n})
    documents.put(scope, "tape", "t0", {"n": 9}, "*")
    first, mark = documents.changes(scope, None, limit=3)
    rest, end = documents.changes(scope, mark, limit=3)
    assert [each.id for each in first + rest] == ["t1", "t2", "t3", "t4", "t0"]
    assert rest[-1].body == {"n": 9}
    assert documents.changes(scope, end) == ([], end)


def test_only_declared_fields_can_be_looked_by(documents: Documents, scope: Scope) -> None:
    with pytest.raises(ValueError, match=r"contact has no field 'shoe_size'.*it has id, .*email"):
        documents.find(scope, "contact", [Filter("shoe_size", "eq", 43)])
    with pytest.raises(ValueError, match="draft has no field 'email'"):
        documents.find(scope, "draft", order=Order("email"))
    with pytest.raises(ValueError, match="kind"):
        documents.find(scope, "contact' OR 1=1 --")
    with pytest.raises(ValueError, match="there is no condition 'like'"):
        documents.find(scope, "contact", [Filter("email", "like", "a")])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs a list"):
        documents.find(scope, "contact", [Filter("email", "in", "abc")])
    with pytest.raises(ValueError, match="attributes"):
        documents.find(scope, "contact", [Filter("attributes.a'b", "eq", 1)])


def test_a_cursor_only_continues_the_list_it_came_from(documents: Documents, scope: Scope) -> None:
    documents.batch(scope, "contact", [Write(f"c{n}", {"city": "Bonn"}) for n in range(3)])
    cursor = documents.find(scope, "contact", order=Order("city"), limit=2).cursor
    assert [each.id for each in documents.find(scope, "contact", (), Order("city"), 2, cursor).documents] == ["c2"]
    for order, wrong in ((Order("id"), cursor), (Order("city", True), cursor), (Order("city"), "x"), (None, "e30=")):
        with pytest.raises(ValueError, match="cursor"):
            documents.find(scope, "contact", (), order, 2, wrong)
    for written in ("[" * 20_000, '["city",false,1e999,"c1"]', '["city",false,NaN,"c1"]'):
        forged = base64.urlsafe_b64encode(written.encode()).decode()
        with pytest.raises(ValueError, match="cursor"):
            documents.find(scope, "contact", (), Order("city"), 2, forged)
    with pytest.raises(ValueError, match="limit"):
        documents.find(scope, "contact", limit=0)


def test_a_page_that_is_just_full_is_the_last_one(documents: Documents, scope: Scope) -> None:
    documents.batch(scope, "contact", [Write(f"c{n}", {}) for n in range(4)])
    assert documents.find(scope, "contact", limit=4).cursor is None
    assert documents.find(scope, "contact", limit=3).cursor is not None


def test_of_many_who_change_the_same_revision_exactly_one_succeeds(documents: Documents, scope: Scope) -> None:
    rev = documents.put(scope, "campaign", "c", {"by": None}).rev

    def change(n: int) -> int | None:
        try:
            documents.put(scope, "campaign", "c", {"by": n}, rev)
        except Stale:
            return None
        return n

    with ThreadPoolExecutor(8) as threads:
        winners = [n for n in threads.map(change, range(40)) if n is not None]
    assert [_body(documents, scope, "campaign", "c")] == [{"by": n} for n in winners]


def test_counting_up_from_many_threads_loses_nothing(documents: Documents, scope: Scope) -> None:
    documents.put(scope, "tape", "n", {"n": 0})

    def add(_: int) -> None:
        while True:
            found = documents.get(scope, "tape", "n")
            assert found is not None
            try:
                documents.put(scope, "tape", "n", {"n": found.body["n"] + 1}, found.rev)
                return
            except Stale:
                continue

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(64)))
    assert _body(documents, scope, "tape", "n") == {"n": 64}


def _body(documents: Documents, scope: Scope, kind: str, id: str) -> dict[str, Any]:
    found = documents.get(scope, kind, id)
    assert found is not None
    return found.body
