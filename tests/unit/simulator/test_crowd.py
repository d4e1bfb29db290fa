from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from local.simulator.crowd import Crowd
from local.simulator.people import acts
from tests.unit.simulator.test_mailbox import letter, written

SENT = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = SENT + timedelta(days=4)


@contextmanager
def baton(status: dict[str, int]) -> Iterator[tuple[str, list[tuple[str, str, str, bytes]]]]:
    """A server that answers each path's first part with a status; what it was asked."""
    asked: list[tuple[str, str, str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.command, self.path, self.headers["User-Agent"], body))
            self.send_response(status.get(self.path[:7], 200))
            self.send_header("Location", "https://elsewhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def outbox(folder: Path, url: str, count: int) -> None:
    (folder / "local~main").mkdir()
    page = f'<a href="{url}/api/c/go">Go</a><img src="{url}/api/o/see">'
    for n in range(count):
        data = written(f"k{n}", f"p{n}@people.example", page).replace(
            b"http://b/api/u/leave", f"{url}/api/u/x".encode()
        )
        (folder / "local~main" / f"k{n}.eml").write_bytes(data)


def test_they_do_everything_that_is_due_once_and_nothing_before_its_time(tmp_path: Path) -> None:
    with baton({"/api/c/": 302}) as (url, asked):
        outbox(tmp_path, url, 120)
        planned = [act for path in tmp_path.rglob("*.eml") for act in acts(letter(path.read_bytes()), 4)]
        crowd = Crowd(tmp_path, 4)
        crowd.live(SENT)
        assert (asked, crowd.waiting) == ([], len(planned))
        assert crowd.next == min(act.at for act in planned)
        crowd.live(LATER)
        crowd.live(LATER)
        crowd.close()
    assert crowd.done == len(asked) == len(planned)
    assert (crowd.waiting, crowd.next) == (0, None)
    assert {path for _, path, _, _ in asked} == {"/api/o/see", "/api/c/go", "/api/u/x"}
    assert all("Baton-Simulator" in agent for _, _, agent, _ in asked)
    leaving = [(method, body) for method, path, _, body in asked if path.startswith("/api/u/")]
    assert set(leaving) == {("POST", b"List-Unsubscribe=One-Click")}


def test_what_could_not_be_done_is_done_next_time(tmp_path: Path) -> None:
    status = {"/api/o/": 503, "/api/c/": 302}
    with baton(status) as (url, asked):
        outbox(tmp_path, url, 20)
        crowd = Crowd(tmp_path, 3)
        with pytest.raises(httpx2.HTTPStatusError):
            crowd.live(LATER)
        left, status["/api/o/"] = crowd.waiting, 200
        assert left > 0
        crowd.live(LATER)
        crowd.close()
    assert crowd.waiting == 0
    assert len(asked) == crowd.done + 1
