"""Service Bus triggers: a message is checked, has its one effect, and starts or wakes a flow (design 1)."""

from __future__ import annotations

import asyncio

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading
from shared.domain.names import COMMANDS

bp = df.Blueprint()


@bp.function_name("commands")
@bp.service_bus_queue_trigger(arg_name="message", queue_name=COMMANDS, connection="ServiceBusConnection")
@bp.durable_client_input(client_name="client")
async def commands(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    """What another system asks for. What raises is delivered again, five times, then it is a dead letter."""
    with loading:
        from functions.commands import take
        from functions.wake import ring, start
        from shared.wiring import ports

    done = await asyncio.to_thread(take, ports(), message)
    for flow in done.start:
        await start(client, flow)
    for instance_id in done.ring:
        await ring(client, instance_id)
