"""Which home of models is asked: on this machine or in the cloud (S2.19). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MODEL_POLICY = "models"
"""The id of the one document of a workspace, of the kind of policies."""

Place = Literal["local", "cloud"]
Ability = Literal["text", "structure", "tools", "stream", "embed", "draw"]
Sensitivity = Literal["public", "internal", "personal"]
Quality = Literal["basic", "good", "best"]
State = Literal["ready", "unreachable", "busy", "over-budget"]
HomeName = Literal["foundry", "azure", "endpoint", "local", "built-in"]
Task = Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{0,59}$")]
QUALITIES: tuple[Quality, ...] = ("basic", "good", "best")
_RANK: dict[Quality, int] = {"basic": 0, "good": 1, "best": 2}


class ModelPolicy(BaseModel):
    """What a workspace says about its models; what it does not say is as here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prefer: Literal["best", "local"] = "best"
    """Among those that may be asked: the best first, or those on the own machines first."""
    cloud: bool = True
    """False: nothing goes to a cloud, whatever it is."""
    personal: Annotated[list[HomeName], Field(max_length=5)] = Field(default_factory=list)
    """Homes in the cloud that may see personal data, because a contract with them covers it."""
    tasks: Annotated[dict[Task, HomeName], Field(max_length=50)] = Field(default_factory=dict)
    """A task's own home, asked first whatever is preferred."""
    quality: Annotated[dict[Task, Quality], Field(max_length=50)] = Field(default_factory=dict)
    """The least that does for a task; rather than anything less, it waits."""
    longest: Annotated[dict[HomeName, Annotated[int, Field(ge=100)]], Field(max_length=5)] = Field(default_factory=dict)
    """Characters of prompt that a home takes, where that is not what it says itself."""
    patience_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    """So long is waited for a home that answers with errors, before a lesser one takes over."""


@dataclass(frozen=True)
class Home:
    """What the decision knows of a home. `tasks` None: any. `minutes` it has been in its state."""

    name: HomeName
    place: Place
    quality: Quality
    abilities: frozenset[Ability]
    tasks: frozenset[str] | None
    longest: int
    state: State = "ready"
    minutes: float = 0


@dataclass(frozen=True)
class Need:
    """What a call asks for; `size` is in characters."""

    task: str
    abilities: frozenset[Ability]
    sensitivity: Sensitivity
    size: int
    quality: Quality = "basic"


@dataclass(frozen=True)
class Route:
    """Ask this home. `code` and `why` are stored with the call; `offline`: the cloud could not be reached."""

    home: HomeName
    code: str
    why: str
    offline: bool = False


@dataclass(frozen=True)
class Nowhere:
    """No home can be asked now. `state` says what would have to change: `never` means that no home will do."""

    state: Literal["never", "busy", "over-budget"]
    why: str


@dataclass(frozen=True)
class _Passed:
    """Why a home that would have been asked before another was not."""

    home: Home
    code: str
    why: str


def decide(need: Need, homes: Sequence[Home], policy: ModelPolicy) -> Route | Nowhere:
    """The first home in the order of preference that may be asked and can answer; the reason is that of the most
    preferred one that was passed over, or else the preference itself."""
    ordered = sorted(homes, key=lambda each: _preference(each, need, policy))
    forbidden = {home.name: why for home in ordered if (why := _forbidden(home, need, policy))}
    allowed = [home for home in ordered if home.name not in forbidden]
    passed: list[_Passed] = []
    for home in ordered:
        why = forbidden.get(home.name) or _out(home, allowed, policy)
        if why is None:
            return _route(home, need, policy, passed)
        if why.code == "wait":
            return Nowhere("busy", why.why)
        passed.append(why)
    return _nowhere(passed)


def may_see(home: Home, sensitivity: Sensitivity, policy: ModelPolicy) -> bool:
    """What is personal leaves the own machines only to whom the policy names."""
    if home.place == "local":
        return True
    return policy.cloud and (sensitivity != "personal" or home.name in policy.personal)


def _preference(home: Home, need: Need, policy: ModelPolicy) -> tuple[bool, bool, int, str]:
    """Smaller is asked first."""
    pinned = policy.tasks.get(need.task) == home.name
    elsewhere = policy.prefer == "local" and (home.place == "cloud" or home.quality == "basic")
    return not pinned, elsewhere, -_RANK[home.quality], home.name


def _forbidden(home: Home, need: Need, policy: ModelPolicy) -> _Passed | None:
    """What no waiting changes."""
    if not need.abilities <= home.abilities or not (home.tasks is None or need.task in home.tasks):
        return _Passed(home, "unable", f"{home.name} cannot do {need.task}")
    if not may_see(home, need.sensitivity, policy):
        closed = "nothing goes to the cloud" if not policy.cloud else "personal data does not go there"
        return _Passed(home, "private", f"{home.name} is in the cloud, and by the policy {closed}")
    longest = policy.longest.get(home.name, home.longest)
    if need.size > longest:
        return _Passed(home, "too-long", f"{need.size:,} characters are too long for {home.name}: {longest:,}")
    least = max(need.quality, policy.quality.get(need.task, "basic"), key=_RANK.__getitem__)
    if _RANK[home.quality] < _RANK[least]:
        return _Passed(home, "too-simple", f"{need.task} needs {least} quality, {home.name} has {home.quality}")
    return None


def _out(home: Home, allowed: Sequence[Home], policy: ModelPolicy) -> _Passed | None:
    """What passes. A home that only answers with errors is waited for, before a lesser one takes over."""
    match home.state:
        case "over-budget":
            return _Passed(home, "budget", f"the budget left does not pay for {home.name}")
        case "unreachable":
            return _Passed(home, "offline", f"{home.name} could not be reached")
        case "busy":
            equal = any(each.state == "ready" and _RANK[each.quality] >= _RANK[home.quality] for each in allowed)
            patient = home.minutes < policy.patience_minutes and not equal
            return _Passed(home, "wait" if patient else "failover", f"{home.name} answers with errors")
    return None


def _route(home: Home, need: Need, policy: ModelPolicy, passed: Sequence[_Passed]) -> Route:
    offline = home.place == "local" and any(each.code == "offline" and each.home.place == "cloud" for each in passed)
    telling = [each for each in passed if each.code != "unable"]
    if telling:
        return Route(home.name, telling[0].code, telling[0].why, offline)
    if policy.tasks.get(need.task) == home.name:
        return Route(home.name, "task", f"the policy sends {need.task} to {home.name}")
    if policy.prefer == "local" and home.place == "local":
        return Route(home.name, "local-first", "the policy prefers the own machines")
    return Route(home.name, "best", f"{home.name} is the best that is configured")


def _nowhere(passed: Sequence[_Passed]) -> Nowhere:
    if not passed:
        return Nowhere("never", "no home of models is configured")
    why = "; ".join(each.why for each in passed)
    if any(each.code in ("failover", "offline") for each in passed):
        return Nowhere("busy", why)
    return Nowhere("over-budget" if any(each.code == "budget" for each in passed) else "never", why)
