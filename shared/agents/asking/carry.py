"""One call that is not on the tape yet: route, reservation, model, tape; over as many homes as it takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from shared.agents.asking.call import Answered, Call, NoHome, Waiting
from shared.agents.asking.homes import FIRST_REST, answered, failed, homes
from shared.agents.asking.policy import read_policy
from shared.agents.asking.tape import Entry, digest, document, recorded, spoken, tape_id
from shared.agents.budget import Hold, Tariff, release, reserve, settle
from shared.agents.roster.employed import employed
from shared.domain.agent import Agent
from shared.domain.budget import Amount, OverBudget, accounts_of
from shared.domain.invisible import visible, visible_json
from shared.domain.money import Money
from shared.domain.routing import QUALITIES, Ability, Home, HomeName, ModelPolicy, Need, Route, decide
from shared.domain.scope import Scope
from shared.ports import Answer, Model, ModelUnavailable, Ports, Question

REQUESTS = 3
"""Of one call at most: the question, and two repairs."""
_FRAME = 300
"""Tokens of the API's own around what is said in one request."""
_FOREVER = float("inf")


@dataclass(frozen=True)
class Work:
    """What is to be done by whichever home is chosen."""

    question: Question
    abilities: frozenset[Ability]
    do: Callable[[Model, Question], Answer]
    images: int = 0

    @property
    def size(self) -> int:
        """Octets of everything that is said: no model makes more tokens of it."""
        return len(orjson.dumps(self.question, default=list))

    @property
    def most(self) -> tuple[int, int]:
        """Tokens read and written at most: with every repair, what was answered before is read again."""
        written = self.question.most_tokens
        return REQUESTS * (self.size + written + _FRAME), REQUESTS * written


def carry(ports: Ports, scope: Scope, call: Call, work: Work) -> Entry:
    """The entry of the tape, once there is one. Raises as `ask` does, and AgentOff."""
    policy, agent = read_policy(ports, scope), employed(ports, scope, call.agent)
    if agent is None:
        return _Carrier(ports, scope, call, work, policy).entry()
    if agent.model.home:
        policy = policy.model_copy(update={"tasks": {**policy.tasks, work.question.task: agent.model.home}})
    work = replace(work, question=told(work.question, agent))
    quality = max(call.quality, agent.model.quality, key=QUALITIES.index)
    return _Carrier(ports, scope, replace(call, quality=quality), work, policy).entry()


def told(question: Question, agent: Agent | None) -> Question:
    """The question with what people have told the agent beyond the prompts of its verb."""
    if agent is None or not agent.instructions:
        return question
    return replace(question, instructions=f"{question.instructions}\n\n{agent.instructions}")


class _Carrier:
    def __init__(self, ports: Ports, scope: Scope, call: Call, work: Work, policy: ModelPolicy) -> None:
        self._ports, self._scope, self._call, self._work = ports, scope, call, work
        self._spoken = spoken(work.question)
        self._need = Need(work.question.task, work.abilities, call.sensitivity, work.size, call.quality)
        self._policy, self._tariff = policy, Tariff(ports, scope)
        self._failures: list[dict[str, str]] = []
        self._useless: dict[HomeName, ModelUnavailable] = {}
        self._over: OverBudget | None = None

    def entry(self) -> Entry:
        while True:
            route = self._route()
            model = self._ports.models[route.home]
            try:
                return self._carried(model, route)
            except OverBudget as over:
                if over.then != "local" or self._over:
                    raise
                self._over = over
            except ModelUnavailable as fault:
                failed(model, fault, self._ports.clock.now())
                self._failures.append({"home": model.name, "reason": str(fault)})
                if fault.kind == "unusable":
                    self._useless[model.name] = fault

    def _route(self) -> Route:
        """Raises what is to be raised if there is none."""
        seen = homes(self._ports)
        found = decide(self._need, [self._as_known(home) for home, _ in seen], self._policy)
        if isinstance(found, Route):
            return found
        if self._over and found.state == "over-budget":
            raise self._over
        if found.state == "busy":
            if self._useless:
                raise next(iter(self._useless.values()))
            raise Waiting(self._again(), found.why)
        raise NoHome(found.why)

    def _again(self) -> datetime:
        """When the first of those that failed is tried again."""
        now = self._ports.clock.now()
        return min((seen.until for _, seen in homes(self._ports) if seen), default=now + FIRST_REST)

    def _as_known(self, home: Home) -> Home:
        """What this call has found out about it."""
        if home.name in self._useless:
            return replace(home, state="busy", minutes=_FOREVER)
        spared = home.place == "cloud" and (self._over or self._call.local)
        return replace(home, state="over-budget") if spared else home

    def _carried(self, model: Model, route: Route) -> Entry:
        """Ask this home, and put what it says on the tape."""
        ports, scope, call, begun = self._ports, self._scope, self._call, self._ports.clock.now()
        most = self._price(model, model.model, *self._work.most)
        hold = reserve(ports, scope, accounts_of(call.agent, call.campaign, call.task), most, call.key)
        try:
            answer = self._work.do(model, replace(self._work.question, key=_once(scope, call.key)))
        except ModelUnavailable as fault:
            if (fault.input_tokens, fault.output_tokens) == (0, 0):
                release(ports, scope, hold)
            else:
                spent = self._spent(model, model.model, fault.input_tokens, fault.output_tokens)
                settle(ports, scope, hold, spent or most)
            raise
        answered(model)
        spent = self._spent(model, answer.model, answer.input_tokens, answer.output_tokens)
        took = (ports.clock.now() - begun) // timedelta(milliseconds=1)
        said = self._said(model, route, answer, spent.money if spent else None, hold)
        entry = Entry(said, (spent or most)._replace(milliseconds=took))
        question = None if "embed" in self._work.abilities else self._spoken
        kept = {tape_id(call.key): document(call, question, entry, self._failures, ports.clock.now())}
        if settle(ports, scope, hold, entry.spent, kept):
            return entry
        first = recorded(ports, scope, call.key)  # of two executions at once the first recording holds for both
        assert first is not None
        return first

    def _spent(self, model: Model, name: str, read: int | None, written: int | None) -> Amount | None:
        """What that cost; None if nobody counted, and then it counts as the most that it can have been."""
        if read is None or written is None:
            return None
        found = self._price(model, name, read, written)
        return found if found.money or name == model.model else self._price(model, model.model, read, written)

    def _price(self, model: Model, name: str, read: int, written: int) -> Amount:
        return self._tariff.quote(name, read, written, local=model.place == "local", images=self._work.images)

    def _said(self, model: Model, route: Route, answer: Answer, cost: Money | None, hold: Hold) -> Answered:
        return Answered(
            data=visible_json(answer.data),
            text=visible(answer.text),
            calls=tuple(replace(each, arguments=visible_json(each.arguments)) for each in answer.calls),
            model=visible(answer.model),
            home=model.name,
            place=model.place,
            code=route.code,
            why=route.why,
            offline=route.offline,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            cost=cost,
            asked=digest(self._spoken),
            attempt=hold.attempt,
            unrecorded=hold.again,
        )


def _once(scope: Scope, key: str) -> str:
    """The key under which a provider may know the call again; it tells nothing."""
    return hashlib.sha256("|".join((*scope, key)).encode()).hexdigest()[:40]
