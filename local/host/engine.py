"""The durable engine: one thread owns the database, and nothing is handed on before its COMMIT."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from local.host.clock import Clock
from local.host.model import EngineSettings, Functions, Instance


class Engine:
    """Runs the durable functions of one app on the state of one directory.

    Every coroutine returns after the COMMIT that holds what it asked for.
    """

    def __init__(self, state_dir: Path, functions: Functions, clock: Clock, settings: EngineSettings) -> None:
        raise NotImplementedError

    async def start(self) -> None:
        """Open the store and take up what is due. StateRefused: locked by another host, or newer."""

    async def stop(self) -> None:
        """Let running activities end, commit their results, close."""

    async def start_new(
        self, name: str, instance_id: str | None = None, input_text: str | None = None, version: str | None = None
    ) -> str:
        """Start an orchestration, its id is returned. UnknownOrchestrator, InvalidInstanceId, InstanceExists."""
        raise NotImplementedError

    async def raise_event(self, instance_id: str, event_name: str, input_text: str | None = None) -> None:
        """Hand an external event over, kept until it is awaited. InstanceNotFound, InstanceFinished."""

    async def terminate(self, instance_id: str, reason: str | None = None) -> None:
        """End an instance at once. InstanceNotFound, InstanceFinished."""

    async def suspend(self, instance_id: str, reason: str | None = None) -> None:
        """Keep messages until the instance is resumed. InstanceNotFound, InstanceFinished."""

    async def resume(self, instance_id: str, reason: str | None = None) -> None:
        """Hand the kept messages on, in order. InstanceNotFound, InstanceFinished."""

    async def restart(self, instance_id: str, new_id: bool = True) -> str:
        """Start again with the same name and input. InstanceNotFound, InstanceExists (same id, still live)."""
        raise NotImplementedError

    async def purge(self, instance_ids: Sequence[str]) -> int:
        """Forget finished instances; returns how many there were."""
        raise NotImplementedError

    def status(self, instance_id: str) -> Instance | None:
        """The instance as last committed."""
        raise NotImplementedError

    def query(
        self,
        *,
        status: Sequence[str] = (),
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        id_prefix: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> list[Instance]:
        """Instances by id, those after the id `after`."""
        raise NotImplementedError

    def history(self, instance_id: str) -> list[dict[str, Any]]:
        """The raw events of the current execution, in order."""
        raise NotImplementedError

    def next_timer(self) -> datetime | None:
        """When the next durable timer is due."""
        raise NotImplementedError

    def monitor(self, name: str) -> dict[str, Any] | None:
        """A small row that the edge keeps, such as the last run of a timer trigger."""
        raise NotImplementedError

    async def set_monitor(self, name: str, row: dict[str, Any]) -> None:
        """Keep a small row."""
