"""A fast mail server that keeps everything: `python -m tests.servers.smtp_sink --port 0 --dir DIR [--latency-ms N]`.

Prints its port, alone on a line, when it is ready. Every message is one append to DIR/messages.log before its 250, so
the log survives any kill of this process. A frame: `<octets> <effect key> <recipient>\\n`, then the message."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

LOG = "messages.log"
_KEY = re.compile(rb"^Baton-Effect: (\S+)\r$", re.MULTILINE)
_GREETING = b"220 sink ESMTP\r\n"
_EXTENSIONS = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n"


class Kept(NamedTuple):
    """One message of the log; `key` is empty if it carried no `Baton-Effect`."""

    key: str
    recipient: str
    message: bytes


def kept(folder: Path) -> Iterator[Kept]:
    """All whole messages of a sink's folder, in order of arrival."""
    log = folder / LOG
    if not log.exists():
        return
    with log.open("rb") as file:
        # A frame that is being written just now ends the reading, wherever it is cut off.
        while (head := file.readline()).endswith(b"\n"):
            size, key, recipient = head.decode().removesuffix("\n").split(" ", 2)
            message = file.read(int(size))
            if len(message) < int(size):
                return
            yield Kept(key, recipient, message)


def count(folder: Path) -> Counter[str]:
    """How many messages arrived under each effect key."""
    return Counter(each.key for each in kept(folder))


@contextmanager
def sink(folder: Path, latency_ms: float = 0) -> Iterator[int]:
    """Run one in a process of its own, at the port that this yields; it is gone when the block ends."""
    command = [sys.executable, "-m", "tests.servers.smtp_sink", "--dir", str(folder), "--latency-ms", str(latency_ms)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


class _Conversation(asyncio.Protocol):
    """One client. A latency is waited out once for each piece of data that arrives, as a round trip would be."""

    def __init__(self, log: int, latency: float) -> None:
        self._log = log
        self._latency = latency
        self._pieces: list[bytes] = []
        self._buffer = b""
        self._in_text = False
        self._recipient = b""
        self._replies: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(_GREETING)

    def data_received(self, data: bytes) -> None:
        if not self._latency:
            self._work(data)
            return
        self._pieces.append(data)
        asyncio.get_running_loop().call_later(self._latency, lambda: self._work(self._pieces.pop(0)))

    def _work(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            pass
        if self._replies:
            self._transport.write(b"".join(self._replies))
            self._replies.clear()

    def _step(self) -> bool:
        end = b"\r\n.\r\n" if self._in_text else b"\r\n"
        if self._in_text and self._buffer.startswith(b".\r\n"):
            part, self._buffer = b"", self._buffer[3:]
        else:
            part, found, rest = self._buffer.partition(end)
            if not found:
                return False
            self._buffer = rest
        self._keep(part) if self._in_text else self._obey(part)
        return True

    def _obey(self, command: bytes) -> None:
        verb = command[:4].upper()
        if verb == b"EHLO":
            self._replies.append(_EXTENSIONS)
        elif verb == b"RCPT":
            self._recipient = command[command.find(b"<") + 1 : command.find(b">")]
            self._replies.append(b"250 recipient\r\n")
        elif verb == b"DATA":
            self._in_text = True
            self._replies.append(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            self._replies.append(b"250 ok\r\n" if verb in (b"MAIL", b"RSET", b"NOOP") else b"502 no such command\r\n")

    def _keep(self, text: bytes) -> None:
        message = text.removeprefix(b".").replace(b"\r\n..", b"\r\n.") + b"\r\n"
        key = _KEY.search(message[: message.find(b"\r\n\r\n") + 2])
        name = key[1] if key else b""
        os.write(self._log, b"%d %b %b\n%b" % (len(message), name, self._recipient, message))
        self._in_text = False
        self._replies.append(b"250 2.0.0 kept %b\r\n" % name)


async def _serve(port: int, folder: Path, latency: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    log = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Conversation(log, latency), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--latency-ms", type=float, default=0)
    asked = parser.parse_args()
    asyncio.run(_serve(asked.port, asked.dir, asked.latency_ms / 1000))
