"""The flow of an import, played turn by turn: batch after batch, and closed in any case."""

from __future__ import annotations

from typing import Any

import pytest

from functions.orchestrators import contact_import
from functions.orchestrators.perform import FAULTS

from .stage import Answer, Stage, done

ORDER = {"scope": ["local", "main"], "import": "i1"}
REFUSED = {"outcome": "refused", "field": "import", "reason": "there is no import 'i1'"}


def stage(answer: Answer) -> Stage:
    handle = contact_import.bp._function_builders[0]._function.get_user_function()
    return Stage(handle, ORDER, answer)


def steps(played: Stage) -> list[tuple[str, int | None]]:
    return [(given["op"], given.get("batch")) for _, given in played.asked]


def test_batches_come_one_after_another_and_then_it_is_closed() -> None:
    played = stage(lambda action: done(batches=3)).play()
    assert played.done
    assert steps(played) == [("split", None), ("batch", 0), ("batch", 1), ("batch", 2), ("finish", None)]


def test_orders_carry_ids_only() -> None:
    played = stage(lambda action: done(batches=1)).play()
    assert set().union(*(given for _, given in played.asked)) == {"scope", "import", "instance", "op", "batch", "since"}
    assert {name for name, _ in played.asked} == {"contacts"}


def test_a_split_that_is_refused_brings_nothing_in_and_is_closed() -> None:
    assert steps(stage(lambda action: REFUSED).play()) == [("split", None), ("finish", None)]


def test_a_fault_is_tried_again_and_the_flow_goes_on() -> None:
    faults = [OSError("disk full")]

    def answer(action: dict[str, Any]) -> Any:
        if action["input"]["op"] == "batch" and faults:
            raise faults.pop()
        return done(batches=1)

    assert steps(stage(answer).play()) == [("split", None), ("batch", 0), ("batch", 0), ("finish", None)]


def test_a_batch_that_keeps_failing_fails_the_flow_after_the_document_is_closed() -> None:
    def answer(action: dict[str, Any]) -> Any:
        if action["input"]["op"] == "batch":
            raise OSError("disk full")
        return done(batches=2)

    played = stage(answer)
    with pytest.raises(Exception, match="disk full"):
        played.play()
    assert steps(played) == [("split", None), *[("batch", 0)] * FAULTS, ("finish", None)]
