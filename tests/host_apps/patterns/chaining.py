"""Function chaining: each activity gets what the one before returned."""

import threading
from pathlib import Path

import azure.durable_functions as df

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def chain(context: df.DurableOrchestrationContext):
    order = context.get_input()
    context.set_custom_status("pricing")
    priced = yield context.call_activity("price", order)
    context.set_custom_status("packing")
    packed = yield context.call_activity("pack", priced)
    return {"order": packed, "version": context.version}


@bp.orchestration_trigger(context_name="context")
def mirror(context: df.DurableOrchestrationContext):
    return context.get_input()


@bp.activity_trigger(input_name="order")
def price(order: dict) -> dict:
    if order["amount"] < 0:
        raise ValueError(f"amount: {order['amount']} is negative")
    return {**order, "total": order["amount"] * 3}


@bp.activity_trigger(input_name="order", activity="pack")
async def pack_order(order: dict, context) -> dict:
    return {**order, "packed_by": context.function_name}


@bp.orchestration_trigger(context_name="context")
def gated(context: df.DurableOrchestrationContext):
    yield context.call_activity("wait_for_file", context.get_input())
    return (yield context.call_activity("price", {"amount": 2}))


@bp.activity_trigger(input_name="path")
def wait_for_file(path: str) -> None:
    while not Path(path).exists():
        threading.Event().wait(0.01)
