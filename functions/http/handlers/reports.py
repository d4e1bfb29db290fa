"""What other systems report, signed by Standard Webhooks; verified on the raw bytes before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.flows import task_flow
from functions.http.handlers.webhooks import secrets_of
from shared.access.call import Answer, Call
from shared.access.limits import JSON_BYTES, check_json, check_size
from shared.access.problem import Refusal, rejected
from shared.agents.tasks.reports import report_task, report_workflow
from shared.domain.links import verify
from shared.domain.report_news import Reported, TaskNews, WorkflowNews
from shared.domain.scope import Scope
from shared.domain.task import Task
from shared.domain.webhook import verified_webhook

News = TypeVar("News", bound=BaseModel)


def task_status(call: Call, body: bytes) -> Answer[Reported]:
    """Another system has done one of our tasks, or could not."""
    scope, id = _signed(call, body)
    return _woken(scope, report_task(call.ports, scope, id, _said(body, TaskNews).data))


def workflow_completed(call: Call, body: bytes) -> Answer[Reported]:
    """A workflow of another system has ended: the tasks that wait for it go on."""
    scope, id = _signed(call, body)
    return _woken(scope, report_workflow(call.ports, scope, id, _said(body, WorkflowNews).data))


def _signed(call: Call, body: bytes) -> tuple[Scope, str]:
    """The workspace for which the address (`?door=`) was made, and the id of the report. Raises Refusal: 413, 401."""
    check_size(body, JSON_BYTES)
    link = verify(call.query.get("door", ""), "w", call.ports.keys.link)
    if link is None or link.person != "reports":
        raise Refusal(401, "not-signed", "door", "this address was not signed here")
    id = verified_webhook(secrets_of(call.ports, link.scope), call.headers, body, call.ports.clock.now())
    if id is None:
        raise Refusal(401, "not-signed", "webhook-signature", "these bytes are not signed with this secret, now")
    return link.scope, id


def _said(body: bytes, model: type[News]) -> News:
    check_json(body)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise rejected(error, "body") from None


def _woken(scope: Scope, tasks: Sequence[Task]) -> Answer[Reported]:
    bells = [task_flow(scope, task.id, task.run).instance_id for task in tasks]
    return Answer(Reported(changed=[task.id for task in tasks]), ring=bells)
