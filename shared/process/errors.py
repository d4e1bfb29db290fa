"""What can go wrong in a step. `retry` and `on_error` of a plan go by these names (S4.21)."""

from __future__ import annotations

from typing import Literal

ErrorClass = Literal["input", "transient", "provider", "resource", "policy", "code"]


class StepError(Exception):
    """A step failed. `left` says what had already left the machine or was changed outside the run's own folder by then;
    `field` is the dotted path of the input that is to blame. The text may be shown to whoever may see the run; it holds
    no value of a row."""

    kind: ErrorClass = "code"

    def __init__(self, message: str, field: str = "", left: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.field, self.left = field, left


class InputError(StepError):
    """What was given is wrong; the same again will fail again."""

    kind = "input"


class TransientError(StepError):
    """It may go well in a moment: a lock, a connection that broke."""

    kind = "transient"


class ProviderError(StepError):
    """Another system refused or is not there."""

    kind = "provider"


class ResourceError(StepError):
    """A limit of time, memory, output or disk was reached."""

    kind = "resource"


class PolicyError(StepError):
    """A rule of this house forbids it: the sandbox, the allow-list, the kind of data."""

    kind = "policy"


class CodeError(StepError):
    """The script or executable itself failed."""

    kind = "code"
