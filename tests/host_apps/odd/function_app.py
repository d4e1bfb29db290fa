"""An app with much that the embedded host does not serve, and one function that it does."""

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.queue_trigger(arg_name="message", queue_name="orders", connection="Storage")
def on_order(message: func.QueueMessage) -> None: ...


@app.entity_trigger(context_name="context")
async def Counter(context: df.DurableEntityContext) -> None: ...


@app.timer_trigger(schedule="%WHEN_NOBODY_KNOWS%", arg_name="timer")
def sometimes(timer: func.TimerRequest) -> None: ...


@app.route(route="a/{b:color}")
def twisted(req: func.HttpRequest) -> None: ...


@app.route()
@app.durable_client_input(client_name="client", task_hub="Elsewhere")
async def elsewhere(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> None: ...


@app.route()
@app.durable_client_input(client_name="client")
def blocking(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> None: ...


@app.timer_trigger(schedule="0 0 0 1 1 *", arg_name="timer")
@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:00:01")
def retried(timer: func.TimerRequest) -> None: ...


@app.route()
def resting(req: func.HttpRequest) -> None: ...


@app.route()
def fine(req: func.HttpRequest) -> str:
    return "fine"
