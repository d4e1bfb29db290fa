"""The pages of declared processes: what there is, what each does, what changed, and the form that starts a run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import uuid_utils

from functions.flows import run_flow
from functions.http.handlers.html import html, see
from functions.http.handlers.processes import TwoVersions
from shared.access.call import Answer, Call, Paging
from shared.access.upload import Upload, filled_in, uploads
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.process import Process
from shared.domain.rehearsal import DryRequest
from shared.domain.run import RUN_UNDER_WAY, Run, RunFile
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.process import runs, store, triggers, watching
from shared.process.books import plan_of
from shared.process.declared import Plan
from shared.process.incoming import take_in
from shared.process.rehearsal.dry import dry_run
from shared.web import processes as view
from shared.web.fields import labelled
from shared.web.graph import picture
from shared.web.versions import lines_of, parts_of

_RECENT = 5
_Brought = Callable[[Ports], dict[str, Any]]
_Do = Callable[[str, dict[str, Any], _Brought, Mapping[str, str]], Answer[str]]


def overview(call: Call, query: Paging) -> Answer[str]:
    """What processes there are, what each did last, and what starts it next."""
    found, cursor = store.listing(call.ports, call.scope, query.limit, query.cursor)
    on = [Filter("status", "in", list(RUN_UNDER_WAY))]
    running, _ = runs.listing(call.ports, call.scope, on, 100, None)
    asking = watching.asking(call.ports, call.scope) & {each.id for each in running}
    rows = [_row(call, each, asking) for each in found]
    sentence = view.sentence(rows, len(running), len(asking))
    return html(call, "processes", here="processes", rows=rows, cursor=cursor, sentence=sentence)


def show(call: Call) -> Answer[str]:
    """One process: what it does, its graph, its versions, what starts it, and the form to run it."""
    return _page(call, *_found(call))


def start(call: Call, body: bytes) -> Answer[str]:
    """Begin a run with what was filled in; what is wrong is said above the form. The same form sent twice begins one
    run; with other inputs, as after a step back in the browser, it begins another."""

    def begun(name: str, given: dict[str, Any], brought: _Brought, form: Mapping[str, str]) -> Answer[str]:
        given |= brought(call.ports)
        digest = store.ready(call.ports, call.scope, name)
        run = runs.start(call.ports, call.scope, call.principal, name, digest, given, id=_id(call, form, given))
        return see(f"/runs/{run.id}", start=[run_flow(call.scope, run)])

    return _done(call, body, begun)


def rehearse(call: Call, body: bytes) -> Answer[str]:
    """Show what a run with what was filled in would do; nothing of it is kept."""

    def rehearsed(name: str, given: dict[str, Any], brought: _Brought, form: Mapping[str, str]) -> Answer[str]:
        shown = dry_run(call.ports, call.scope, call.principal, name, DryRequest(inputs=given), brought)
        return html(call, "rehearsed", here="processes", found=shown)

    return replace(_done(call, body, rehearsed), shows_data=True)


def difference(call: Call, query: TwoVersions) -> Answer[str]:
    """What changed from one version to another, by step and line by line."""
    found, _ = _found(call)
    digests = [each.digest for each in found.versions]
    old, new = query.old or digests[min(1, len(digests) - 1)], query.new or digests[0]
    before, after = (store.text_of(call.ports, call.scope, found.name, each).decode() for each in (old, new))
    parts = parts_of(_dumped(call, found, old), _dumped(call, found, new))
    shown = {"old": old, "new": new, "lines": lines_of(before, after), "parts": parts}
    return html(call, "versions", here="processes", process=found, **shown)


def _done(call: Call, body: bytes, do: _Do) -> Answer[str]:
    """Do it with the process's name, what was filled in, what takes in the files, and the form itself, or show the form
    again."""
    found, plan = _found(call)
    content_type = call.headers.get("content-type", "")
    form = filled_in(body, content_type)
    try:
        given = view.typed(plan.inputs, form)
        return do(found.name, given, lambda ports: _files(ports, call.scope, plan, body, content_type), form)
    except Rejected as wrong:
        return replace(_page(call, found, plan, form, wrong.errors), status=400)
    except Conflict as taken:
        return replace(_page(call, found, plan, form, [taken.error]), status=409)


def _found(call: Call) -> tuple[Process, Plan]:
    found, _ = store.read(call.ports, call.scope, call.path["name"])
    return found, store.plan_of(call.ports, call.scope, found)


def _row(call: Call, process: Process, asking: set[str]) -> view.Row:
    recent, _ = _runs(call, process.name, 1)
    last = recent[0] if recent else None
    standing = triggers.standing(call.ports, call.scope, process)
    return view.row(process, last, last is not None and last.id in asking, standing)


def _runs(call: Call, process: str, limit: int) -> tuple[list[Run], str | None]:
    return runs.listing(call.ports, call.scope, [Filter("process", "eq", process)], limit, None)


def _page(
    call: Call, found: Process, plan: Plan, form: Mapping[str, str] | None = None, errors: Sequence[FieldError] = ()
) -> Answer[str]:
    labels = {f"inputs.{name}": each.title or name for name, each in plan.inputs.items()}
    recent, _ = _runs(call, found.name, _RECENT)
    return html(
        call,
        "process",
        here="processes",
        process=found,
        plan=plan,
        about=view.about(plan),
        further=view.further(plan),
        picture=picture(plan),
        steps=view.steps(plan),
        standing=triggers.standing(call.ports, call.scope, found),
        recent=[each.shown() for each in recent],
        text=store.text_of(call.ports, call.scope, found.name).decode(),
        form=form or {},
        samples=[name for name, each in plan.inputs.items() if each.type in ("file", "files") and each.default],
        defaults={name: view.shown_default(each) for name, each in plan.inputs.items()},
        errors=labelled(errors, labels),
        once=(form or {}).get("once") or uuid_utils.uuid7().hex,
    )


def _files(ports: Ports, scope: Scope, plan: Plan, body: bytes, content_type: str) -> dict[str, Any]:
    """The files that were chosen, taken in where these ports lead: for a dry run to a place that goes with it."""
    found: dict[str, Any] = {}
    for name, each in plan.inputs.items():
        if each.type in ("file", "files"):
            sent = [_taken(ports, scope, name, file) for file in uploads(body, content_type, f"{view.GIVEN}{name}")]
            if sent:
                found[name] = sent if each.type == "files" else sent[0]
    return found


def _taken(ports: Ports, scope: Scope, name: str, file: Upload) -> dict[str, Any]:
    try:
        return take_in(ports, scope, file.name, file.data).model_dump()
    except Rejected as wrong:
        raise Rejected(FieldError(f"inputs.{name}", wrong.errors[0].reason)) from None


def _id(call: Call, form: Mapping[str, str], given: dict[str, Any]) -> str:
    """Of the run that this form begins with these inputs, however often it is sent."""
    once = form.get("once")
    if not once:
        raise Rejected(FieldError("once", "is missing: load the page again"))
    said = [*call.scope, call.principal, call.path["name"], once, json.dumps(_without_day(given), sort_keys=True)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def _without_day(value: Any) -> Any:
    """The inputs, of each file only its name and checksum: where it lies depends on the day on which it came."""
    if isinstance(value, list):
        return [_without_day(each) for each in value]
    if isinstance(value, dict):
        named = ("name", "sha256") if value.keys() == RunFile.model_fields.keys() else value
        return {key: _without_day(value[key]) for key in named}
    return value


def _dumped(call: Call, found: Process, digest: str) -> dict[str, Any]:
    """A version's plan, without what it does not say."""
    if digest not in [each.digest for each in found.versions]:
        raise Missing("version of the process", f"{found.name} {digest[:12]}")
    kept = store.ready(call.ports, call.scope, found.name, digest)
    plan = plan_of(call.ports, call.scope, found.name, kept)
    return plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
