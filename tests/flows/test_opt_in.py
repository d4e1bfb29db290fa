"""The flow of a double opt-in request: one step, asked until nothing about its mails can change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.orchestrators import opt_in
from functions.orchestrators.perform import FAULTS

from .stage import EPOCH, Answer, Stage, done, later

ORDER = {"scope": ["local", "main"], "asking": "a" * 32}


def stage(answer: Answer) -> Stage:
    return Stage(opt_in.bp._function_builders[0]._function.get_user_function(), ORDER, answer)


def test_it_asks_for_the_step_once_if_the_mails_leave() -> None:
    played = stage(lambda action: done()).play()
    assert played.done
    ((name, given),) = played.asked
    assert (name, set(given)) == ("confirmations", {"scope", "asking", "instance", "since"})
    assert played.now == EPOCH


def test_it_comes_again_when_the_step_says_so() -> None:
    answers = [later(EPOCH, "unreachable", minutes=1), later(EPOCH, minutes=3), done()]
    played = stage(lambda action: answers.pop(0)).play()
    assert (played.done, len(played.asked), played.now) == (True, 3, EPOCH + timedelta(minutes=3))


def test_a_step_that_keeps_failing_fails_it() -> None:
    def answer(action: dict[str, Any]) -> Any:
        raise OSError("broken")

    played = stage(answer)
    with pytest.raises(Exception, match="broken"):
        played.play()
    assert len(played.asked) == FAULTS
