"""Files into the address book of a real home: counts add up, nothing doubles, the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.agents.contacts import accept_import, find_by_address, get_import, list_imports, run
from shared.domain.faults import Missing, Rejected
from shared.domain.imports import Import
from shared.domain.names import Kind
from shared.domain.outcome import Refused
from shared.domain.scope import Scope
from shared.ports import Ports
from tests.integration.contacts.home import SCOPE, book, bring_in, home, take_in, watched

HEAD = "email,first_name,city,consent,tags,Shoe size\n"


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[Ports]:
    with home(tmp_path) as opened:
        yield opened


def counts(done: Import) -> tuple[int, ...]:
    assert done.received == done.rows
    assert done.received == done.created + done.updated + done.unchanged + done.merged + done.quarantined
    return done.created, done.updated, done.unchanged, done.merged, done.quarantined


def csv(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows)).encode()


def test_every_row_has_one_outcome_and_bad_ones_their_reason(ports: Ports) -> None:
    data = csv("ann@x.example,Ann,Ulm,yes,vip,38", " ANN@X.example ,,Bonn,,new,", "bob@x.example", "nobody", ",Eve")
    done = bring_in(ports, data)
    assert done.status == "completed"
    assert counts(done) == (2, 0, 0, 1, 2)
    assert [(error.line, error.field) for error in done.errors] == [(5, "email"), (6, "email")]
    ann = find_by_address(ports, SCOPE, "Ann@X.EXAMPLE ")
    assert ann is not None
    assert (ann.first_name, ann.city, ann.tags, ann.attributes) == ("Ann", "Bonn", ["vip", "new"], {"shoe_size": "38"})
    assert ann.consent["email"].status == "granted"
    assert ann.source == f"import {done.id}"
    assert len(book(ports)) == 2


def test_the_same_file_again_changes_nothing_not_even_a_revision(ports: Ports) -> None:
    data = csv("ann@x.example,Ann,Ulm,yes,vip,38", "ANN@x.example,Anna", "bob@x.example", "nobody")
    bring_in(ports, data)
    _, mark = ports.documents.changes(SCOPE, None)
    again = bring_in(ports, data)
    assert counts(again) == (0, 0, 2, 1, 1)
    changed, _ = ports.documents.changes(SCOPE, mark)
    assert {document.kind for document in changed} <= {Kind.IMPORT, Kind.SCOPE}


def test_a_later_file_updates_and_a_withdrawal_outlives_it(ports: Ports) -> None:
    bring_in(ports, csv("ann@x.example,Ann,Ulm,no", "bob@x.example,Bob"))
    done = bring_in(ports, csv("ann@x.example,,Bonn,yes", "bob@x.example,Bob", "eve@x.example"))
    assert counts(done) == (1, 1, 1, 0, 0)
    ann = find_by_address(ports, SCOPE, "ann@x.example")
    assert ann is not None
    assert (ann.first_name, ann.city, ann.consent["email"].status) == ("Ann", "Bonn", "withdrawn")


def test_all_rows_of_a_person_are_in_one_batch_of_at_most_a_thousand_people(ports: Ports) -> None:
    rows = [f"p{n % 1500}@x.example,,,,t{n // 1500}" for n in range(3000)]
    done = bring_in(ports, csv(*rows))
    assert (done.batches, done.batches_done) == (2, 2)
    assert counts(done) == (1500, 0, 0, 1500, 0)
    assert all(body["tags"] == ["t0", "t1"] for body in book(ports).values())


def test_progress_shows_while_it_runs_and_always_adds_up(ports: Ports) -> None:
    rows = [f"p{n}@x.example" for n in range(1200)]
    accepted = accept_import(ports, SCOPE, "ann", csv(*rows, "bad"), "text/csv")
    order = {"scope": list(SCOPE), "import": accepted.id}
    assert (accepted.status, accepted.rows, accepted.received) == ("running", 1201, 0)
    run(ports, {**order, "op": "split"})
    run(ports, {**order, "op": "batch", "batch": 0})
    found = get_import(ports, SCOPE, accepted.id)
    assert (found.status, found.received, found.created, found.quarantined) == ("running", 1001, 1000, 1)
    assert found.errors[0].line == 1202


def test_only_the_first_thousand_errors_are_kept_and_all_are_counted(ports: Ports) -> None:
    done = bring_in(ports, csv(*(["bad,,,maybe"] * 700)))
    assert (done.quarantined, done.errors_total, len(done.errors)) == (700, 1400, 1000)
    assert (done.status, done.batches) == ("completed", 0)


def test_a_json_list_comes_in_like_a_file(ports: Ports) -> None:
    people = [{"email": "Ann@x.example", "tags": ["a"], "consent": True}, {"E-Mail": "ann@x.example", "size": 38}, 7]
    done = bring_in(ports, orjson.dumps(people), "application/json")
    assert counts(done) == (1, 0, 0, 1, 1)


def test_workspaces_do_not_share_contacts(ports: Ports) -> None:
    other = Scope("local", "other")
    bring_in(ports, csv("ann@x.example"))
    assert counts(bring_in(ports, csv("ann@x.example"), scope=other)) == (1, 0, 0, 0, 0)
    assert len(book(ports)) == len(book(ports, other)) == 1


def test_a_deleted_contact_comes_back_with_the_next_file(ports: Ports) -> None:
    bring_in(ports, csv("ann@x.example"))
    (id,) = book(ports)
    ports.documents.delete(SCOPE, Kind.CONTACT, id)
    assert find_by_address(ports, SCOPE, "ann@x.example") is None
    assert counts(bring_in(ports, csv("ann@x.example"))) == (1, 0, 0, 0, 0)
    assert list(book(ports)) == [id]


def test_a_contact_that_changed_its_address_is_found_by_the_identity_of_the_new_one(ports: Ports) -> None:
    bring_in(ports, csv("old@x.example,Ann", "new@x.example"))
    old, new = (find_by_address(ports, SCOPE, address) for address in ("old@x.example", "new@x.example"))
    assert old is not None
    assert new is not None
    ports.documents.put(SCOPE, Kind.IDENTITY, new.person, {"contact": old.id}, "*")
    ports.documents.delete(SCOPE, Kind.CONTACT, new.id)
    assert counts(bring_in(ports, csv("new@x.example,,Ulm"))) == (0, 1, 0, 0, 0)
    assert {id: (body["first_name"], body["city"]) for id, body in book(ports).items()} == {old.id: ("Ann", "Ulm")}


@pytest.mark.parametrize("data", [b"", b"email\n", b"name\nAnn\n", b"email\n\n,,\n"])
def test_a_file_without_use_is_refused_and_nothing_is_stored(ports: Ports, data: bytes) -> None:
    with pytest.raises(Rejected):
        accept_import(ports, SCOPE, "ann", data, "text/csv")
    assert ports.documents.changes(SCOPE, None)[0] == []
    assert list(ports.files.list(SCOPE, "imports")) == []


def test_an_import_whose_batches_did_not_all_come_in_has_failed_and_says_so(ports: Ports) -> None:
    accepted = accept_import(ports, SCOPE, "ann", csv("ann@x.example"), "text/csv")
    order = {"scope": list(SCOPE), "import": accepted.id}
    run(ports, {**order, "op": "split"})
    run(ports, {**order, "op": "finish"})
    found = get_import(ports, SCOPE, accepted.id)
    assert (found.status, found.status_reason) == ("failed", "0 of 1 batches came in; import the file again")


def test_an_unknown_import_is_refused_by_every_step_and_missing_to_those_who_ask(ports: Ports) -> None:
    for op in ("split", "batch", "finish", "dance"):
        assert isinstance(run(ports, {"scope": list(SCOPE), "import": "none", "op": op, "batch": 0}), Refused)
    with pytest.raises(Missing):
        get_import(ports, SCOPE, "none")


def test_imports_are_listed_newest_first_page_by_page(ports: Ports) -> None:
    ids = [bring_in(ports, csv(f"p{n}@x.example")).id for n in range(3)]
    first, cursor = list_imports(ports, SCOPE, 2)
    rest, end = list_imports(ports, SCOPE, 2, cursor)
    assert [each.id for each in [*first, *rest]] == ids[::-1]
    assert end is None
    with pytest.raises(Rejected):
        list_imports(ports, SCOPE, 2, "nonsense")


@pytest.mark.parametrize("moment", [Kind.IDENTITY, Kind.CONTACT])
def test_two_files_at_once_with_the_same_people_leave_each_person_once(ports: Ports, moment: Kind) -> None:
    first = accept_import(ports, SCOPE, "ann", csv("ann@x.example,Ann", "bob@x.example"), "text/csv")
    others = [csv("ann@x.example,,Ulm", "bob@x.example,Bob")]

    def overtake(method: str, given: tuple[Any, ...]) -> None:
        if method == "batch" and given[1] == moment and others:
            bring_in(ports, others.pop())

    take_in(watched(ports, overtake), first.id)
    assert others == []
    assert get_import(ports, SCOPE, first.id).received == 2
    assert sorted((body["first_name"], body["city"]) for body in book(ports).values()) == [
        ("Ann", "Ulm"),
        ("Bob", None),
    ]


messy = st.sampled_from(["ann@x.example", "ANN@x.example", "bob@x.example", "eve@x.example", "bad", "", "a@b@c"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.tuples(messy, st.sampled_from(["yes", "no", "", "hm"])), min_size=1, max_size=6), max_size=3)
)
def test_the_counts_of_any_files_in_any_order_add_up(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[str, str]]]
) -> None:
    with home(tmp_path_factory.mktemp("home")) as ports:
        for rows in files:
            data = csv(*(f"{address},Ann,,{consent}" for address, consent in rows))
            done = bring_in(ports, data)
            counts(done)
            repeated = bring_in(ports, data)
            assert (repeated.created, repeated.updated) == (0, 0)
            assert repeated.merged == done.merged
        assert len(book(ports)) <= 3
