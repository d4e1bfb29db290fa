"""Timer triggers that write a line each time, and an orchestrator that waits, as a plain Azure Functions app."""

import os
from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def note(*words: object) -> None:
    with open(os.environ["TICKING_NOTES"], "a", encoding="utf-8") as file:
        file.write(" ".join(map(str, words)) + "\n")


@app.timer_trigger(schedule="%TICKING_SCHEDULE%", arg_name="timer")
def minutely(timer: func.TimerRequest) -> None:
    due = timer.schedule_status.get("Next", "unmonitored")
    note("minutely", due[11:16], "late" if timer.past_due else "on time")


@app.timer_trigger(schedule="0 0 * * * *", arg_name="timer", run_on_startup=True)
@app.durable_client_input(client_name="client")
async def hourly(timer: func.TimerRequest, client: df.DurableOrchestrationClient) -> None:
    note("hourly", timer.schedule_status["Next"][11:16])


@app.timer_trigger(schedule="0 30 * * * *", arg_name="timer")
async def failing(timer: func.TimerRequest) -> None:
    note("failing", timer.schedule_status["Next"][11:16])
    raise RuntimeError("every time")


@app.orchestration_trigger(context_name="context")
def nap(context: df.DurableOrchestrationContext):
    yield context.create_timer(context.current_utc_datetime + timedelta(seconds=context.get_input()))
    yield context.call_activity("wake", None)
    return context.current_utc_datetime.isoformat()


@app.activity_trigger(input_name="nothing")
def wake(nothing: None) -> None:
    nanoseconds = None
    if "HOST_CLOCK" in os.environ:
        with open(os.environ["HOST_CLOCK"], "rb") as file:
            nanoseconds = int.from_bytes(file.read(), "little")
    note("awake", nanoseconds)
