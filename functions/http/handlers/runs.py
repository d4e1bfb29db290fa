"""Runs of processes over HTTP: begun, watched, steered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from functions.flows import run_flow
from functions.http.handlers.download import download
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import Refusal
from shared.domain.faults import Missing
from shared.domain.run import (
    NewInputs,
    News,
    RowsFix,
    Run,
    RunFile,
    RunRequest,
    RunStatus,
    RunStep,
    StepReason,
    Undo,
    Verdict,
    Why,
)
from shared.domain.segment import Filter
from shared.process import approvals, fixing, inbox, runs, watching
from shared.process import undo as undoing
from shared.process.incoming import LONGEST_NAME, NAME, take_in


class RunsQuery(Paging):
    """Runs of a process, or in a state."""

    process: str | None = None
    status: RunStatus | None = None

    def filters(self) -> list[Filter]:
        """What was given, as conditions on the documents."""
        given = (("process", self.process), ("status", self.status))
        return [Filter(name, "eq", value) for name, value in given if value is not None]


class NewsQuery(BaseModel):
    """Where the news before ended; and, of whose lines, one step."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str | None, Field(max_length=100)] = None
    step: Annotated[str | None, Field(max_length=60)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class FileQuery(BaseModel):
    """A file of the run, as its outputs name it."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[str, Field(max_length=500)] = ""


class UploadQuery(BaseModel):
    """What the file is called."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME)]


def start(call: Call, body: RunRequest) -> Answer[Run]:
    """Begin a run with these inputs (202). A file is sent to POST /api/v1/runs/files first."""
    made = runs.begin(call.ports, call.scope, call.principal, call.path["name"], body)
    return _begun(call, made)


def upload(call: Call, body: bytes, query: UploadQuery) -> Answer[RunFile]:
    """A file that a run is to be given: what comes back is the input's value."""
    return Answer(take_in(call.ports, call.scope, query.name, body), status=201)


def listing(call: Call, query: RunsQuery) -> Answer[Listing[Run]]:
    """Runs, newest first."""
    items, cursor = runs.listing(call.ports, call.scope, query.filters(), query.limit, query.cursor)
    return Answer(Listing(items=[each.shown() for each in items], cursor=cursor))


def show(call: Call) -> Answer[Run]:
    """One run: its state, what it was given and gave, who steered it."""
    return Answer(runs.read(call.ports, call.scope, call.path["id"]).shown())


def steps(call: Call) -> Answer[list[RunStep]]:
    """Its steps and items that have begun: state, inputs, outputs, every attempt with its time and what it used."""
    return Answer(runs.steps(call.ports, call.scope, call.path["id"]))


def logs(call: Call, query: NewsQuery) -> Answer[News]:
    """What its steps said, oldest first; `cursor` goes on where this ends."""
    return Answer(watching.lines(call.ports, call.scope, call.path["id"], query.cursor, query.limit, query.step))


def news(call: Call, query: NewsQuery) -> Answer[News]:
    """For whoever watches: how the run stands, the steps under way and how far they are, and the lines since then."""
    return Answer(watching.news(call.ports, call.scope, call.path["id"], query.cursor, query.limit, query.step))


def file(call: Call, query: FileQuery) -> Answer[bytes]:
    """A file that a step of this run kept; for who is no operator, one that a question to them shows."""
    id = runs.read(call.ports, call.scope, call.path["id"]).id
    if "operator" not in call.permissions and not _shown_to_decide(call, id, query.file):
        raise Refusal(403, "forbidden", "role", f"{call.principal} is not operator, which this needs")
    size = call.ports.files.size(call.scope, query.file) if query.file.startswith(f"runs/{id}/") else None
    if size is None:
        raise Missing("file", query.file)
    return download(call, query.file, size, "application/octet-stream")


def _shown_to_decide(call: Call, run: str, file: str) -> bool:
    asked = (each for each in approvals.of_run(call.ports, call.scope, run) if inbox.whose(each) in call.permissions)
    return any(file == each.file for question in asked for each in question.files)


def pause(call: Call, body: Why) -> Answer[Run]:
    """No step begins any more until it is resumed; what is under way ends."""
    return _steered(call, runs.pause(call.ports, call.scope, call.path["id"], call.principal, body.reason))


def resume(call: Call) -> Answer[Run]:
    """Go on."""
    return _steered(call, runs.resume(call.ports, call.scope, call.path["id"], call.principal))


def cancel(call: Call, body: Why) -> Answer[Run]:
    """No step begins any more but those of `finally`."""
    return _steered(call, runs.cancel(call.ports, call.scope, call.path["id"], call.principal, body.reason))


def retry(call: Call, body: Why) -> Answer[Run]:
    """A new attempt at a run that has ended (202): what is done stays done, but for `step` and all that need it."""
    return _begun(call, runs.retry(call.ports, call.scope, call.path["id"], call.principal, body.step))


def fix(call: Call, body: RowsFix) -> Answer[Run]:
    """Read rows of a quarantine that were put right, and do every step anew that needs them (202)."""
    return _begun(call, fixing.fix(call.ports, call.scope, call.path["id"], call.principal, body))


def undo(call: Call) -> Answer[Undo]:
    """Take back what a run that has ended changed in folders; what could not come back is named with the reason."""
    return Answer(undoing.undo(call.ports, call.scope, call.path["id"], call.principal))


def skip(call: Call, body: StepReason) -> Answer[Run]:
    """Leave a step out that has not ended; with it, those that need it."""
    id, by = call.path["id"], call.principal
    return _steered(call, runs.skip(call.ports, call.scope, id, by, body.step, body.reason))


def settle(call: Call, body: Verdict) -> Answer[Run]:
    """What becomes of a step that asks: it is done again, taken as done, or fails."""
    return _steered(call, runs.settle_step(call.ports, call.scope, call.path["id"], call.principal, body))


def inputs(call: Call, body: NewInputs) -> Answer[Run]:
    """Other values of these inputs, for steps that have not begun."""
    changed = runs.change_inputs(call.ports, call.scope, call.path["id"], call.principal, body.inputs)
    return Answer(changed.shown())


def _begun(call: Call, run: Run) -> Answer[Run]:
    place: dict[str, Any] = {"Location": f"/api/v1/runs/{run.id}"}
    return Answer(run.shown(), status=202, headers=place, start=[run_flow(call.scope, run)])


def _steered(call: Call, changed: list[Run]) -> Answer[Run]:
    return Answer(changed[0].shown(), ring=[run_flow(call.scope, each).instance_id for each in changed])
