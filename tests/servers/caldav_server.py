"""Radicale, a CalDAV server (RFC 4791), in a thread of the test."""

from __future__ import annotations

import threading
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import NamedTuple
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from radicale import Application, config

USER, PASSWORD = "practice", "s3cret/pass:word"


class Server(NamedTuple):
    """`url` is that of the user's calendars, with name and password in it."""

    url: str
    port: int

    def make(self, calendar: str) -> None:
        """A new, empty calendar (MKCALENDAR)."""
        self._ask("MKCALENDAR", calendar + "/", b"")

    def put(self, calendar: str, name: str, data: bytes) -> None:
        """What somebody else puts there."""
        self._ask("PUT", f"{calendar}/{name}.ics", data)

    def _ask(self, method: str, path: str, data: bytes) -> None:
        said = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {said}", "Content-Type": "text/calendar; charset=utf-8"}
        url = f"http://127.0.0.1:{self.port}/{USER}/{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 201


@contextmanager
def caldav_server(folder: Path) -> Iterator[Server]:
    """Run it; it is gone when the block ends, and its calendars lie in `folder`."""
    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n")
    chosen = config.load()
    chosen.update(
        {
            "auth": {"type": "htpasswd", "htpasswd_filename": str(users), "htpasswd_encryption": "plain"},
            "storage": {"filesystem_folder": str(folder / "calendars")},
            "logging": {"level": "critical"},
        },
        "test",
    )
    with make_server("127.0.0.1", 0, Application(chosen), _Threads, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            port = server.server_port
            said = f"{quote(USER)}:{quote(PASSWORD, safe='')}"
            yield Server(f"http://{said}@127.0.0.1:{port}/{USER}/", port)
        finally:
            server.shutdown()
            thread.join(60)


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *given: object) -> None:
        pass
