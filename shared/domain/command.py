"""What other systems may ask for over the bus: `{"type": …, "data": {…}}` on the queue `commands`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.campaign import CampaignRequest
from shared.domain.imports import FileConsent
from shared.domain.texts import Line

CommandType = Literal["campaign.start", "contacts.import", "task.execute", "process.start", "wake"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Command(_Strict):
    """The message; what `data` holds is `DATA[type]`."""

    type: CommandType
    data: dict[str, Any]


class ImportFile(_Strict):
    """A file of contacts that lies in the workspace's files, below `incoming/`: people never travel on the bus."""

    file: Annotated[str, StringConstraints(pattern=r"^incoming/[\w.-]+$", max_length=200)]
    content_type: Literal["text/csv", "application/json", "application/zip", "application/octet-stream"] = "text/csv"
    double_opt_in: bool = False
    consent: FileConsent | None = None


class TaskToExecute(_Strict):
    """A task that is there and has not begun, or has ended."""

    task: Line


class StartProcess(_Strict):
    """A run of a process that has a trigger `bus` with this subject; the inputs that the trigger does not give."""

    process: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    subject: Line
    inputs: dict[str, Any] = Field(default_factory=dict, max_length=100)


class Wake(_Strict):
    """Whose documents were changed from outside: its flow looks at once."""

    kind: Literal["campaign", "task"]
    id: Line


DATA: Mapping[CommandType, type[BaseModel]] = {
    "campaign.start": CampaignRequest,
    "contacts.import": ImportFile,
    "task.execute": TaskToExecute,
    "process.start": StartProcess,
    "wake": Wake,
}


class Refused(BaseModel):
    """What was wrong with a command, by field."""

    field: str
    reason: str


class LostMessage(BaseModel):
    """A dead letter: why the bus gave it up and, if Baton refused it, which fields and why. Its body is not shown."""

    number: int
    id: str
    type: str
    reason: str
    description: str
    errors: list[Refused] = Field(default_factory=list)


class ReplayLetters(_Strict):
    """Which dead letters of a queue, or of `topic/subscriptions/name`, are sent again."""

    source: Annotated[str, StringConstraints(pattern=r"^[\w.-]+(/subscriptions/[\w.-]+)?$", max_length=200)] = (
        "commands"
    )
    numbers: Annotated[list[Annotated[int, Field(ge=1, le=2**63 - 1)]], Field(min_length=1, max_length=100)]
