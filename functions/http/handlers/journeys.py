"""Journeys over HTTP: checked, kept, started, steered, changed; and the way of each person."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.flows import campaign_flow, journey_flow
from functions.http.handlers.processes import FileName
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import journeys
from shared.agents.journeys import Drawn, EventTold, Standing, Walked
from shared.agents.journeys.books import Put
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.journey import JOURNEY_NAME, Plan
from shared.domain.journey_state import Changes, Journey
from shared.domain.journey_steps import stands, wire
from shared.process.problems import Invalid, PlanProblem


class Named(BaseModel):
    """What the text's file is called: its ending says whether it is JSON."""

    model_config = ConfigDict(extra="forbid")

    file: FileName = "journey.yaml"


class ChangeQuery(Named):
    """`dry_run`: say who would be affected, and change nothing."""

    dry_run: Literal["true", "false"] = "false"


class VersionQuery(BaseModel):
    """The newest in effect if none is named."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int | None, Field(ge=1, le=1_000_000)] = None


class PeopleQuery(Paging):
    """Everybody, or who stands at a step (`left.end`: who has come to the end)."""

    step: Annotated[str | None, Field(max_length=60)] = None


class Checked(BaseModel):
    """What is wrong with the text of a journey; of one that is right its steps."""

    problems: list[PlanProblem]
    journey: str = ""
    title: str = ""
    steps: list[dict[str, Any]] = Field(default_factory=list)


class Remembered(BaseModel):
    """An event of somebody, and how often it was told."""

    contact: str
    event: str
    times: int


def validate(call: Call, body: bytes, query: Named) -> Answer[Checked]:
    """Everything that is wrong with the text, with line, column and what to do; nothing is kept."""
    try:
        plan = journeys.load(body, query.file)
    except Invalid as invalid:
        return Answer(Checked(problems=invalid.problems))
    return Answer(Checked(problems=[], journey=plan.journey, title=plan.title, steps=wire(stands(plan))))


def tell(call: Call, body: EventTold) -> Answer[Remembered]:
    """Tell that something happened to somebody.

    `booking` and `conversion` take them out of journeys that stop on it; journeys that begin with it let them in."""
    made = journeys.tell(call.ports, call.scope, body)
    woken = journeys.listeners(call.ports, call.scope, body.event)
    said = Remembered(contact=made.contact, event=made.event, times=made.times)
    return Answer(said, ring=[journey_flow(call.scope, each).instance_id for each in woken])


def listing(call: Call, query: Paging) -> Answer[Listing[Journey]]:
    """Journeys, newest first."""
    items, cursor = journeys.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def put(call: Call, body: bytes, query: Named) -> Answer[Drawn]:
    """Keep a journey that has not started; its mails are written, and wait to be approved one by one."""
    name = call.path["name"]
    if not re.match(JOURNEY_NAME, name):
        raise Missing("journey", name)
    made = journeys.put(call.ports, call.scope, call.principal, name, _plan(body, query.file), body)
    return _drawn(call, made, 201 if made.journey.version == 1 else 200)


def show(call: Call) -> Answer[Drawn]:
    """Its steps with how many people stand at each; of each mail, its campaign and how many had it."""
    return Answer(journeys.drawn(call.ports, call.scope, call.path["name"]))


def text(call: Call, query: VersionQuery) -> Answer[str]:
    """A version as it was written."""
    found = journeys.get(call.ports, call.scope, call.path["name"])
    path = journeys.text_path(found.id, query.version or found.version)
    try:
        return Answer(call.ports.files.get(call.scope, path).decode(), content_type="text/plain; charset=utf-8")
    except FileNotFoundError:
        raise Missing("version", str(query.version)) from None


def start(call: Call) -> Answer[Journey]:
    """Let people in (202). Every mail must be approved before."""
    return _begun(call, journeys.start(call.ports, call.scope, call.path["name"], call.principal))


def pause(call: Call) -> Answer[Journey]:
    """Nobody goes a step further and no mail leaves; waits go on."""
    return _steered(call, journeys.pause(call.ports, call.scope, call.path["name"], call.principal))


def resume(call: Call) -> Answer[Journey]:
    """Go on (202)."""
    return _begun(call, journeys.resume(call.ports, call.scope, call.path["name"], call.principal))


def stop(call: Call) -> Answer[Journey]:
    """End it: who waits for a mail does not get it."""
    return _steered(call, journeys.stop(call.ports, call.scope, call.path["name"], call.principal))


def change(call: Call, body: bytes, query: ChangeQuery) -> Answer[Changes]:
    """A new plan for a journey that runs, in effect once its new mails are approved.

    The answer says who is affected; with `dry_run=true` that is all."""
    name = journeys.get(call.ports, call.scope, call.path["name"]).id
    plan = _plan(body, query.file)
    said = journeys.foresee(call.ports, call.scope, name, plan)
    if query.dry_run == "true":
        return Answer(said)
    made = journeys.change(call.ports, call.scope, name, call.principal, plan, body)
    flows = [campaign_flow(call.scope, each) for each in made.written]
    return Answer(said, status=202, start=flows, ring=[journey_flow(call.scope, made.journey).instance_id])


def people(call: Call, query: PeopleQuery) -> Answer[Listing[Standing]]:
    """Who is in it, and where."""
    found = journeys.people(call.ports, call.scope, call.path["name"], query.step, query.limit, query.cursor)
    return Answer(Listing(items=found[0], cursor=found[1]))


def path(call: Call) -> Answer[Walked]:
    """One person's way, step by step, and why each message left or did not."""
    return Answer(journeys.walked(call.ports, call.scope, call.path["name"], call.path["contact"]))


def _plan(body: bytes, file: str) -> Plan:
    try:
        return journeys.load(body, file)
    except Invalid as invalid:
        raise Rejected(*map(_said, invalid.problems)) from None


def _said(problem: PlanProblem) -> FieldError:
    hint = f" ({problem.suggestion})" if problem.suggestion else ""
    return FieldError(
        problem.field or "journey", f"{problem.message}{hint}; line {problem.line}, column {problem.column}"
    )


def _drawn(call: Call, made: Put, status: int) -> Answer[Drawn]:
    flows = [campaign_flow(call.scope, each) for each in made.written]
    return Answer(journeys.drawn(call.ports, call.scope, made.journey.id), status=status, start=flows)


def _begun(call: Call, journey: Journey) -> Answer[Journey]:
    flow = journey_flow(call.scope, journey)
    return Answer(journey, status=202, start=[flow], ring=[flow.instance_id])


def _steered(call: Call, journey: Journey) -> Answer[Journey]:
    return Answer(journey, ring=[journey_flow(call.scope, journey).instance_id])
