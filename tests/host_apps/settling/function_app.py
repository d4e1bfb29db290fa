"""Each way in which a message is settled, with what it leaves behind: for hosts that are killed meanwhile."""

import os

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
BUS = "ServiceBusConnection"
_log = os.open(os.environ["SETTLING_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def note(what: str, message: func.ServiceBusMessage) -> str:
    """Write down that a function has begun; returns the message's text."""
    text = message.get_body().decode()
    os.write(_log, f"{what} {text}\n".encode())
    return text


@app.service_bus_queue_trigger(arg_name="message", queue_name="steps", connection=BUS)
@app.service_bus_queue_output(arg_name="$return", queue_name="done", connection=BUS)
@app.service_bus_queue_output(arg_name="copy", queue_name="copies", connection=BUS)
def step(message: func.ServiceBusMessage, copy: func.Out[str]) -> str:
    text = note("step", message)
    if message.delivery_count == 1 and text.startswith("stumble"):
        raise RuntimeError("stumbled")
    copy.set(text)
    return text


@app.service_bus_queue_trigger(arg_name="message", queue_name="poison", connection=BUS)
def poison(message: func.ServiceBusMessage) -> None:
    note("poison", message)
    raise RuntimeError("cannot be eaten")


@app.service_bus_queue_trigger(arg_name="message", queue_name="poison/$DeadLetterQueue", connection=BUS)
@app.service_bus_queue_output(arg_name="$return", queue_name="graves", connection=BUS)
async def bury(message: func.ServiceBusMessage) -> str:
    return note("bury", message)


@app.service_bus_queue_trigger(arg_name="message", queue_name="ordered", connection=BUS, is_sessions_enabled=True)
@app.service_bus_queue_output(arg_name="$return", queue_name="lines", connection=BUS)
def line(message: func.ServiceBusMessage) -> str:
    return note("line", message)


@app.service_bus_queue_trigger(arg_name="message", queue_name="starts", connection=BUS)
@app.durable_client_input(client_name="client")
async def start(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    """A message may be delivered again after its instance was started: an app has to look first."""
    text = note("start", message)
    if not await client.get_status(text):
        await client.start_new("tell", text, text)


@app.orchestration_trigger(context_name="context")
def tell(context: df.DurableOrchestrationContext):
    yield context.call_activity("say", context.get_input())
    yield context.call_activity("say_async", context.get_input())
    return "told"


@app.activity_trigger(input_name="word")
@app.service_bus_queue_output(arg_name="said", queue_name="said", connection=BUS)
def say(word: str, said: func.Out[str]) -> str:
    said.set(word)
    return word


@app.activity_trigger(input_name="word")
@app.service_bus_queue_output(arg_name="$return", queue_name="whispers", connection=BUS)
async def say_async(word: str) -> str:
    return word
