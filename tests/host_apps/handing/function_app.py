"""A receiver of Baton's messages: it writes down what comes, or refuses everything while REFUSING exists."""

import json
import os
from pathlib import Path

import azure.functions as func

app = func.FunctionApp()
BUS = "ServiceBusConnection"


def take(source: str, message: func.ServiceBusMessage) -> None:
    if Path(os.environ["REFUSING"]).exists():
        raise RuntimeError("not now")
    told = {
        "source": source,
        "properties": message.application_properties,
        "subject": message.subject,
        "session": message.session_id,
        "body": message.get_body().decode(),
    }
    with open(os.environ["BUS_NOTES"], "a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


@app.service_bus_queue_trigger(arg_name="message", queue_name="handoffs", connection=BUS)
def handoffs(message: func.ServiceBusMessage) -> None:
    take("handoffs", message)


@app.service_bus_queue_trigger(arg_name="message", queue_name="ordered", connection=BUS, is_sessions_enabled=True)
def ordered(message: func.ServiceBusMessage) -> None:
    take("ordered", message)


@app.service_bus_topic_trigger(arg_name="message", topic_name="events", subscription_name="sales", connection=BUS)
def sales(message: func.ServiceBusMessage) -> None:
    take("events/subscriptions/sales", message)


@app.service_bus_topic_trigger(arg_name="message", topic_name="events", subscription_name="all", connection=BUS)
def everyone(message: func.ServiceBusMessage) -> None:
    take("events/subscriptions/all", message)
