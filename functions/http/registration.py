"""Rows of the route table become HTTP functions. Imported while the app loads: the rest is imported at first call."""

from __future__ import annotations

from collections.abc import Iterable

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.access.route import Route

_ANYONE = func.AuthLevel.ANONYMOUS
_METHODS = {"GET": ["GET", "HEAD"], "*": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]}


def blueprint(rows: Iterable[Route]) -> df.Blueprint:
    """One HTTP function a row, anonymous for the runtime: the row's role decides (design 1)."""
    bp = df.Blueprint()
    for row in rows:
        _register(bp, row)
    return bp


def _register(bp: df.Blueprint, row: Route) -> None:
    async def handle(
        request: func.HttpRequest, client: df.DurableOrchestrationClient, context: func.Context
    ) -> func.HttpResponse:
        with loading:
            from functions.http.serve import serve

        return await serve(row, request, client, context.trace_context.trace_parent or "")

    route = bp.route(
        route=row.path.lstrip("/"),
        methods=_METHODS.get(row.method, [row.method]),
        trigger_arg_name="request",
        auth_level=_ANYONE,
    )
    bp.function_name(row.name)(route(bp.durable_client_input(client_name="client")(handle)))
