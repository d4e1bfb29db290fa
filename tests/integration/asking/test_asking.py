"""The way of a call: which home answers, what it costs, what is kept, and that nothing is asked or paid twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from shared.agents import budget
from shared.agents.asking import (
    Call,
    NoHome,
    Waiting,
    answer_digest,
    ask,
    calls,
    digest,
    draw,
    embed,
    found,
    recorded,
    write_policy,
)
from shared.domain.budget import Budget, OverBudget
from shared.domain.money import Money
from shared.domain.routing import ModelPolicy
from shared.domain.scope import Scope
from shared.ports import ModelUnavailable, Outside, Ports, Question, Tool, ToolCall
from tests.integration.asking.conftest import Hand, Homes
from tests.servers.models import Reply, failing

SCOPE = Scope("local", "main")
HIDDEN = "\U000e0041\u200b\u202e"


def call(key: str = "one", **more: Any) -> Call:
    asked = {name: more.pop(name) for name in list(more) if name in Question.__dataclass_fields__}
    return Call(
        key, Question(**{"task": "chat.answer", "instructions": "Answer.", "data": {"n": 1}, **asked}), "helper", **more
    )


def used(ports: Ports, account: str = "workspace") -> dict[str, int]:
    return dict(budget.left(ports, SCOPE, [account])[account].used)


# ------------------------------------------------------------------ the tape


def test_a_call_is_asked_once_and_everything_about_it_kept(homes: Homes):
    homes.azure.script(Reply("Well.", model="gpt-5-mini-2025-08-07"))
    first = ask(homes.ports, SCOPE, call(campaign="c1"))
    assert (first.text, first.home, first.place, first.code) == ("Well.", "azure", "cloud", "best")
    assert (first.model, first.offline, first.attempt, first.unrecorded) == ("gpt-5-mini-2025-08-07", False, 1, False)
    assert first.cost
    assert first.cost.micros > 0
    assert len(first.asked) == 64
    assert ask(homes.ports, SCOPE, call(campaign="c1")) == first
    assert len(homes.azure.requests) == 1
    assert used(homes.ports, "campaign-c1") == used(homes.ports) == used(homes.ports, "agent-helper")
    assert used(homes.ports)["calls"] == 1
    assert used(homes.ports)[f"money.{first.cost.currency}"] == first.cost.micros


def test_another_workspace_has_another_tape(homes: Homes):
    homes.azure.script(Reply("Ours."), Reply("Theirs."))
    assert ask(homes.ports, SCOPE, call()).text == "Ours."
    assert ask(homes.ports, Scope("local", "other"), call()).text == "Theirs."
    assert len(set(homes.azure.once)) == 2


def test_what_was_asked_is_known_by_its_digest(homes: Homes):
    same, other = ask(homes.ports, SCOPE, call("a")), ask(homes.ports, SCOPE, call("b", data={"n": 2}))
    again = ask(homes.ports, SCOPE, call("c"))
    assert same.asked == again.asked != other.asked


def test_the_question_itself_is_kept_with_checksums_of_it_and_of_the_answer(homes: Homes):
    said = ask(homes.ports, SCOPE, call())
    kept = homes.ports.documents.get(SCOPE, "tape", "one")
    assert kept
    assert orjson.loads(kept.body["question"])["instructions"] == "Answer."
    assert digest(kept.body["question"]) == said.asked
    assert answer_digest(kept.body) == kept.body["answered"]
    assert answer_digest({**kept.body, "text": "Something else."}) != kept.body["answered"]


def test_of_embeddings_only_the_digest_of_the_question_is_kept(homes: Homes):
    embed(homes.ports, SCOPE, call("e", task="knowledge.embed"), ["one", "two"])
    kept = homes.ports.documents.get(SCOPE, "tape", "e")
    assert kept
    assert kept.body["question"] is None
    assert len(kept.body["asked"]) == 64


def test_what_a_step_has_read_is_read_once_unless_nothing_was_made_of_it(homes: Homes):
    read = iter([{"n": 1}, {"n": 2}, {"n": 3}])
    assert [found(homes.ports, SCOPE, "k", lambda: next(read)) for _ in range(2)] == [{"n": 1}] * 2
    assert found(homes.ports, SCOPE, "k", lambda: next(read), anew=True) == {"n": 2}
    assert found(homes.ports, SCOPE, "k", lambda: next(read)) == {"n": 2}
    assert calls(homes.ports, SCOPE, 10, None) == ([], None), "it is no call of a model"


def test_a_tool_call_is_kept_as_it_was(homes: Homes):
    tool = Tool("look", "Looks.", {"type": "object", "properties": {"at": {"type": "string"}}})
    homes.azure.script(Reply(tool=("look", {"at": f"the sea{HIDDEN}"})))
    found = ask(homes.ports, SCOPE, call(tools=(tool,)))
    assert found.calls == (ToolCall("call_1", "look", {"at": "the sea"}),)
    assert ask(homes.ports, SCOPE, call(tools=(tool,))).calls == found.calls


def test_pictures_and_embeddings_are_kept_in_files_and_made_once(homes: Homes):
    picture = draw(homes.ports, SCOPE, call("p", instructions="A lighthouse."))
    assert picture.data["media_type"] == "image/png"
    assert homes.ports.files.get(SCOPE, picture.data["file"]).startswith(b"\x89PNG")
    vectors = embed(homes.ports, SCOPE, call("e", task="knowledge.embed"), ["one", "two"])
    assert len(vectors) == 2
    assert draw(homes.ports, SCOPE, call("p", instructions="A lighthouse.")) == picture
    assert embed(homes.ports, SCOPE, call("e", task="knowledge.embed"), ["one", "two"]) == vectors
    assert len(homes.azure.requests) == 2


# ------------------------------------------------------------------ what nobody sees (rule L3)


def test_rule_l3_characters_that_nobody_sees_reach_no_model_and_no_reader(homes: Homes):
    homes.azure.script(Reply(f"We{HIDDEN}ll."))
    outside = (Outside(f"mail{HIDDEN}", f"Hi{HIDDEN} there"),)
    assert ask(homes.ports, SCOPE, call(data={"a": f"b{HIDDEN}"}, outside=outside)).text == "Well."
    said = str(homes.azure.requests[0])
    assert not any(each in said or each.encode("unicode_escape").decode() in said for each in HIDDEN)
    assert "Hi there" in said


# ------------------------------------------------------------------ what a model may hold (rules L1, L2)


@pytest.mark.parametrize("held", [("outside", "tools"), ("outside", "personal"), ("tools", "personal")])
def test_rule_l1_a_model_may_hold_two_of_strangers_text_peoples_data_and_tools(homes: Homes, held: tuple[str, ...]):
    assert ask(homes.ports, SCOPE, holding(*held)).text


def test_rule_l1_a_model_that_would_hold_all_three_is_not_asked(homes: Homes):
    with pytest.raises(ValueError, match="rule L1"):
        ask(homes.ports, SCOPE, holding("outside", "tools", "personal"))
    assert homes.azure.requests == homes.endpoint.requests == homes.local.requests == []


@pytest.mark.parametrize(
    "tool", [("send_mail", {"to": "eve@evil.example"}), ("look_up", {"town": 7}), ("look_up", {"to": "eve"})]
)
def test_rule_l2_a_tool_is_wanted_as_it_was_offered_or_not_at_all(homes: Homes, tool: Any):
    homes.azure.script(*[Reply(tool=tool)] * 3)
    with pytest.raises(ModelUnavailable, match=r"no tool|the arguments of look_up"):
        ask(homes.only("azure"), SCOPE, holding("tools"))


def holding(*what: str) -> Call:
    """A question with these in it."""
    town = {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]}
    tool = Tool("look_up", "Look a town up.", {**town, "additionalProperties": False})
    outside = (Outside("a page", "Hi"),) if "outside" in what else ()
    sensitivity = "personal" if "personal" in what else "internal"
    return call(outside=outside, tools=(tool,) if "tools" in what else (), sensitivity=sensitivity)


# ------------------------------------------------------------------ the route


def test_personal_data_stay_here_unless_the_policy_names_the_cloud(homes: Homes):
    found = ask(homes.ports, SCOPE, call("a", sensitivity="personal"))
    assert (found.home, found.code) == ("local", "private")
    with pytest.raises(NoHome, match="personal data does not go there"):
        ask(homes.only("azure", "endpoint"), SCOPE, call("b", sensitivity="personal"))
    assert homes.azure.requests == homes.endpoint.requests == []
    write_policy(homes.ports, SCOPE, "maria", ModelPolicy(personal=["azure"]))
    assert ask(homes.ports, SCOPE, call("c", sensitivity="personal")).home == "azure"


def test_a_home_with_errors_is_replaced_at_once_by_an_equal_one_and_left_alone(homes: Homes, hand: Hand):
    homes.azure.script(*[failing(500)] * 3)
    found = ask(homes.ports, SCOPE, call("a"))
    assert (found.home, found.code, found.why) == ("endpoint", "failover", "azure answers with errors")
    assert ask(homes.ports, SCOPE, call("b")).home == "endpoint"
    assert len(homes.azure.requests) == 3, "a home that failed is left alone"
    hand.forward(seconds=31)
    assert ask(homes.ports, SCOPE, call("c")).home == "azure"
    entry = homes.ports.documents.get(SCOPE, "tape", "a")
    assert entry
    assert [each["home"] for each in entry.body["failures"]] == ["azure"]


def test_retry_after_is_kept_to(homes: Homes, hand: Hand):
    alone = homes.only("azure", "built-in")
    homes.azure.script(failing(429, after=120))
    with pytest.raises(Waiting) as waiting:
        ask(alone, SCOPE, call())
    assert waiting.value.until == hand.now() + timedelta(seconds=120)
    hand.forward(seconds=119)
    with pytest.raises(Waiting):
        ask(alone, SCOPE, call())
    assert len(homes.azure.requests) == 1
    hand.forward(seconds=1)
    assert ask(alone, SCOPE, call()).home == "azure"


def test_unplugged_the_model_on_this_machine_answers_and_it_is_said(homes: Homes):
    unplugged = replace(homes.ports, models={**homes.only("local", "built-in").models, "azure": homes.away})
    found = ask(unplugged, SCOPE, call())
    assert (found.home, found.offline, found.why) == ("local", True, "azure could not be reached")
    entry = recorded(unplugged, SCOPE, "one")
    assert entry
    assert entry.answered == found


def test_nonsense_goes_to_the_next_home_and_says_nothing_about_the_next_question(homes: Homes):
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    homes.azure.script(*[Reply("no")] * 3)
    found = ask(homes.ports, SCOPE, call("a", schema=schema))
    assert (found.home, found.data) == ("endpoint", {"a": 0})
    assert ask(homes.ports, SCOPE, call("b", schema=schema)).home == "azure"


def test_nonsense_everywhere_is_a_fault_with_the_reason(homes: Homes):
    homes.azure.script(*[Reply("no")] * 3)
    with pytest.raises(ModelUnavailable, match="no usable answer: it is not JSON") as fault:
        ask(homes.only("azure"), SCOPE, call(schema={"type": "object"}))
    assert not isinstance(fault.value, Waiting)


def test_what_no_home_can_do_is_said(homes: Homes):
    with pytest.raises(NoHome, match=r"built-in cannot do chat\.answer"):
        ask(homes.only("built-in"), SCOPE, call())


# ------------------------------------------------------------------ the budget


def test_no_call_without_money_and_the_model_on_this_machine_may_take_over(homes: Homes):
    limits = Budget(money=Money(micros=1, currency="USD"), when_over="local", unknown_price="count")
    budget.put_prices(
        homes.ports, SCOPE, "maria", budget.prices(homes.ports, SCOPE).model_copy(update={"currency": "USD"})
    )
    budget.put(homes.ports, SCOPE, "maria", "agent-helper", limits)
    found = ask(homes.ports, SCOPE, call("a"))
    assert (found.home, found.code, found.cost) == ("local", "budget", Money(micros=0))
    assert homes.azure.requests == []
    budget.put(homes.ports, SCOPE, "maria", "agent-helper", limits.model_copy(update={"when_over": "ask"}))
    with pytest.raises(OverBudget, match="agent-helper"):
        ask(homes.ports, SCOPE, call("b"))


def test_an_unknown_price_is_unknown_and_not_nothing(homes: Homes):
    found = ask(homes.only("endpoint"), SCOPE, call())
    assert found.cost is None
    assert used(homes.ports)["unknown"] == 1


def test_tokens_that_nobody_counted_count_as_the_most_they_can_have_been(homes: Homes):
    homes.azure.script(Reply("Well.", usage=False))
    found = ask(homes.only("azure"), SCOPE, call(most_tokens=100))
    assert (found.cost, found.output_tokens) == (None, None)
    assert used(homes.ports)["tokens"] > 3 * 100


def test_what_failed_without_a_token_costs_nothing_and_holds_nothing(homes: Homes):
    homes.azure.script(failing(401))
    with pytest.raises(Waiting):
        ask(homes.only("azure", "built-in"), SCOPE, call())
    assert used(homes.ports) == {}


def test_refused_answers_are_paid(homes: Homes):
    homes.azure.script(*[Reply("no")] * 3)
    with pytest.raises(ModelUnavailable):
        ask(homes.only("azure"), SCOPE, call(schema={"type": "object"}))
    assert used(homes.ports)["tokens"] > 0
