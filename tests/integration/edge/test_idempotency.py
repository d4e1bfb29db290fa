"""A POST that is sent again gets the first answer again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared import wiring
from shared.access.idempotency import ABANDONED, KEPT, Attempt, attempt, once
from shared.access.problem import Refusal
from shared.access.reply import Reply
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Documents

from .conftest import Answered, Edge

IMPORTS = "/api/v1/contacts/imports"
SCOPE = Scope("local", "main")
NOW = datetime(2027, 3, 1, tzinfo=UTC)
DONE = Reply(202, {"Location": "/x"}, b"\x00made")


def send(edge: Edge, key: str, body: bytes = b"email\nann@x.example\n") -> Answered:
    return edge.ask("POST", IMPORTS, body, Content_Type="text/csv", Idempotency_Key=key)


def imports(edge: Edge) -> int:
    return len(edge.ask("GET", IMPORTS).json["items"])


def test_rule_s6_the_same_request_under_the_same_key_is_done_once(edge: Edge) -> None:
    first, second = send(edge, "k"), send(edge, "k")
    assert first == second
    assert first.status == 202
    assert imports(edge) == 1
    assert send(edge, "other").json["id"] != first.json["id"]
    assert imports(edge) == 2


def test_the_answer_survives_a_restart(edge: Edge, home: Path) -> None:
    first = send(edge, "k")
    wiring.close()
    assert send(edge, "k") == first
    assert imports(edge) == 1


def test_rule_s6_another_body_under_the_same_key_is_refused(edge: Edge) -> None:
    send(edge, "k")
    answer = send(edge, "k", b"email\nbob@x.example\n")
    assert (answer.status, list(answer.fields)) == (422, ["Idempotency-Key"])
    assert imports(edge) == 1


def test_rule_s6_another_query_under_the_same_key_is_refused(edge: Edge) -> None:
    send(edge, "k")
    body = b"email\nann@x.example\n"
    asked = {"Content_Type": "text/csv", "Idempotency_Key": "k"}
    answer = edge.ask("POST", f"{IMPORTS}?double_opt_in=true", body, **asked)
    assert (answer.status, list(answer.fields)) == (422, ["Idempotency-Key"])


def test_what_was_refused_may_be_mended_under_the_same_key(edge: Edge) -> None:
    assert send(edge, "k", b"no columns that anyone knows").status == 400
    assert send(edge, "k").status == 202


def test_keys_of_two_workspaces_do_not_meet(edge: Edge) -> None:
    first = send(edge, "k")
    body = b"email\nbob@x.example\n"
    second = edge.ask("POST", IMPORTS, body, Content_Type="text/csv", Idempotency_Key="k", Baton_Workspace="other")
    assert second.status == 202
    assert second.json["id"] != first.json["id"]


@pytest.mark.parametrize("key", ["", "k" * 201, "schlüssel", "a\nb"])
def test_a_key_that_cannot_be_is_named(edge: Edge, key: str) -> None:
    answer = send(edge, key)
    assert (answer.status, list(answer.fields)) == (400, ["Idempotency-Key"])


@pytest.fixture
def documents(home: Path) -> Documents:
    return wiring.ports().documents


def at(now: datetime, body: bytes = b"body") -> Attempt:
    return attempt(SCOPE, "owner", "POST /x", "k", body, now)


def test_rule_s6_while_the_first_is_being_answered_the_second_is_told_so(documents: Documents) -> None:
    def work() -> Reply:
        with pytest.raises(Refusal) as refused:
            once(documents, at(NOW), lambda: DONE)
        assert refused.value.problem.status == 409
        return DONE

    assert once(documents, at(NOW), work) == DONE
    assert once(documents, at(NOW), lambda: pytest.fail("done twice")) == DONE


def test_a_request_whose_process_was_killed_is_done_again_once_it_is_surely_dead(documents: Documents) -> None:
    left_behind = {"digest": at(NOW).digest, "at": NOW.isoformat(), "reply": None}
    documents.put(SCOPE, Kind.IDEMPOTENCY, at(NOW).id, left_behind)
    with pytest.raises(Refusal):
        once(documents, at(NOW + ABANDONED), lambda: DONE)
    assert once(documents, at(NOW + ABANDONED + timedelta(seconds=1)), lambda: DONE) == DONE


def test_rule_s6_after_a_day_a_key_is_free_again(documents: Documents) -> None:
    once(documents, at(NOW), lambda: DONE)
    other = Reply(201, {}, b"other")
    assert once(documents, at(NOW + KEPT), lambda: other) == DONE
    assert once(documents, at(NOW + KEPT + timedelta(seconds=1), b"another body"), lambda: other) == other


def test_a_fault_leaves_the_key_free(documents: Documents) -> None:
    def fault() -> Reply:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(documents, at(NOW), fault)
    assert once(documents, at(NOW), lambda: DONE) == DONE
