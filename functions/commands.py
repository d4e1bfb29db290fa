"""From a message of the queue `commands` to the flow that it starts or wakes. Imported at the first message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import azure.functions as func
from pydantic import BaseModel, ValidationError

from functions.flows import campaign_flow, doorbells, import_flow, run_flow, task_flow
from shared.access.call import Start
from shared.access.limits import JSON_BYTES, check_json, check_size
from shared.access.problem import problem_of, rejected
from shared.agents import campaigns, commands, tasks
from shared.agents.scopes import in_use
from shared.domain.campaign import CampaignRequest
from shared.domain.command import DATA, Command, ImportFile, StartProcess, TaskToExecute, Wake
from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import Scope, parse_scope
from shared.logs import log
from shared.ports import Ports
from shared.process import triggers


class Done(NamedTuple):
    """What is to be started or woken then."""

    start: Sequence[Start] = ()
    ring: Sequence[str] = ()


class NotTaken(Exception):
    """The bus delivers it again and, in the end, puts it to the dead letters."""


def take(ports: Ports, message: func.ServiceBusMessage) -> Done:
    """Carry one message out. Raises NotTaken, having written down the fields and the reasons, if it never can be."""
    properties = {str(name): value for name, value in (message.application_properties or {}).items()}
    id = str(properties.get("id") or message.message_id)[:500]
    try:
        scope = _scope(ports, properties)
    except Rejected as refused:
        log().warning("message not taken", message=id, exception=str(refused))
        raise NotTaken(str(refused)) from None
    try:
        return _carried_out(ports, scope, id, message.get_body())
    except Exception as error:
        problem = problem_of(error)
        if problem is None or problem.status >= 500:
            raise  # a fault: the next delivery may find it gone
        commands.refuse(ports, scope, id, problem.errors)
        raise NotTaken(problem.detail) from None


def _scope(ports: Ports, properties: Mapping[str, Any]) -> Scope:
    """As the sender says it: who may send to this namespace may speak for every workspace that is known here."""
    given = [str(properties.get(name, "")) for name in ("tenant", "workspace")]
    try:
        scope = parse_scope(*given)
    except ValueError as error:
        raise Rejected(FieldError("properties", str(error))) from None
    if scope.tenant not in ports.tenants or scope not in set(in_use(ports, scope.tenant)):
        raise Rejected(FieldError("properties", f"there is no workspace {scope.workspace!r} of {scope.tenant!r} here"))
    return scope


def _carried_out(ports: Ports, scope: Scope, id: str, body: bytes) -> Done:
    match _data(body):
        case CampaignRequest() as request:
            return Done([campaign_flow(scope, commands.start_campaign(ports, scope, id, request))])
        case ImportFile() as asked:
            return Done([import_flow(scope, commands.bring_in(ports, scope, id, asked))])
        case TaskToExecute() as asked:
            task = commands.execute(ports, scope, id, asked)
            return Done([task_flow(scope, task.id, task.run)])
        case StartProcess() as asked:
            return Done([run_flow(scope, triggers.command(ports, scope, commands.id_of(scope, id), asked))])
        case Wake(kind="campaign", id=subject):
            return Done(ring=doorbells(scope, campaigns.get(ports, scope, subject)))
        case Wake(id=subject):
            return Done(ring=[task_flow(scope, subject, tasks.read(ports, scope, subject).run).instance_id])
    raise AssertionError("every type has its data")


def _data(body: bytes) -> BaseModel:
    check_size(body, JSON_BYTES)
    check_json(body)
    try:
        command = Command.model_validate_json(body, strict=True)
        return DATA[command.type].model_validate_json(json.dumps(command.data), strict=True)
    except ValidationError as error:
        raise rejected(error, "body") from None
