"""What is told of Baton's work while it is done: spans and metrics, by OpenTelemetry. Agents and adapters know nothing
of it: the edge tells of steps and requests, and ports that are watched of models, channels and the bus.

Where nothing listens `SILENT` is told, and no SDK is imported."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

Value = str | int | float | bool
Attributes = Mapping[str, Value | None]
"""By the names of `names.py`; None is left out, as is every name that is not there."""
Kind = Literal["internal", "client", "producer"]


class Span(Protocol):
    """Something under way."""

    def set(self, attributes: Attributes) -> None: ...

    def fail(self, kind: str) -> None:
        """It failed; `kind` is a class of errors, never what was said."""
        ...


class Telemetry(Protocol):
    """Where it is told."""

    listens: bool
    """False: whatever is said is thrown away."""

    def span(
        self, name: str, attributes: Attributes, kind: Kind = "internal", parent: str = "", current: bool = True
    ) -> AbstractContextManager[Span]:
        """Around a piece of work. `parent` is a traceparent, "": the span around. What is raised fails it, by the
        name of its class. Not `current`: nothing is below it, so a generator may hold it open between its values."""
        ...

    def traceparent(self) -> str:
        """Of the present span (W3C Trace Context), "" outside of any."""
        ...

    def add(self, metric: str, value: float, attributes: Attributes) -> None:
        """To a counter."""
        ...

    def record(self, metric: str, value: float, attributes: Attributes) -> None:
        """In a histogram or gauge."""
        ...

    def seconds(self) -> float:
        """Of real time, whatever the application's clock shows: for differences only."""
        ...


class _Silent:
    listens = False

    def span(
        self, name: str, attributes: Attributes, kind: Kind = "internal", parent: str = "", current: bool = True
    ) -> AbstractContextManager[Span]:
        return _NOTHING

    def traceparent(self) -> str:
        return ""

    def add(self, metric: str, value: float, attributes: Attributes) -> None:
        """Nobody listens."""

    record = add

    def seconds(self) -> float:
        return 0.0


class _Nothing:
    def set(self, attributes: Attributes) -> None:
        """Nobody listens."""

    def fail(self, kind: str) -> None:
        """Nobody listens."""


_NOTHING: AbstractContextManager[Span] = nullcontext(_Nothing())
SILENT: Telemetry = _Silent()
