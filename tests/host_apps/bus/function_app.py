"""Queues and topics that write down what they receive, as a plain Azure Functions app."""

import json
import logging
import os
import time

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
BUS = "ServiceBusConnection"


def note(*words: object) -> None:
    with open(os.environ["BUS_NOTES"], "a", encoding="utf-8") as file:
        file.write(" ".join(map(str, words)) + "\n")


def text(message: func.ServiceBusMessage) -> str:
    return message.get_body().decode()


@app.service_bus_queue_trigger(arg_name="message", queue_name="%PLAIN_QUEUE%", connection=BUS)
def plain(message: func.ServiceBusMessage) -> None:
    """Everything that a message tells."""
    note(
        json.dumps(
            {
                "body": text(message),
                "id": message.message_id,
                "type": message.content_type,
                "correlation": message.correlation_id,
                "subject": message.subject,
                "label": message.label,
                "to": message.to,
                "reply": message.reply_to,
                "life": message.time_to_live and message.time_to_live.total_seconds(),
                "enqueued": message.enqueued_time_utc.isoformat(),
                "count": message.delivery_count,
                "locked": bool(message.lock_token and message.locked_until),
                "properties": message.application_properties,
                "user": message.user_properties,
            },
            sort_keys=True,
        )
    )


@app.service_bus_queue_trigger(arg_name="messages", queue_name="many", connection=BUS, cardinality="many")
def many(messages: list[func.ServiceBusMessage]) -> None:
    note("many", *(f"{text(message)}/{message.application_properties.get('n')}" for message in messages))


@app.service_bus_queue_trigger(arg_name="message", queue_name="poison", connection=BUS)
async def poison(message: func.ServiceBusMessage) -> None:
    note("poison", message.delivery_count)
    if text(message) == "bad":
        raise RuntimeError("cannot be eaten")


@app.service_bus_queue_trigger(arg_name="message", queue_name="poison/$DeadLetterQueue", connection=BUS)
def bury(message: func.ServiceBusMessage) -> None:
    note("buried", text(message), message.dead_letter_reason, message.dead_letter_source)
    if text(message) == "bad" and message.delivery_count < 6:
        raise RuntimeError("not yet")


@app.service_bus_queue_trigger(arg_name="message", queue_name="hasty", connection=BUS)
def hasty(message: func.ServiceBusMessage) -> None:
    note("hasty", text(message), message.delivery_count)
    if message.delivery_count == 1:
        time.sleep(float(text(message)))


@app.service_bus_queue_trigger(arg_name="message", queue_name="stuck", connection=BUS)
def stuck(message: func.ServiceBusMessage) -> None:
    time.sleep(60)


@app.service_bus_queue_trigger(arg_name="message", queue_name="ordered", connection=BUS, is_sessions_enabled=True)
def ordered(message: func.ServiceBusMessage) -> None:
    note("begin", message.session_id, text(message))
    if text(message) == "stumble" and message.delivery_count == 1:
        raise RuntimeError("stumbled")
    time.sleep(0.02)
    note("end", message.session_id, text(message))


@app.service_bus_queue_trigger(arg_name="message", queue_name="once", connection=BUS)
def once(message: func.ServiceBusMessage) -> None:
    note("once", text(message), message.message_id)


@app.service_bus_topic_trigger(arg_name="message", topic_name="leads", subscription_name="warm", connection=BUS)
def warm(message: func.ServiceBusMessage) -> None:
    note("warm", text(message))


@app.service_bus_topic_trigger(arg_name="message", topic_name="Leads", subscription_name="all", connection=BUS)
def every(message: func.ServiceBusMessage) -> None:
    note("all", text(message))


@app.service_bus_queue_trigger(arg_name="message", queue_name="steps", connection=BUS)
@app.service_bus_queue_output(arg_name="$return", queue_name="done", connection=BUS)
@app.service_bus_topic_output(arg_name="told", topic_name="leads", connection=BUS)
def step(message: func.ServiceBusMessage, told: func.Out[str]) -> str:
    note("step", text(message))
    if text(message) == "bad":
        told.set("never said")
        raise RuntimeError("what it set is not sent")
    if text(message) == "told":
        told.set("from a function")
    return text(message)


@app.route("out", methods=["POST"])
@app.service_bus_queue_output(arg_name="message", queue_name="%PLAIN_QUEUE%", connection=BUS)
def out(req: func.HttpRequest, message: func.Out[bytes]) -> str:
    message.set(req.get_body())
    return "sent"


@app.route("wrong", methods=["POST"])
@app.service_bus_queue_output(arg_name="message", queue_name="ordered", connection=BUS)
def wrong(req: func.HttpRequest, message: func.Out[str]) -> str:
    message.set("without a session")
    return "never"


@app.route("resting", methods=["GET"])
@app.service_bus_queue_output(arg_name="message", queue_name="fading", connection=BUS)
@app.service_bus_queue_output(arg_name="other", queue_name="fleeting", connection=BUS)
async def resting(req: func.HttpRequest, message: func.Out[str], other: func.Out[str]) -> str:
    logging.info("nothing is set")
    return "nothing"


@app.service_bus_queue_trigger(arg_name="message", queue_name="starts", connection=BUS)
@app.durable_client_input(client_name="client")
async def starts(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    await client.start_new("tell", message.message_id, text(message))


@app.orchestration_trigger(context_name="context")
def tell(context: df.DurableOrchestrationContext):
    first = yield context.call_activity("say", context.get_input())
    second = yield context.call_activity("say_async", first)
    return second


@app.activity_trigger(input_name="word")
@app.service_bus_queue_output(arg_name="said", queue_name="done", connection=BUS)
def say(word: str, said: func.Out[str]) -> str:
    said.set(word)
    return f"{word}!"


@app.activity_trigger(input_name="word")
@app.service_bus_queue_output(arg_name="said", queue_name="done", connection=BUS)
async def say_async(word: str, said: func.Out[str]) -> str:
    said.set(word)
    return f"{word}!"
