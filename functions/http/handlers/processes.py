"""Declared processes over HTTP: checked, kept by version, shown."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import Refusal
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.process import Process
from shared.ports import Stale
from shared.process import store, triggers
from shared.process.load import load
from shared.process.plan import graph_of
from shared.process.problems import Invalid, PlanProblem
from shared.process.schema import published
from shared.process.triggers import Standing

FileName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class Named(BaseModel):
    """What the text's file is called: it stands in problems, and its ending says whether it is JSON."""

    model_config = ConfigDict(extra="forbid")

    file: FileName = "plan.yaml"


class OneVersion(BaseModel):
    """The newest if none is named."""

    model_config = ConfigDict(extra="forbid")

    digest: Digest = ""


class TwoVersions(BaseModel):
    """If they are not named, the last but one and the newest."""

    model_config = ConfigDict(extra="forbid")

    old: Digest = ""
    new: Digest = ""


class Checked(BaseModel):
    """What is wrong with a plan; of one that is right its name, title and graph, as `baton process plan` draws it."""

    problems: list[PlanProblem]
    process: str = ""
    title: str = ""
    graph: dict[str, Any] = Field(default_factory=dict)
    types: dict[str, str] = Field(default_factory=dict)
    """The type of each step."""


class Shown(Process):
    """A process, its revision (for If-Match), its newest plan, and how each trigger of it stands."""

    rev: str | None
    standing: list[Standing] = Field(default_factory=list)
    plan: dict[str, Any]


class Difference(BaseModel):
    """Lines of a unified diff."""

    lines: list[str]


def validate(call: Call, body: bytes, query: Named) -> Answer[Checked]:
    """Everything that is wrong with a plan, with line, column and what to do; nothing is kept."""
    try:
        plan = load(body, query.file)
    except Invalid as invalid:
        return Answer(Checked(problems=invalid.problems))
    graph = graph_of(plan.model_dump(mode="json", by_alias=True)).to_wire()
    types = {step.id: step.type for step in (*plan.steps, *plan.last)}
    return Answer(Checked(problems=[], process=plan.process, title=plan.title, graph=graph, types=types))


def schema(call: Call) -> Answer[dict[str, Any]]:
    """The JSON Schema of a plan, for editors."""
    return Answer(json.loads(published()))


def listing(call: Call, query: Paging) -> Answer[Listing[Process]]:
    """The workspace's processes by name; on the last page those that come with Baton, too."""
    items, cursor = store.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[Shown]:
    """One process, its versions and its newest plan. The ETag is the revision, for If-Match."""
    found, rev = store.read(call.ports, call.scope, call.path["name"])
    return _shown(call, found, rev)


def put(call: Call, body: bytes, query: Named) -> Answer[Shown]:
    """Take the text of a plan as the process's newest version. With If-Match only if it is still at that revision.
    Runs of older versions go on as they began."""
    name, wanted = call.path["name"], call.headers.get("if-match")
    present = _revision(call, name)
    if wanted is not None and not (wanted.strip() == "*" and present) and wanted.strip() != f'"{present}"':
        raise _changed(present)
    try:
        made, rev = store.put(call.ports, call.scope, call.principal, name, body, query.file, present)
    except Invalid as invalid:
        raise Rejected(*map(_said, invalid.problems[:100])) from None
    except Stale:
        raise _changed(present) from None
    return _shown(call, made, rev, 200 if present else 201)


def text(call: Call, query: OneVersion) -> Answer[str]:
    """A version as it was written."""
    found = store.text_of(call.ports, call.scope, call.path["name"], query.digest)
    return Answer(found.decode(), content_type="text/plain; charset=utf-8")


def difference(call: Call, query: TwoVersions) -> Answer[Difference]:
    """What changed from one version to another."""
    lines = store.difference(call.ports, call.scope, call.path["name"], query.old, query.new)
    return Answer(Difference(lines=lines))


def _revision(call: Call, name: str) -> str | None:
    try:
        return store.read(call.ports, call.scope, name)[1]
    except Missing:
        return None


def _shown(call: Call, found: Process, rev: str | None, status: int = 200) -> Answer[Shown]:
    kept = store.plan_of(call.ports, call.scope, found).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    standing = triggers.standing(call.ports, call.scope, found)
    made = Shown(**found.model_dump(), rev=rev, plan=kept, standing=standing)
    return Answer(made, status=status, headers={"ETag": f'"{rev}"'} if rev else {})


def _said(problem: PlanProblem) -> FieldError:
    hint = f" ({problem.suggestion})" if problem.suggestion else ""
    field = problem.field or "plan"
    return FieldError(field, f"{problem.message}{hint}; line {problem.line}, column {problem.column}")


def _changed(rev: str | None) -> Refusal:
    reason = f'the process has changed since; it is at "{rev}" now' if rev else "there is no such process yet"
    return Refusal(412, "changed", "If-Match", reason)
