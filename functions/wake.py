"""Starting and waking flows. Documents decide (design 4.6): what fails here is done by the sweep or by the flow's own
timer, so it is logged and never reported as a failure of what was stored."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import azure.durable_functions as df

from shared.access.call import Start
from shared.domain.names import DOORBELL
from shared.logs import log

_BROKEN = (df.OrchestrationRuntimeStatus.Failed, df.OrchestrationRuntimeStatus.Terminated)


async def start(client: df.DurableOrchestrationClient, flow: Start) -> bool:
    """Start the flow unless its instance exists, whatever became of it. True if it exists now.

    The check is needed: Durable Functions replaces a finished instance of the same id without asking."""
    try:
        if not await client.get_status(flow.instance_id):
            await client.start_new(flow.flow, flow.instance_id, flow.input)
        return True
    except Exception as error:  # the SDK raises Exception itself for whatever the runtime answers
        log().warning("flow not started; the sweep will", instance=flow.instance_id, exception=repr(error))
        return False


class Standing(NamedTuple):
    """How a flow stands. `broken`: it ran and failed (every try of a step was used up) or was terminated from outside:
    starting it again is for a person to decide. `absent`: it had no instance. `pending_since`: it waits for its first
    turn."""

    broken: bool = False
    absent: bool = False
    pending_since: datetime | None = None

    @property
    def on_its_way(self) -> bool:
        """It does by itself what there is to do."""
        return not (self.broken or self.absent or self.pending_since)


async def revive(client: df.DurableOrchestrationClient, flow: Start) -> Standing:
    """Start the flow if it has no instance; how it stands."""
    status = await client.get_status(flow.instance_id)
    if not status:
        await start(client, flow)
        return Standing(absent=True)
    waits = status.runtime_status == df.OrchestrationRuntimeStatus.Pending
    return Standing(status.runtime_status in _BROKEN, pending_since=status.created_time if waits else None)


async def ring(client: df.DurableOrchestrationClient, instance_id: str) -> None:
    """Sound the doorbell of one instance; one that is missing or finished does not need it."""
    try:
        await client.raise_event(instance_id, DOORBELL)
    except Exception as error:  # the SDK raises Exception itself, also for 404 and 410
        log().info("doorbell not heard", instance=instance_id, exception=repr(error))
