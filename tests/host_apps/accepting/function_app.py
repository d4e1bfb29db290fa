"""Handoffs that start a flow each, as Baton starts its own: unless the instance exists, whatever became of it."""

import asyncio
import os
from pathlib import Path

import azure.durable_functions as df
import azure.functions as func

from functions.wake import start
from shared.access.call import Start

app = df.DFApp()


def note(*words: object) -> None:
    with open(os.environ["BUS_NOTES"], "a", encoding="utf-8") as file:
        file.write(" ".join(map(str, words)) + "\n")


@app.service_bus_queue_trigger(arg_name="message", queue_name="handoffs", connection="ServiceBusConnection")
@app.durable_client_input(client_name="client")
async def accept(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    handoff = message.get_body().decode()
    note("accepted", handoff)
    if not await start(client, Start("handle", f"handoff~{handoff}", handoff)):
        raise RuntimeError("to be delivered again")
    while Path(os.environ["HOLDING"]).exists():
        await asyncio.sleep(0.02)


@app.orchestration_trigger(context_name="context")
def handle(context: df.DurableOrchestrationContext):
    yield context.call_activity("work", context.get_input())


@app.activity_trigger(input_name="handoff")
def work(handoff: str) -> str:
    note("worked", handoff)
    return handoff
