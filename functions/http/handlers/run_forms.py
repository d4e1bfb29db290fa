"""The forms on the pages of runs: they do what the API does and lead back to the run."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.flows import run_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.access.upload import filled_in, uploaded
from shared.domain.run import RowsFix, Run, StepReason, Verdict, Why
from shared.process import fixing, runs
from shared.process import undo as undoing
from shared.process.incoming import take_in
from shared.web.fields import filled

Noun = TypeVar("Noun", bound=BaseModel)


def pause(call: Call) -> Answer[str]:
    """No step begins any more until it is resumed."""
    id, why = _run(call).id, _checked(Why, filled(call.form))
    return _steered(call, runs.pause(call.ports, call.scope, id, call.principal, why.reason))


def resume(call: Call) -> Answer[str]:
    """Go on."""
    return _steered(call, runs.resume(call.ports, call.scope, call.path["id"], call.principal))


def cancel(call: Call) -> Answer[str]:
    """No step begins any more but those of `finally`."""
    id, why = _run(call).id, _checked(Why, filled(call.form))
    return _steered(call, runs.cancel(call.ports, call.scope, id, call.principal, why.reason))


def retry(call: Call) -> Answer[str]:
    """A new attempt; with a step, from that one on."""
    id, why = _run(call).id, _checked(Why, filled(call.form))
    return _begun(call, runs.retry(call.ports, call.scope, id, call.principal, why.step))


def skip(call: Call) -> Answer[str]:
    """Leave a step out, and what needs it."""
    id, said = _run(call).id, _checked(StepReason, filled(call.form))
    return _steered(call, runs.skip(call.ports, call.scope, id, call.principal, said.step, said.reason))


def settle(call: Call) -> Answer[str]:
    """What becomes of a step that asks."""
    id, verdict = _run(call).id, _checked(Verdict, filled(call.form))
    return _steered(call, runs.settle_step(call.ports, call.scope, id, call.principal, verdict))


def fix(call: Call, body: bytes) -> Answer[str]:
    """Read rows that were put right, from the file that was chosen."""
    id, content_type = _run(call).id, call.headers.get("content-type", "")
    form = filled_in(body, content_type)
    file = uploaded(body, content_type, "file")
    kept = take_in(call.ports, call.scope, file.name, file.data)
    about = {"file": kept.model_dump(), "step": form.get("step"), "item": form.get("item")}
    asked = _checked(RowsFix, about)
    return _begun(call, fixing.fix(call.ports, call.scope, id, call.principal, asked))


def undo(call: Call) -> Answer[str]:
    """Take back what the run changed in folders, and say what came back."""
    done = undoing.undo(call.ports, call.scope, call.path["id"], call.principal)
    return html(call, "undone", here="processes", run=done.run, changes=done.changes)


def _run(call: Call) -> Run:
    """The run, if there is one: what is not there has nothing wrong with it."""
    return runs.read(call.ports, call.scope, call.path["id"])


def _checked(model: type[Noun], given: object) -> Noun:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None


def _begun(call: Call, run: Run) -> Answer[str]:
    return see(f"/runs/{run.id}", start=[run_flow(call.scope, run)])


def _steered(call: Call, changed: list[Run]) -> Answer[str]:
    return see(f"/runs/{changed[0].id}", ring=[run_flow(call.scope, each).instance_id for each in changed])
