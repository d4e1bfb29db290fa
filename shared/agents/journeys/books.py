"""Journeys as people handle them: put, start, pause, resume, stop, change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from shared.agents.journeys import mails
from shared.agents.journeys.affected import affected, moved
from shared.agents.journeys.counts import counts
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.campaign import Campaign
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.journey import Plan
from shared.domain.journey_state import STILL_ON, Change, Changes, Journey
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Order, Ports, Stale

JOURNEYS = Records(Kind.JOURNEY, Journey)


class Put(NamedTuple):
    """A journey and the campaigns of its mails that are to be written now."""

    journey: Journey
    written: list[Campaign]


def get(ports: Ports, scope: Scope, id: str) -> Journey:
    """One journey. Raises Missing."""
    return JOURNEYS.load(ports, scope, id)


def listing(ports: Ports, scope: Scope, limit: int, cursor: str | None) -> tuple[list[Journey], str | None]:
    """Journeys, newest first. Raises Rejected for a cursor that is none."""
    try:
        newest = Order("created_at", descending=True)
        page = ports.documents.find(scope, Kind.JOURNEY, (), newest, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Journey.model_validate(each.body) for each in page.documents], page.cursor


def note(ports: Ports, scope: Scope, id: str, by: str, what: str, **data: object) -> None:
    """One fact on the journey's stream of the journal: ids, codes and counts only."""
    ports.journal.append(scope, f"journey/{id}", ports.clock.now(), by, what, data)


def put(ports: Ports, scope: Scope, by: str, name: str, plan: Plan, text: bytes) -> Put:
    """Keep a journey that has not started, and have its mails written, so that they can be approved.

    Raises Rejected for what the plan gets wrong here, Conflict if it has started: then it is changed."""
    if plan.journey != name:
        raise Rejected(FieldError("journey", f"the text says {plan.journey!r}, the address {name!r}"))
    before = _present(ports, scope, name)
    if before and before.status != "draft":
        raise Conflict("status", f"the journey is {before.status}; what has started is changed, not put anew")
    ids = mails.campaigns_of(ports, scope, plan, ())
    written = mails.write(ports, scope, by, plan, ids)
    made = Journey(
        id=name,
        title=plan.title,
        status="draft",
        version=before.version + 1 if before else 1,
        plan=plan.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        mails=ids,
        created_at=before.created_at if before else ports.clock.now(),
        created_by=before.created_by if before else by,
    )
    register(ports, scope)
    ports.files.put(scope, text_path(name, made.version), text)
    _store(ports, scope, made, before)
    if before:
        mails.steer(ports, scope, by, _left(before.mails, ids.values()), "cancel")
    note(ports, scope, name, by, "put", version=made.version)
    return Put(made, written)


def text_path(id: str, version: int) -> str:
    """Where a version lies as it was written."""
    return f"journeys/{id}/{version}.txt"


def start(ports: Ports, scope: Scope, id: str, by: str) -> Journey:
    """Let people in. Raises Conflict while a mail is not approved, naming it."""
    now = ports.clock.now()
    if waiting := mails.ready(ports, scope, get(ports, scope, id).mails):
        said = ", ".join(f"{mail} ({why})" for mail, why in waiting.items())
        raise Conflict("mails", f"not every mail is approved: {said}")

    def begin(found: Journey) -> None:
        if found.status != "draft":
            raise Conflict("status", f"only a draft can be started; this journey is {found.status}")
        found.status, found.started_at = "running", now

    return _changed(ports, scope, id, by, "started", begin)


def pause(ports: Ports, scope: Scope, id: str, by: str) -> Journey:
    """Nobody goes a step further and no mail leaves until it is resumed; waits go on."""
    going = mails.going(ports, scope, get(ports, scope, id).campaigns())

    def stop(found: Journey) -> None:
        _still_on(found)
        found.status = "paused"
        found.held_back = list(dict.fromkeys([*found.held_back, *going]))

    paused = _changed(ports, scope, id, by, "paused", stop)
    mails.steer(ports, scope, by, going, "pause")
    return paused


def resume(ports: Ports, scope: Scope, id: str, by: str) -> Journey:
    """Go on, also after its flow broke; a mail that a person paused by itself stays so. The caller starts the flow."""
    paused = get(ports, scope, id)
    _paused(paused)
    mails.steer(ports, scope, by, paused.held_back, "resume")  # First: who is killed here finds it paused as before.

    def go_on(found: Journey) -> None:
        _paused(found)
        if found.reason:
            found.attempt += 1
        found.status, found.reason, found.held_back = "running", None, []

    return _changed(ports, scope, id, by, "resumed", go_on)


def stop(ports: Ports, scope: Scope, id: str, by: str) -> Journey:
    """For good: who waits for a mail does not get it, and nobody comes in any more."""

    def end(found: Journey) -> None:
        if found.status not in (*STILL_ON, "draft"):
            raise Conflict("status", f"the journey is {found.status}; nothing of it is left to stop")
        found.status, found.ended_at = "stopped", ports.clock.now()

    stopped = _changed(ports, scope, id, by, "stopped", end)
    wished = stopped.change.mails.values() if stopped.change else ()
    mails.steer(ports, scope, by, [*stopped.campaigns(), *wished], "cancel")
    return stopped


def give_up(ports: Ports, scope: Scope, id: str, attempt: int, why: str) -> None:
    """The flow of this attempt broke: it stands still, as paused, until a person resumes it."""

    def say(found: Journey) -> None:
        if found.status == "running" and found.attempt == attempt:
            found.status, found.reason = "paused", why

    JOURNEYS.change(ports, scope, id, say)


def foresee(ports: Ports, scope: Scope, id: str, plan: Plan) -> Changes:
    """What a new plan would do to those on their way; nothing is changed. Raises Conflict as `change` does."""
    found = get(ports, scope, id)
    _changeable(found, plan)
    return affected(found, plan, _anew(ports, scope, found, plan), counts(ports, scope, id))


def change(ports: Ports, scope: Scope, id: str, by: str, plan: Plan, text: bytes) -> Put:
    """Give a journey that runs a new plan, in effect once its new mails are approved; one that waits for that is
    replaced. Raises Rejected, and Conflict for a journey that does not run, or what cannot change."""
    before = get(ports, scope, id)
    _changeable(before, plan)
    ids = _anew(ports, scope, before, plan)
    written, now = mails.write(ports, scope, by, plan, ids), ports.clock.now()
    left: list[str] = []

    def wish(found: Journey) -> None:
        _changeable(found, plan)
        if found.version != before.version:
            raise Conflict("journey", "it was changed meanwhile; look at it again")
        left[:] = _left(found.change.mails, [*ids.values(), *found.campaigns()]) if found.change else []
        found.change = Change(
            version=found.version + 1,
            plan=plan.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            mails=ids,
            by=by,
            at=now,
        )

    changed = _changed(ports, scope, id, by, "change_wished", wish)
    ports.files.put(scope, text_path(id, changed.version + 1), text)
    mails.steer(ports, scope, by, left, "cancel")
    return Put(changed, written)


def is_to_wake(ports: Ports, scope: Scope, found: Journey) -> bool:
    """There is something to do before the next moment of anybody in it comes."""
    if found.change and not mails.ready(ports, scope, found.change.mails):
        return True
    return any(mails.again(ports, scope, id) for id in found.campaigns())


def take_effect(ports: Ports, scope: Scope, found: Journey) -> Journey:
    """Put a wished change into effect if its mails are approved."""
    if found.change is None or found.status not in STILL_ON or mails.ready(ports, scope, found.change.mails):
        return found

    def apply(present: Journey) -> None:
        if present.change is None or present.change != found.change or present.status not in STILL_ON:
            return
        plan = Plan.model_validate(present.change.plan)
        for mail, id in present.mails.items():
            if present.change.mails.get(mail) != id:
                present.former = {**present.former, mail: [*present.former.get(mail, ()), id]}
        present.changed_at = ports.clock.now()
        present.moved = moved(present, plan)
        present.plan, present.version = present.change.plan, present.change.version
        present.mails, present.title, present.change = present.change.mails, plan.title, None

    return _changed(ports, scope, found.id, found.change.by, "changed", apply)


def complete(ports: Ports, scope: Scope, id: str) -> None:
    """Everybody has left and nobody comes in any more."""

    def end(found: Journey) -> None:
        if found.status == "running":
            found.status, found.ended_at = "completed", ports.clock.now()

    done = _changed(ports, scope, id, "journey", "completed", end)
    end_mails(ports, scope, done.campaigns(), ports.clock.now())


def end_mails(ports: Ports, scope: Scope, ids: Iterable[str], now: datetime) -> None:
    """These mails are over; how long their rows are kept counts from here."""
    from shared.agents.records import change as change_campaign

    def end(found: Campaign) -> None:
        found.last_due = found.last_due or now
        if found.status in ("scheduled", "sending"):
            found.status = "completed"

    for id in ids:
        with suppress(Missing):  # no longer on file
            change_campaign(ports, scope, id, end)


def _changed(ports: Ports, scope: Scope, id: str, by: str, what: str, act: Callable[[Journey], None]) -> Journey:
    changed = JOURNEYS.change(ports, scope, id, act)
    note(ports, scope, id, by, what, version=changed.version)
    return changed


def _present(ports: Ports, scope: Scope, id: str) -> Journey | None:
    try:
        return get(ports, scope, id)
    except Missing:
        return None


def _store(ports: Ports, scope: Scope, made: Journey, before: Journey | None) -> None:
    found = ports.documents.get(scope, Kind.JOURNEY, made.id) if before else None
    try:
        ports.documents.put(scope, Kind.JOURNEY, made.id, made.model_dump(mode="json"), found.rev if found else None)
    except Stale:
        raise Conflict("journey", "it was changed by somebody else meanwhile; look at it again") from None


def _still_on(found: Journey) -> None:
    if found.status not in STILL_ON:
        raise Conflict("status", f"the journey is {found.status}")


def _paused(found: Journey) -> None:
    if found.status != "paused":
        raise Conflict("status", f"only a paused journey can be resumed; this one is {found.status}")


def _anew(ports: Ports, scope: Scope, found: Journey, plan: Plan) -> dict[str, str]:
    """The campaigns of a new plan. One that a mail left by before is over: whom it was to reach is held in it."""
    return mails.campaigns_of(ports, scope, plan, [id for id in found.campaigns() if id not in found.mails.values()])


def _left(before: Mapping[str, str], now: Collection[str]) -> list[str]:
    return [id for id in before.values() if id not in now]


def _changeable(found: Journey, plan: Plan) -> None:
    if plan.journey != found.id:
        raise Rejected(FieldError("journey", f"the text says {plan.journey!r}, the journey is {found.id!r}"))
    _still_on(found)
    if plan.rounds != found.declared().rounds:
        raise Conflict(
            "again", "how often people may come in cannot change while it runs: their messages are counted by it"
        )
