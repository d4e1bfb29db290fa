from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from functions.orchestrators import campaign, distribution
from functions.orchestrators.perform import FAULTS
from shared.domain.names import DOORBELL

from .stage import EPOCH, Answer, Stage, done, later

ORDER = {"scope": ["local", "main"], "campaign": "c1"}
REFUSED = {"outcome": "refused", "field": "brief", "reason": "it cannot be written"}


def handle(module: Any) -> Any:
    return module.bp._function_builders[0]._function.get_user_function()


def stage(module: Any, answer: Answer, rings: frozenset[int] = frozenset(), **more: Any) -> Stage:
    return Stage(handle(module), {**ORDER, **more}, answer, rings=rings)


class Script:
    """Answers per activity name, in order; the last one again and again. An exception instance is raised."""

    def __init__(self, **answers: list[Any]) -> None:
        self._answers = answers

    def __call__(self, action: dict[str, Any]) -> Any:
        answers = self._answers[action["functionName"]]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_campaign_goes_through_its_steps_in_order() -> None:
    script = Script(generate=[done(version=1)], schedule=[done(distributions=2)], distribution=[None], analyze=[done()])
    played = stage(campaign, script).play()
    assert played.done
    assert [name for name, _ in played.asked] == ["generate", "schedule", "distribution", "distribution", "analyze"]
    assert [given["distribution"] for name, given in played.asked if name == "distribution"] == [0, 1]


def test_every_order_carries_ids_the_instance_and_when_it_began_only() -> None:
    script = Script(generate=[done()], schedule=[done(distributions=0)], analyze=[done()])
    played = stage(campaign, script).play()
    assert {frozenset(given) for _, given in played.asked} == {frozenset({"scope", "campaign", "instance", "since"})}


@pytest.mark.parametrize(
    "answers",
    [
        {"generate": [REFUSED]},
        {"generate": [done()], "schedule": [done(next="end")]},
        {"generate": [done()], "schedule": [REFUSED]},
    ],
)
def test_a_no_ends_it_before_anything_is_sent(answers: dict[str, list[Any]]) -> None:
    played = stage(campaign, Script(**answers)).play()
    assert played.done
    assert "distribution" not in dict(played.asked)


def test_changes_are_written_and_asked_again() -> None:
    script = Script(
        generate=[done()],
        schedule=[done(next="generate"), done(distributions=1)],
        distribution=[None],
        analyze=[done()],
    )
    played = stage(campaign, script).play()
    assert [name for name, _ in played.asked][:4] == ["generate", "schedule", "generate", "schedule"]


def test_later_waits_until_its_time_and_the_doorbell_wakes_it_early() -> None:
    script = Script(generate=[done()], schedule=[later(EPOCH, hours=5), later(EPOCH, hours=9), done(next="end")])
    waiting = stage(campaign, script).play(until=EPOCH + timedelta(hours=4))
    assert [name for name, _ in waiting.asked].count("schedule") == 1
    waiting.ring(DOORBELL)
    assert [name for name, _ in waiting.asked].count("schedule") == 2
    assert list(waiting.timers.values()) == [EPOCH + timedelta(hours=9)]
    assert waiting.play().done
    assert waiting.now == EPOCH + timedelta(hours=9)


def test_the_doorbell_is_heard_every_time() -> None:
    script = Script(generate=[done()], schedule=[later(EPOCH, days=1)])
    waiting = stage(campaign, script).play(until=EPOCH)
    for heard in range(2, 8):
        waiting.ring(DOORBELL)
        assert Counter(name for name, _ in waiting.asked)["schedule"] == heard


def test_a_doorbell_during_a_step_has_it_asked_once_more_and_not_for_ever() -> None:
    """On Azure an event that no wait is open for would answer each later wait at once."""
    script = Script(generate=[done()], schedule=[later(EPOCH, days=1)])
    waiting = stage(campaign, script, rings=frozenset({0, 1}))
    waiting.play(until=EPOCH)
    assert [name for name, _ in waiting.asked] == ["generate", "schedule", "schedule"]
    assert list(waiting.timers.values()) == [EPOCH + timedelta(days=1)]


def test_faults_are_tried_again_with_doubling_waits_then_given_up() -> None:
    broken = stage(campaign, Script(generate=[OSError("disk full")]))
    with pytest.raises(Exception, match="disk full"):
        broken.play()
    assert len(broken.asked) == FAULTS
    assert broken.now - EPOCH == timedelta(seconds=5 * (2 ** (FAULTS - 1) - 1))


def test_a_fault_that_passes_changes_nothing() -> None:
    script = Script(
        generate=[OSError("busy"), OSError("busy"), done()],
        schedule=[done(distributions=1)],
        distribution=[None],
        analyze=[done()],
    )
    played = stage(campaign, script).play()
    assert played.done
    assert played.now == EPOCH + timedelta(seconds=15)


def shards(count: int, **apart: float) -> dict[str, Any]:
    return done(shards=[[(EPOCH + n * timedelta(**apart)).isoformat(), n] for n in range(count)])


def test_shards_are_sent_at_their_time_one_after_another() -> None:
    script = Script(schedule=[shards(4, minutes=15)], distribute=[done()])
    played = stage(distribution, script, distribution=0).play()
    assert played.done
    assert [given["shard"] for name, given in played.asked if name == "distribute"] == [0, 1, 2, 3]
    assert played.now == EPOCH + timedelta(minutes=45)


def test_a_shard_that_must_come_again_lets_the_others_pass() -> None:
    script = Script(schedule=[shards(3, minutes=1)], distribute=[later(EPOCH, "not_due", minutes=10), done()])
    played = stage(distribution, script, distribution=0).play()
    assert [given["shard"] for name, given in played.asked if name == "distribute"] == [0, 1, 2, 0]
    assert played.now == EPOCH + timedelta(minutes=10)


@pytest.mark.parametrize("why", ["paused", "missed", "unreachable"])
def test_a_standstill_stops_them_all_asks_less_and_less_often_and_the_doorbell_ends_it(why: str) -> None:
    paused = later(EPOCH, why, minutes=1)
    script = Script(schedule=[shards(5, minutes=1)], distribute=[paused])
    waiting = stage(distribution, script, distribution=0).play(until=EPOCH + timedelta(days=1))
    asked = [given["shard"] for name, given in waiting.asked if name == "distribute"]
    assert set(asked) == {0}
    assert len(asked) < 35
    waiting.answer = Script(distribute=[done()])
    waiting.ring(DOORBELL)
    assert waiting.play().done
    assert waiting.now == EPOCH + timedelta(days=1)


def test_cancelling_lets_the_rest_be_held_at_once() -> None:
    script = Script(schedule=[shards(5, hours=1)], distribute=[done(), done(cancelled=True)])
    waiting = stage(distribution, script, distribution=0).play(until=EPOCH)
    waiting.ring(DOORBELL)
    assert waiting.done
    assert waiting.now == EPOCH
    assert [given["shard"] for name, given in waiting.asked if name == "distribute"] == [0, 1, 2, 3, 4]


def test_a_hundred_shards_stay_under_a_thousand_events() -> None:
    script = Script(schedule=[shards(100, minutes=2)], distribute=[done()])
    played = stage(distribution, script, distribution=0).play()
    assert played.done
    assert len(played.history) < 1000
