"""One HTTP request, from its row to the reply: who calls and for whom, is it well-formed, was it answered before; then
the handler; then the flows that its answer starts or wakes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import azure.durable_functions as df
import azure.functions as func

from functions.http.resolve import handler_of
from functions.wake import ring, start
from shared.access.archive import check_open
from shared.access.audit import changes, note
from shared.access.call import NOBODY, Answer, Call, Start
from shared.access.contract import contract_of
from shared.access.decode import arguments
from shared.access.idempotency import HEADER as IDEMPOTENCY_KEY
from shared.access.idempotency import attempt, check_may_be_absent, once
from shared.access.pace import address_of
from shared.access.principal import OWNER, PUBLIC, Principal, Request, authenticate, permit
from shared.access.problem import Problem, not_kept, problem_of, shown_once, unexpected
from shared.access.reply import Reply, encode, encode_problem
from shared.access.route import Route
from shared.access.scope import SHOWN, check_shown, scope_of
from shared.access.trace import trace_of
from shared.domain.scope import Scope
from shared.logs import log
from shared.ports import Ports
from shared.telemetry import work
from shared.web.pages import POLICY
from shared.web.refusal import refusal_page
from shared.wiring import credentials, paces, ports, telemetry

_OF_ANY_WORKSPACE = {"/signout", "/workspace"}
"""Forms that change nothing of a workspace: they hold wherever their reader has gone."""


class _Served(NamedTuple):
    reply: Reply
    start: Sequence[Start] = ()
    ring: Sequence[str] = ()
    fault: str | None = None
    """The class of what nobody foresaw."""


async def serve(
    route: Route, request: func.HttpRequest, client: df.DurableOrchestrationClient, parent: str = ""
) -> func.HttpResponse:
    """Answer the request; whatever is raised below becomes a problem. `parent` is the invocation's traceparent."""
    with work.request(telemetry(), route.method, route.path, parent) as told:
        served = await asyncio.to_thread(_answered, route, request)
        for flow in served.start:
            await start(client, flow)
        for instance_id in served.ring:
            await ring(client, instance_id)
        told["http.response.status_code"], told["error.type"] = served.reply.status, served.fault
    status, headers, content = served.reply
    return func.HttpResponse(body=content, status_code=status, headers=headers)


def _answered(route: Route, request: func.HttpRequest) -> _Served:
    headers = {name.lower(): value for name, value in request.headers.items()}
    trace = telemetry().traceparent()[3:35] or trace_of(headers)
    try:
        served = _handled(route, _call(route, request, headers, ports()), trace)
    except Exception as error:
        known = problem_of(error)
        reply = _refused(known or _unforeseen(route, trace), urlsplit(request.url).path, headers, trace)
        served = _Served(reply, fault=None if known else type(error).__name__)
    if route.role == "public" and 400 <= served.reply.status < 500:
        paces().count_refused(_address(headers), ports().clock.now())
    return served


def _call(route: Route, request: func.HttpRequest, headers: Mapping[str, str], home: Ports) -> Call:
    path, query = dict(request.route_params), dict(request.params)
    link = None if route.path.startswith("/api/v1/") else path.get("token")
    scope, caller = _caller(route, Request(request.method, request.url, headers), link, home)
    if not route.path.startswith("/api/"):
        shown = query.pop(SHOWN, None)
        check_shown(scope, None if route.path in _OF_ANY_WORKSPACE else shown)
    name, body = caller.name, request.get_body()
    return Call(home, scope, name, request.method, request.url, path, query, headers, body, caller.grants)


def _address(headers: Mapping[str, str]) -> str | None:
    return address_of(headers.get("x-forwarded-for"))


def _caller(route: Route, request: Request, link: str | None, home: Ports) -> tuple[Scope, Principal]:
    now = home.clock.now()
    if route.role == "public":
        paces().admit_stranger(_address(request.headers), link, now)
        return NOBODY, PUBLIC
    principal = authenticate(request, credentials(), now)
    if principal is not OWNER:  # the owner is alone with the machine
        paces().admit_principal(f"{principal.tenant}|{principal.name}", now)
    scope = scope_of(principal, request.headers)
    permit(principal, scope.workspace, route.role)
    check_open(home.documents, scope, route)
    return scope, principal


def _handled(route: Route, call: Call, trace: str) -> _Served:
    handler = handler_of(route)
    contract = contract_of(handler)
    given = arguments(call, contract)
    answers: list[Answer[Any]] = []

    def work() -> Reply:
        if changes(route):
            note(call.ports.journal, call.scope, call.principal, route, call.path, trace, call.ports.clock.now())
        answers.append(handler(call, **given))
        return encode(answers[0], contract)

    def keep(reply: Reply) -> Reply:
        if not (answers[0].shown_once or answers[0].shows_data):
            return reply
        problem = shown_once(reply.headers.get("Location")) if answers[0].shown_once else not_kept()
        return encode_problem(problem, urlsplit(call.url).path, trace)

    key = call.headers.get(IDEMPOTENCY_KEY)
    if not route.is_repeatable:
        reply = work()
    elif key is None:
        check_may_be_absent(call.principal)
        reply = work()
    else:
        target, query = f"{route.method} {urlsplit(call.url).path}", urlsplit(call.url).query
        sent = query.encode() + b"\n" + call.body
        this = attempt(call.scope, call.principal, target, key, sent, call.ports.clock.now())
        reply = once(call.ports.documents, this, work, keep)
    # An answer given again starts nothing again.
    return _Served(reply, answers[0].start, answers[0].ring) if answers else _Served(reply)


def _unforeseen(route: Route, trace: str) -> Problem:
    log().error("request failed", fault=trace, route=route.name, exc_info=True)
    return unexpected(trace)


def _refused(problem: Problem, path: str, headers: Mapping[str, str], trace: str) -> Reply:
    reply = encode_problem(problem, path, trace)
    if "hx-request" in headers:  # a live part of a page: the whole page is to show what is wrong
        return reply._replace(headers={**reply.headers, "HX-Refresh": "true"})
    if "text/html" not in headers.get("accept", ""):
        return reply
    page = refusal_page(path, problem.status, problem.title, problem.detail, problem.difference)
    html = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    return reply._replace(headers={**reply.headers, **html}, content=page.encode())
