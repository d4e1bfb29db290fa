"""Serving a host on the loopback: one socket, one event loop, a graceful end on the first signal."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.middleware.cors import CORSMiddleware

from local.host.config import Cors
from local.host.host import Host

ADDRESS = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A socket on the loopback; port 0 takes a free one. Raises OSError naming the port that is taken."""
    try:
        return socket.create_server((ADDRESS, port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error
        raise OSError(f"port {port} cannot be opened: {reason}; --port takes another, 0 a free one") from error


async def serve(host: Host, cors: Cors, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Start the host and answer until SIGTERM or SIGINT; a second signal ends the process at once, which is safe."""
    await host.start()
    config = uvicorn.Config(
        _with_cors(host, cors) if cors.origins else host,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # Longer than clients keep idle connections, so that none is closed under a request on its way.
        timeout_keep_alive=75,
    )
    await _Server(config, host, on_ready).serve(sockets=[listener])
    await host.stop()


def _with_cors(host: Host, cors: Cors) -> CORSMiddleware:
    return CORSMiddleware(
        host,
        allow_origins=cors.origins,
        allow_credentials=cors.credentials,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["Location", "Retry-After"],
    )


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, host: Host, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._host, self._on_ready = host, on_ready
        self._loop = asyncio.get_running_loop()
        self._stopping: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by the signal; uvicorn's own would close the port under functions that still use their client."""
        if self._stopping:
            os._exit(1)
        self._loop.call_soon_threadsafe(self._begin_to_stop)

    def _begin_to_stop(self) -> None:
        self._stopping = self._stopping or self._loop.create_task(self._stop())

    async def _stop(self) -> None:
        await self._host.drain()
        self.should_exit = True
