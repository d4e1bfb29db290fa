"""What happens by the clock."""

from __future__ import annotations

import azure.durable_functions as df
import azure.functions as func

from functions.loading import loading

bp = df.Blueprint()


@bp.function_name("reconcile")
@bp.timer_trigger(arg_name="timer", schedule="0 10,40 * * * *")
def reconcile(timer: func.TimerRequest, context: func.Context) -> None:
    """Twice an hour: messages that no sender looks after are asked about; what may leave again the sweep starts. News
    that nobody will repeat any more is forgotten; what a killed process left of a document is put in order."""
    with loading:
        from functions.sweep import reconcile
        from shared.telemetry import work
        from shared.wiring import ports, telemetry

    with work.timer(telemetry(), "reconcile", context.trace_context.trace_parent or ""):
        telemetry().record("baton.message.unknown", reconcile(ports()), {})


@bp.function_name("mailbox")
@bp.timer_trigger(arg_name="timer", schedule="0 */5 * * * *")
def mailbox(timer: func.TimerRequest, context: func.Context) -> None:
    """Every five minutes, when the others are up as well: mails that came back are read."""
    with loading:
        from functions.sweep import read_mailbox
        from shared.logs import log
        from shared.ports import MailboxUnavailable
        from shared.telemetry import work
        from shared.wiring import ports, telemetry

    try:
        with work.timer(telemetry(), "mailbox", context.trace_context.trace_parent or ""):
            read_mailbox(ports())
    except MailboxUnavailable as fault:
        log().warning("mailbox not read; it is tried again", exception=str(fault))


@bp.function_name("sweep")
@bp.timer_trigger(arg_name="timer", schedule="0 */5 * * * *")
@bp.durable_client_input(client_name="client")
async def sweep(timer: func.TimerRequest, client: df.DurableOrchestrationClient, context: func.Context) -> None:
    """Every five minutes: what was accepted and has no flow, because the host died in between, gets it (design 4.6);
    and whoever asked for it is told what happened. While nothing changes it only makes sure of that."""
    with loading:
        from functions.rounds import ROUNDS
        from shared.telemetry import work
        from shared.wiring import ports, telemetry

    with work.timer(telemetry(), "sweep", context.trace_context.trace_parent or ""):
        await ROUNDS.go(client, ports(), telemetry())


@bp.function_name("retention")
@bp.timer_trigger(arg_name="timer", schedule="0 20 3 * * *")
def retention(timer: func.TimerRequest) -> None:
    """Once a day: what is older than its category is kept is removed (rule G7)."""
    with loading:
        from functions.sweep import remove_old
        from shared.wiring import ports

    remove_old(ports())
