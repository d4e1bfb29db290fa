"""The knowledge base in the real host: files over HTTP, a kill in the midst of taking one in, one too large unread."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for
from tests.integration.knowledge import files


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Baton]:
    made = Baton(tmp_path).start()
    yield made
    if made.host:
        made.kill()


def bring(baton: Baton, content: bytes, content_type: str, name: str) -> httpx2.Response:
    headers = {"Content-Type": content_type}
    made: httpx2.Response = baton.raw("POST", f"knowledge?name={name}", content=content, headers=headers)
    return made


def answers(baton: Baton, question: str) -> list[str]:
    items = baton.ask("GET", f"knowledge/search?q={question}&limit=50")["items"]
    return [each["passage"]["text"] for each in items]


def test_every_format_comes_in_and_answers(baton: Baton) -> None:
    given = {
        "a.md": ("text/markdown", b"# Prices\n\nPolishing: 91 euros."),
        "b.txt": ("text/plain", b"Polishing: 92 euros."),
        "c.html": ("text/html", b"<h1>Prices</h1><p>Polishing: 93 euros.</p><p hidden>Polishing: free</p>"),
        "d.pdf": ("application/pdf", files.pdf("Polishing: 94 euros.")),
        "e.docx": ("application/octet-stream", files.docx(files.paragraph("Polishing: 95 euros."))),
        "f.csv": ("text/csv", b"Service,Price\nPolishing,96 euros\n"),
    }
    for name, (content_type, data) in given.items():
        assert bring(baton, data, content_type, name).status_code == 201, name
    found = answers(baton, "polishing")
    assert sorted(text[text.index("9") : text.index("9") + 2] for text in found) == [str(91 + n) for n in range(6)]
    assert "free" not in " ".join(found)
    bombed = bring(baton, files.bomb(250), "application/octet-stream", "g.docx")
    assert (bombed.status_code, bombed.json()["errors"][0]["field"]) == (400, "file")
    assert len(baton.ask("GET", "knowledge")["items"]) == 6


def test_200_megabytes_are_refused_before_they_are_read(baton: Baton) -> None:
    assert baton.host
    token = (baton.home / "owner.token").read_text().strip()
    url = baton.host.http.base_url
    head = (
        f"POST /api/v1/knowledge HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/pdf\r\nContent-Length: 200000000\r\n\r\n%PDF-1.7"
    )
    with socket.create_connection((url.host, url.port), timeout=20) as connection:
        connection.sendall(head.encode())
        assert b" 413 " in connection.recv(4096).split(b"\r\n")[0]


def test_killed_while_it_takes_a_document_in_nothing_is_half_there(baton: Baton) -> None:
    first = bring(baton, b"Polishing: 90 euros.", "text/plain", "a.txt").json()
    large = "\n\n".join(f"Polishing number {n}. " + "word " * 220 for n in range(3_000)).encode()

    def send() -> None:
        try:
            bring(baton, large, "text/plain", "b.txt")
        except (httpx2.HTTPError, AssertionError):
            return

    sending = threading.Thread(target=send)
    sending.start()
    index = baton.home / "knowledge" / "local" / "main.db-wal"
    before = index.stat().st_size
    wait_for(lambda: index.stat().st_size > before + 200_000 or not sending.is_alive() or None)
    baton.kill()
    sending.join()
    baton.start()
    documents = baton.ask("GET", "knowledge")["items"]
    assert [each["id"] for each in documents] in ([first["id"]], [documents[0]["id"], first["id"]])
    if len(documents) == 1:
        assert answers(baton, "polishing") == ["Polishing: 90 euros."]
    made = bring(baton, large, "text/plain", "b.txt").json()
    assert made["versions"][0]["passages"] == 3_000
    assert len(answers(baton, "polishing")) == 50
    assert answers(baton, "polishing 2999")[0].startswith("Polishing number 2999.")
