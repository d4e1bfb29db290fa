"""Ports that are watched: what leaves for a model, a provider, a queue or a mailbox is a span and is counted. Those
who use them see no difference; nothing of what is said, asked or sent is told, and no header is added for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from typing import TypeVar

from shared.domain.scope import Scope
from shared.ports import (
    NONE_SENT,
    Answer,
    Ask,
    Bus,
    BusMessage,
    Channel,
    DeadLetter,
    Embedded,
    Endpoints,
    Mailbox,
    Model,
    Outgoing,
    Picture,
    Ports,
    Post,
    Posted,
    Proof,
    Question,
    Receipt,
    Sent,
    Session,
    Told,
)
from shared.telemetry import Attributes, Span, Telemetry

Said = TypeVar("Said", Answer, Embedded, Picture)
PROVIDERS = {"foundry": "azure.ai.inference", "azure": "azure.ai.openai", "built-in": "baton"}
"""`gen_ai.provider.name` of a home; of the others, which speak its protocol: openai."""


def watched(ports: Ports, telemetry: Telemetry) -> Ports:
    """The same ports, of which is told."""
    return replace(
        ports,
        models={name: _Model(model, telemetry) for name, model in ports.models.items()},
        channels={name: _Channel(channel, telemetry) for name, channel in ports.channels.items()},
        bus=_Bus(ports.bus, telemetry) if ports.bus else None,
        mailbox=_Mailbox(ports.mailbox, telemetry) if ports.mailbox else None,
        endpoints=_Endpoints(ports.endpoints, telemetry) if ports.endpoints else None,
    )


class _Model:
    def __init__(self, model: Model, telemetry: Telemetry) -> None:
        self._model, self._telemetry = model, telemetry
        self.name, self.model, self.place = model.name, model.model, model.place
        self.quality, self.longest = model.quality, model.longest
        self.abilities, self.tasks = model.abilities, model.tasks

    def ask(self, scope: Scope, question: Question) -> Answer:
        return self._told("chat", question.task, lambda: self._model.ask(scope, question))

    def embed(self, scope: Scope, texts: Sequence[str]) -> Embedded:
        return self._told("embeddings", None, lambda: self._model.embed(scope, texts))

    def draw(self, scope: Scope, wish: str) -> Picture:
        return self._told("generate_content", None, lambda: self._model.draw(scope, wish))

    def stream(self, scope: Scope, question: Question) -> Generator[str, None, Answer]:
        asked = self._asked("chat")
        with self._span(asked, question.task, current=False) as span:
            answer = yield from self._model.stream(scope, question)
            self._tell(span, asked, answer)
        return answer

    def _told(self, operation: str, task: str | None, ask: Callable[[], Said]) -> Said:
        asked = self._asked(operation)
        with self._span(asked, task) as span:
            said = ask()
            self._tell(span, asked, said)
        return said

    def _asked(self, operation: str) -> dict[str, str]:
        return {
            "gen_ai.operation.name": operation,
            "gen_ai.provider.name": PROVIDERS.get(self.name, "openai"),
            "gen_ai.request.model": self.model,
        }

    @contextmanager
    def _span(self, asked: Mapping[str, str], task: str | None, current: bool = True) -> Iterator[Span]:
        began, failed = self._telemetry.seconds(), None
        name = f"{asked['gen_ai.operation.name']} {self.model}"
        try:
            with self._telemetry.span(name, {**asked, "baton.task": task}, "client", current=current) as span:
                yield span
        except Exception as error:
            failed = type(error).__name__
            raise
        finally:
            took = self._telemetry.seconds() - began
            self._telemetry.record("gen_ai.client.operation.duration", took, {**asked, "error.type": failed})

    def _tell(self, span: Span, asked: Mapping[str, str], said: Answer | Embedded | Picture) -> None:
        used = {"input": said.input_tokens, "output": getattr(said, "output_tokens", None)}
        span.set({"gen_ai.response.model": said.model} | {f"gen_ai.usage.{k}_tokens": n for k, n in used.items()})
        for which, tokens in used.items():
            if tokens:
                self._telemetry.record("gen_ai.client.token.usage", tokens, {**asked, "gen_ai.token.type": which})


class _Channel:
    def __init__(self, channel: Channel, telemetry: Telemetry) -> None:
        self._channel, self._telemetry = channel, telemetry
        self.name, self.rate_per_second, self.cost_micros = channel.name, channel.rate_per_second, channel.cost_micros
        self.tariff, self.reported_as = channel.tariff, channel.reported_as
        self.refusal = channel.refusal

    @contextmanager
    def session(self, scope: Scope) -> Iterator[_Session]:
        with self._channel.session(scope) as session:
            yield _Session(session, self.name, self._telemetry)

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        told: Attributes = {"baton.channel": self.name, "baton.about": "evidence", "baton.window": len(keys)}
        with self._telemetry.span(f"ask {self.name}", told, "client"):
            return self._channel.evidence(scope, keys, sent)


class _Session:
    """One span a window: of a single message its row says which trace it is in, not the other way round."""

    def __init__(self, session: Session, channel: str, telemetry: Telemetry) -> None:
        self._session, self._channel, self._telemetry = session, channel, telemetry

    def unreachable(self) -> str | None:
        told = {"baton.channel": self._channel, "baton.about": "reachable"}
        with self._telemetry.span(f"ask {self._channel}", told, "client") as span:
            why = self._session.unreachable()
            if why is not None:
                span.fail("unreachable")
            return why

    def send(self, messages: Sequence[Outgoing], within: float = inf) -> Iterator[Receipt]:
        if not messages:
            return
        states = Counter[str]()
        told: Attributes = {"baton.channel": self._channel, "baton.window": len(messages)}
        with self._telemetry.span(f"hand over {self._channel}", told, "client", current=False) as span:
            for receipt in self._session.send(messages, within):
                states[receipt.state] += 1
                yield receipt
            span.set(_counts(states))
        for state, number in states.items():
            told_of = {"baton.channel": self._channel, "baton.state": state}
            self._telemetry.add("baton.message.handed", number, told_of)


def _counts(states: Mapping[str, int]) -> Attributes:
    together = {
        "baton.accepted": ("accepted", "submitted"),
        "baton.refused": ("failed", "deferred"),
        "baton.undecided": ("unknown",),
        "baton.unsent": ("unsent",),
    }
    return {name: sum(states.get(state, 0) for state in group) for name, group in together.items()}


class _Bus:
    """Messages carry the trace: their receivers are systems that the agency has connected."""

    def __init__(self, bus: Bus, telemetry: Telemetry) -> None:
        self._bus, self._telemetry = bus, telemetry

    def send(self, scope: Scope, to: str, messages: Sequence[BusMessage]) -> None:
        told: Attributes = {
            "messaging.system": "servicebus",
            "messaging.destination.name": to,
            "messaging.batch.message_count": len(messages),
        }
        with self._telemetry.span(f"send {to}", told, "producer"):
            trace = self._telemetry.traceparent()
            self._bus.send(scope, to, [replace(each, trace=each.trace or trace) for each in messages])

    def dead_letters(self, scope: Scope, source: str, after: int = 0, limit: int = 100) -> list[DeadLetter]:
        return self._bus.dead_letters(scope, source, after, limit)

    def replay(self, scope: Scope, source: str, numbers: Collection[int]) -> list[int]:
        return self._bus.replay(scope, source, numbers)


class _Endpoints:
    """Which of them it was, the delivery log knows; their addresses are other people's."""

    def __init__(self, endpoints: Endpoints, telemetry: Telemetry) -> None:
        self._endpoints, self._telemetry = endpoints, telemetry
        self.refusal = endpoints.refusal

    def ask(self, asking: Ask) -> Told:
        with self._telemetry.span("ask", {"http.request.method": asking.method}, "client") as span:
            told = self._endpoints.ask(asking)
            span.set({"http.response.status_code": told.status})
            if told.status is None:
                span.fail("no answer")
            return told

    def post(self, post: Post) -> Posted:
        with self._telemetry.span("post webhook", {}, "client") as span:
            posted = self._endpoints.post(post)
            span.set({"http.response.status_code": posted.status})
            if posted.status is None:
                span.fail("no answer")
            return posted


class _Mailbox:
    def __init__(self, mailbox: Mailbox, telemetry: Telemetry) -> None:
        self._mailbox, self._telemetry = mailbox, telemetry
        self.name = mailbox.name

    def each(self, most: int) -> Iterator[bytes]:
        read = 0
        with self._telemetry.span("read mailbox", {}, "client", current=False) as span:
            for read, letter in enumerate(self._mailbox.each(most), 1):  # noqa: B007
                yield letter
            span.set({"baton.read": read})
