"""Which home is asked: properties over all policies, states and homes, and the reasons in words."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.routing import (
    Ability,
    Home,
    HomeName,
    ModelPolicy,
    Need,
    Nowhere,
    Place,
    Quality,
    Route,
    Sensitivity,
    State,
    decide,
)

NAMES: tuple[HomeName, ...] = get_args(HomeName)
TASKS = ("campaign.draft", "chat.answer")
abilities = st.frozensets(st.sampled_from(get_args(Ability)))
qualities = st.sampled_from(get_args(Quality))


def home(name: HomeName, place: Place, quality: Quality, **more: Any) -> Home:
    known: dict[str, Any] = {"abilities": frozenset(get_args(Ability)), "tasks": None, "longest": 1000}
    return Home(name, place, quality, **{**known, **more})


AZURE = home("azure", "cloud", "best")
FOUNDRY = home("foundry", "cloud", "best")
LOCAL = home("local", "local", "good")
WRITER = home("built-in", "local", "basic", tasks=frozenset({"campaign.draft"}), abilities=frozenset({"structure"}))
EVERY = (AZURE, LOCAL, WRITER)


def need(**more: Any) -> Need:
    known: dict[str, Any] = {"task": "campaign.draft", "sensitivity": "internal", "size": 100}
    return Need(**{**known, "abilities": frozenset({"structure"}), **more})


def but(home: Home, **more: Any) -> Home:
    return Home(**{**home.__dict__, **more})


homes = st.lists(
    st.builds(
        Home,
        st.sampled_from(NAMES),
        st.sampled_from(get_args(Place)),
        qualities,
        abilities,
        st.none() | st.frozensets(st.sampled_from(TASKS)),
        st.integers(100, 2000),
        st.sampled_from(get_args(State)),
        st.floats(0, 100),
    ),
    max_size=5,
    unique_by=lambda each: each.name,
)
policies = st.builds(
    ModelPolicy,
    prefer=st.sampled_from(["best", "local"]),
    cloud=st.booleans(),
    personal=st.lists(st.sampled_from(NAMES), max_size=3),
    tasks=st.dictionaries(st.sampled_from(TASKS), st.sampled_from(NAMES)),
    quality=st.dictionaries(st.sampled_from(TASKS), qualities),
    longest=st.dictionaries(st.sampled_from(NAMES), st.integers(100, 2000)),
    patience_minutes=st.integers(0, 60),
)
needs = st.builds(
    Need, st.sampled_from(TASKS), abilities, st.sampled_from(get_args(Sensitivity)), st.integers(0, 3000), qualities
)


@given(needs, homes, policies)
def test_whoever_is_asked_may_be_asked(wanted: Need, known: list[Home], policy: ModelPolicy):
    found = decide(wanted, known, policy)
    if isinstance(found, Nowhere):
        assert found.why
        return
    (chosen,) = [each for each in known if each.name == found.home]
    assert chosen.state == "ready"
    assert wanted.abilities <= chosen.abilities
    assert chosen.tasks is None or wanted.task in chosen.tasks
    assert wanted.size <= policy.longest.get(chosen.name, chosen.longest)
    assert found.why
    if chosen.place == "cloud":
        assert policy.cloud
        assert wanted.sensitivity != "personal" or chosen.name in policy.personal


@given(needs, homes, policies)
def test_personal_data_never_goes_to_a_cloud_that_the_policy_does_not_name(
    wanted: Need, known: list[Home], policy: ModelPolicy
):
    private = Need(**{**wanted.__dict__, "sensitivity": "personal"})
    found = decide(private, known, policy)
    if isinstance(found, Route):
        (chosen,) = [each for each in known if each.name == found.home]
        assert chosen.place == "local" or (policy.cloud and chosen.name in policy.personal)


@given(needs, homes, policies, st.randoms())
def test_the_order_in_which_homes_are_configured_decides_nothing(
    wanted: Need, known: list[Home], policy: ModelPolicy, random: Any
):
    mixed = list(known)
    random.shuffle(mixed)
    assert decide(wanted, mixed, policy) == decide(wanted, known, policy)


@given(needs, homes, policies)
def test_that_no_home_will_ever_do_is_said_only_if_none_may(wanted: Need, known: list[Home], policy: ModelPolicy):
    found = decide(wanted, known, policy)
    ready = decide(wanted, [but(each, state="ready") for each in known], policy)
    assert (isinstance(found, Nowhere) and found.state == "never") == isinstance(ready, Nowhere)


@pytest.mark.parametrize(
    ("known", "wanted", "policy", "expected"),
    [
        (EVERY, need(), ModelPolicy(), Route("azure", "best", "azure is the best that is configured")),
        (
            EVERY,
            need(),
            ModelPolicy(prefer="local"),
            Route("local", "local-first", "the policy prefers the own machines"),
        ),
        (
            EVERY,
            need(),
            ModelPolicy(tasks={"campaign.draft": "built-in"}),
            Route("built-in", "task", "the policy sends campaign.draft to built-in"),
        ),
        (
            EVERY,
            need(sensitivity="personal"),
            ModelPolicy(),
            Route("local", "private", "azure is in the cloud, and by the policy personal data does not go there"),
        ),
        (
            EVERY,
            need(sensitivity="personal"),
            ModelPolicy(personal=["azure"]),
            Route("azure", "best", "azure is the best that is configured"),
        ),
        (
            EVERY,
            need(),
            ModelPolicy(cloud=False),
            Route("local", "private", "azure is in the cloud, and by the policy nothing goes to the cloud"),
        ),
        (
            EVERY,
            need(size=700),
            ModelPolicy(prefer="local", longest={"local": 500}),
            Route("azure", "too-long", "700 characters are too long for local: 500"),
        ),
        (
            (but(AZURE, state="unreachable"), WRITER),
            need(),
            ModelPolicy(),
            Route("built-in", "offline", "azure could not be reached", offline=True),
        ),
        (
            (but(AZURE, state="busy", minutes=0), FOUNDRY, WRITER),
            need(),
            ModelPolicy(),
            Route("foundry", "failover", "azure answers with errors"),
        ),
        (
            (but(AZURE, state="busy", minutes=2), WRITER),
            need(),
            ModelPolicy(),
            Nowhere("busy", "azure answers with errors"),
        ),
        (
            (but(AZURE, state="busy", minutes=10), WRITER),
            need(),
            ModelPolicy(),
            Route("built-in", "failover", "azure answers with errors"),
        ),
        (
            (but(AZURE, state="over-budget"), LOCAL),
            need(),
            ModelPolicy(),
            Route("local", "budget", "the budget left does not pay for azure"),
        ),
        (
            (but(AZURE, state="unreachable"), WRITER),
            need(),
            ModelPolicy(quality={"campaign.draft": "good"}),
            Nowhere(
                "busy",
                "azure could not be reached; campaign.draft needs good quality, built-in has basic",
            ),
        ),
        ((WRITER,), need(task="chat.answer"), ModelPolicy(), Nowhere("never", "built-in cannot do chat.answer")),
        ((), need(), ModelPolicy(), Nowhere("never", "no home of models is configured")),
    ],
)
def test_the_reason_is_said_in_words(known: Any, wanted: Need, policy: ModelPolicy, expected: Route | Nowhere):
    assert decide(wanted, known, policy) == expected
