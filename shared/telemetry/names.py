"""Every span, metric and attribute that Baton sends, by name. docs/observability.md is tested against this list, and
this list against what is really sent. Nothing else leaves: attributes are dropped unless they are here."""

from __future__ import annotations

from typing import Literal, NamedTuple

Instrument = Literal["counter", "histogram", "gauge", "up-down counter"]


class Metric(NamedTuple):
    """`rule` is what of requirement S3.31 it answers."""

    name: str
    instrument: Instrument
    unit: str
    about: str
    attributes: tuple[str, ...] = ()
    rule: str = ""


class SpanName(NamedTuple):
    """`{x}` in the name stands for the attribute that differs."""

    name: str
    kind: Literal["internal", "client", "producer"]
    about: str
    attributes: tuple[str, ...] = ()


_ORDER = ("baton.flow", "baton.instance", "baton.campaign", "baton.shard")

SPANS = (
    SpanName(
        "step {baton.verb}",
        "internal",
        "a step of a workflow, as its activity ran it",
        ("baton.verb", "baton.outcome", "baton.why", "error.type", *_ORDER),
    ),
    SpanName(
        "request {http.route}",
        "internal",
        "an HTTP request, from its route to the reply",
        ("http.route", "http.request.method", "http.response.status_code", "error.type"),
    ),
    SpanName("timer {baton.timer}", "internal", "what happens by the clock", ("baton.timer", "error.type")),
    SpanName(
        "{gen_ai.operation.name} {gen_ai.request.model}",
        "client",
        "a question to a model, with its repeated tries; never the question nor the answer",
        (
            "gen_ai.operation.name",
            "gen_ai.provider.name",
            "gen_ai.request.model",
            "gen_ai.response.model",
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.output_tokens",
            "baton.task",
            "error.type",
            *_ORDER,
        ),
    ),
    SpanName(
        "hand over {baton.channel}",
        "client",
        "a window of messages, from the first handed to the provider to the last receipt; counts, not people",
        (
            "baton.channel",
            "baton.window",
            "baton.accepted",
            "baton.refused",
            "baton.undecided",
            "baton.unsent",
            *_ORDER,
        ),
    ),
    SpanName(
        "ask {baton.channel}",
        "client",
        "whether the provider can be reached, or what became of earlier messages",
        ("baton.channel", "baton.about", "baton.window", "error.type", *_ORDER),
    ),
    SpanName(
        "send {messaging.destination.name}",
        "producer",
        "messages for a queue or topic",
        ("messaging.system", "messaging.destination.name", "messaging.batch.message_count", "error.type", *_ORDER),
    ),
    SpanName(
        "post webhook",
        "client",
        "an event for somebody's endpoint",
        ("http.response.status_code", "error.type", *_ORDER),
    ),
    SpanName("read mailbox", "client", "new mails are fetched", ("baton.read", "error.type")),
)

METRICS = (
    Metric(
        "baton.step.duration",
        "histogram",
        "s",
        "how long a step took, and how it ended: done, later, refused or fault",
        ("baton.verb", "baton.flow", "baton.outcome", "error.type"),
        "task completion rate; error rate by component",
    ),
    Metric(
        "baton.flow.elapsed",
        "histogram",
        "s",
        "how long after its workflow began a step was done: of the last step, the whole workflow",
        ("baton.flow", "baton.verb"),
        "workflow time",
    ),
    Metric(
        "baton.request.duration",
        "histogram",
        "s",
        "how long a request took, and its status",
        ("http.route", "http.request.method", "http.response.status_code", "error.type"),
        "API latency; error rate by component",
    ),
    Metric(
        "gen_ai.client.operation.duration",
        "histogram",
        "s",
        "how long a model took",
        ("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "error.type"),
        "error rate by component",
    ),
    Metric(
        "gen_ai.client.token.usage",
        "histogram",
        "{token}",
        "tokens of one answer",
        ("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.token.type"),
        "utilisation",
    ),
    Metric(
        "baton.message.handed",
        "counter",
        "{message}",
        "what providers said of messages: accepted, submitted, failed, deferred, unknown, unsent",
        ("baton.channel", "baton.state"),
        "error rate by component",
    ),
    Metric("baton.timer.runs", "counter", "{run}", "timer functions that ran", ("baton.timer", "error.type")),
    Metric(
        "baton.step.active",
        "up-down counter",
        "{step}",
        "steps that run now; the worker has 8 threads",
        ("baton.verb",),
        "utilisation",
    ),
    Metric("process.cpu.time", "counter", "s", "processor time of this process", ("cpu.mode",), "utilisation"),
    Metric("process.memory.usage", "gauge", "By", "memory of this process that is resident", (), "utilisation"),
    Metric("baton.flow.open", "gauge", "{flow}", "workflows that have not ended", ("baton.flow",), "utilisation"),
    Metric("baton.flow.pending.age", "gauge", "s", "how long the oldest workflow waits for its first turn"),
    Metric("baton.flow.broken", "counter", "{flow}", "workflows that had failed or were terminated", ("baton.flow",)),
    Metric("baton.message.unknown", "gauge", "{message}", "messages whose fate only a person can decide"),
    Metric("baton.domain.bounces", "gauge", "1", "hard bounces of what left a sender's domain, the worst of them"),
    Metric("baton.domain.complaints", "gauge", "1", "complaints of what left a sender's domain, the worst of them"),
    Metric("baton.domain.stopped", "gauge", "{domain}", "sender domains that the guardian has stopped"),
    Metric("baton.budget.used", "gauge", "1", "the part of its budget that a workspace has used, the most of them"),
)

ATTRIBUTES = frozenset(name for each in (*SPANS, *METRICS) for name in each.attributes)
"""The only attributes that leave."""
INHERITED = frozenset(_ORDER)
"""What a span tells of itself, the spans below it tell too, so that each can be found by it."""
