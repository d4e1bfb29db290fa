"""What only files in Blob storage can get wrong: lost answers, blocks, others who write, changed content, links."""

from __future__ import annotations

import re
import subprocess
import sys
import tracemalloc
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.adapters._azure.blobs import BLOCK, blob_service
from shared.adapters.clock.host import HostClock
from shared.adapters.files.blob import BlobFiles
from shared.domain.connection import Connection
from shared.domain.faults import Misconfigured, Unavailable
from shared.domain.scope import Scope
from shared.settings import read
from tests.e2e.host.process import ROOT
from tests.servers.azurite import ACCOUNT, connection_string, port_of, serving
from tests.servers.faulty_proxy import Asked, Fate, FaultyProxy, Hold, LoseAnswer, LoseRequest, Refuse
from tests.servers.identity import IdentityEndpoint, identity_endpoint
from tests.servers.smtp_strict import authority

Connect = Callable[[int], BlobFiles]


class Unhurried(HostClock):
    """Nobody waits in a test."""

    def pace(self, seconds: float) -> None:
        assert 0 <= seconds <= 8


@pytest.fixture
def proxy(azurite_blob: Connection) -> Iterator[FaultyProxy]:
    with FaultyProxy(port_of(azurite_blob)).serving() as proxy:
        yield proxy


@pytest.fixture
def container() -> str:
    return f"f{uuid4().hex}"


@pytest.fixture
def connect(container: str) -> Iterator[Connect]:
    """Files in one container, by the port that they speak to."""
    opened = []

    def open_one(port: int) -> BlobFiles:
        connection = Connection(connection_string(port, "blob"))
        opened.append(BlobFiles(partial(blob_service, connection), Unhurried(), container))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def files(connect: Connect, azurite_blob: Connection) -> BlobFiles:
    """Straight to the service."""
    return connect(port_of(azurite_blob))


@pytest.fixture
def troubled(connect: Connect, proxy: FaultyProxy) -> BlobFiles:
    """The same container by way of the proxy."""
    return connect(proxy.port)


@pytest.fixture
def blobs(azurite_blob: Connection, container: str, files: BlobFiles, scope: Scope) -> Iterator[Any]:
    """The client of the container, once there is one."""
    files.size(scope, "nothing")
    with blob_service(azurite_blob) as service:
        yield service.get_container_client(container)


def _large(n: int) -> list[bytes]:
    return [bytes([n]) * (BLOCK // 2 + 1) for _ in range(5)]


@pytest.mark.parametrize("fate", [LoseAnswer(), LoseRequest(), Refuse(503), Refuse(429, {"Retry-After": "1"})])
def test_whatever_request_fails_what_was_made_is_known_to_be_ours(
    troubled: BlobFiles, proxy: FaultyProxy, scope: Scope, fate: Fate
) -> None:
    numbers = count()
    proxy.fate = lambda asked: fate if next(numbers) % 2 else None
    assert troubled.put(scope, "small", b"ours", only_new=True)
    assert not troubled.put(scope, "small", b"theirs", only_new=True)
    assert troubled.put_blocks(scope, "large", _large(1), only_new=True)
    assert not troubled.put_blocks(scope, "large", _large(2), only_new=True)
    assert troubled.put(scope, "small", b"newer")
    assert (troubled.get(scope, "small"), troubled.get(scope, "large")) == (b"newer", b"".join(_large(1)))
    assert list(troubled.list(scope, "")) == ["large", "small"]
    troubled.delete(scope, "small")
    assert troubled.size(scope, "small") is None


def test_of_two_who_write_a_large_file_at_once_the_content_is_one_of_theirs(files: BlobFiles, scope: Scope) -> None:
    def meanwhile() -> Iterator[bytes]:
        yield from _large(1)
        assert files.put_blocks(scope, "plan", _large(2), only_new=True)
        yield from _large(1)

    assert not files.put_blocks(scope, "plan", meanwhile(), only_new=True)
    assert files.get(scope, "plan") == b"".join(_large(2))


def test_who_replaces_a_large_file_while_another_does_is_told_or_comes_last(files: BlobFiles, scope: Scope) -> None:
    def meanwhile() -> Iterator[bytes]:
        yield from _large(1)
        files.put(scope, "plan", b"theirs")
        yield from _large(1)

    try:
        files.put_blocks(scope, "plan", meanwhile())
    except Unavailable:
        assert files.get(scope, "plan") == b"theirs"
    else:
        assert files.get(scope, "plan") == b"".join(_large(1) * 2)


def test_memory_stays_flat_up_and_down(files: BlobFiles, scope: Scope) -> None:
    files.put_blocks(scope, "before", _large(0))  # What the SDK loads at its first use is not meant.
    files.get(scope, "before", 0, 1)
    tracemalloc.start()
    try:
        assert files.put_blocks(scope, "large", (bytes([n]) * 2**20 for n in range(24)))
        at, seen = 0, set()
        while block := files.get(scope, "large", at, 2**20):
            at, seen = at + len(block), seen | {block[0]}
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()
    assert (at, seen) == (24 * 2**20, set(range(24)))


def test_content_that_is_not_the_one_that_was_written_is_not_handed_on(
    files: BlobFiles, blobs: Any, scope: Scope
) -> None:
    files.put(scope, "report", b"nobody was sent it twice")
    blob = blobs.get_blob_client("local/main/report")
    said = blob.get_blob_properties().metadata
    blob.upload_blob(b"nobody was sent it thrice", overwrite=True, metadata=said)
    with pytest.raises(OSError, match=r"^report: "):
        files.get(scope, "report")


def test_a_file_that_is_replaced_while_it_is_read_is_read_once_more(
    troubled: BlobFiles, files: BlobFiles, proxy: FaultyProxy, scope: Scope
) -> None:
    files.put_blocks(scope, "plan", _large(1))

    def replaced(asked: Asked) -> Fate:
        if asked.method == "GET" and len([each for each in proxy.seen if each.method == "GET"]) == 2:
            files.put_blocks(scope, "plan", _large(2))
        return None

    proxy.fate = replaced
    assert troubled.get(scope, "plan") == b"".join(_large(2))


def test_a_list_goes_on_beyond_a_page(files: BlobFiles, blobs: Any, scope: Scope, monkeypatch: Any) -> None:
    paths = sorted(f"a{n}é.txt" for n in range(12))
    for path in paths:
        files.put(scope, path, b"")
    whole = type(blobs).list_blob_names
    monkeypatch.setattr(type(blobs), "list_blob_names", partialmethod_of(whole, results_per_page=5))
    assert list(files.list(scope, "a")) == paths


def partialmethod_of(whole: Callable[..., Any], **more: Any) -> Callable[..., Any]:
    return lambda self, **options: whole(self, **options, **more)


@pytest.mark.parametrize("path", ["a b", "ends.", "a./b..c.", "100%", "a?b#c", "x=3D", "é\N{GRINNING FACE}", "~-_.x"])
def test_names_that_a_url_could_garble(files: BlobFiles, scope: Scope, path: str) -> None:
    assert files.put(scope, path, b"x", only_new=True)
    assert (files.get(scope, path), files.size(scope, path)) == (b"x", 1)
    assert list(files.list(scope, "")) == list(files.list(scope, path[:-1])) == [path]
    files.delete(scope, path)
    assert list(files.list(scope, "")) == []


def test_a_path_that_no_blob_can_have_is_refused(files: BlobFiles, scope: Scope) -> None:
    for path in ("é" * 200, "/".join("a" * 254)):
        with pytest.raises(ValueError, match=r"path: .* too long"):
            files.put(scope, path, b"x")


def test_a_service_that_never_answers_is_unavailable_and_one_that_refuses_us_a_wrong_setting(
    troubled: BlobFiles, proxy: FaultyProxy, scope: Scope
) -> None:
    troubled.put(scope, "a", b"x")
    for fate, fault in ((LoseRequest(), Unavailable), (Refuse(503), Unavailable), (Refuse(403), Misconfigured)):
        proxy.fate = lambda asked, fate=fate: fate  # type: ignore[misc]
        for use in (troubled.get, troubled.size, troubled.delete):
            with pytest.raises(fault):
                use(scope, "a")
        with pytest.raises(fault):
            list(troubled.list(scope, ""))
    proxy.fate = lambda asked: None
    assert troubled.get(scope, "a") == b"x"


def test_a_link_gives_the_file_as_a_download_until_it_ends_and_nothing_else(files: BlobFiles, scope: Scope) -> None:
    files.put(scope, "report.html", b"<p>for you</p>")
    files.put(scope, "other.html", b"not for you")
    now = HostClock().now()
    link = files.link(scope, "report.html", now + timedelta(minutes=5))
    ended = files.link(scope, "report.html", now - timedelta(minutes=5))
    assert link is not None
    assert ended is not None
    with urllib.request.urlopen(link) as answer:
        assert (answer.read(), answer.headers["Content-Disposition"]) == (b"<p>for you</p>", "attachment")
    for wrong in (ended, link.replace("report", "other"), re.sub(r"sig=....", "sig=AAAA", link)):
        assert _status(urllib.request.Request(wrong)) == 403
    writing = {"x-ms-blob-type": "BlockBlob", "Content-Type": "text/plain"}
    assert _status(urllib.request.Request(link, data=b"x", method="PUT", headers=writing)) == 403
    with pytest.raises(FileNotFoundError, match="nothing"):
        files.link(scope, "nothing", now)


def _status(request: urllib.request.Request) -> int:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    return int(refused.value.code)


@pytest.fixture
def as_an_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[BlobFiles, IdentityEndpoint]]:
    """Files over TLS, asked as a managed identity with tokens, as on Azure: no key anywhere."""
    certified = authority(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certified.ca_file))
    monkeypatch.setenv("SSL_CERT_FILE", str(certified.ca_file))
    tls = ("--oauth", "basic", "--cert", str(certified.server_file), "--key", str(certified.server_file))
    with serving(tmp_path, "blob", *tls) as port, identity_endpoint() as endpoint:
        for name, value in endpoint.environment.items():
            monkeypatch.setenv(name, value)
        given = {
            "FilesConnection__blobServiceUri": f"https://127.0.0.1:{port}/{ACCOUNT}",
            "FilesConnection__credential": "managedidentity",
            "FilesConnection__clientId": uuid4().hex,
        }
        connection = read(given).files
        assert connection
        files = BlobFiles(partial(blob_service, connection), HostClock())
        yield files, endpoint
        files.close()


def test_a_managed_identity_writes_reads_and_gives_links_that_need_no_key(
    as_an_identity: tuple[BlobFiles, IdentityEndpoint], scope: Scope
) -> None:
    files, endpoint = as_an_identity
    assert files.put(scope, "report.html", b"<p>for you</p>", only_new=True)
    assert files.get(scope, "report.html") == b"<p>for you</p>"
    assert list(files.list(scope, "")) == ["report.html"]
    now = HostClock().now()
    links = [files.link(scope, "report.html", now + timedelta(minutes=minutes)) for minutes in (5, 10)]
    for link in links:
        assert link is not None
        assert "skoid=" in link
        with urllib.request.urlopen(link) as answer:
            assert answer.read() == b"<p>for you</p>"
    assert _status(urllib.request.Request((links[0] or "").replace("report", "other"))) == 403
    with pytest.raises(ValueError, match="seven days"):
        files.link(scope, "report.html", now + timedelta(days=8))
    assert [query["resource"] for query in endpoint.asked] == ["https://storage.azure.com"]


UPLOADING = """
import sys
from functools import partial
from shared.adapters._azure.blobs import BLOCK, blob_service
from shared.adapters.clock.host import HostClock
from shared.adapters.files.blob import BlobFiles
from shared.domain.connection import Connection
from shared.domain.scope import Scope

files = BlobFiles(partial(blob_service, Connection(sys.argv[1])), HostClock(), sys.argv[2])
files.put_blocks(Scope("local", "main"), "plan", (bytes([n]) * BLOCK for n in range(3)), only_new=True)
"""


@pytest.mark.parametrize("number", [1, 3], ids=["at its second block", "at the last request"])
def test_an_upload_that_is_killed_leaves_a_whole_file_or_none_and_nothing_in_the_way(
    files: BlobFiles, proxy: FaultyProxy, container: str, scope: Scope, number: int
) -> None:
    """What was on the wire arrives after the kill: a block that nobody commits, or the list that makes the file."""
    hold, puts = Hold(), count()
    proxy.fate = lambda asked: hold if "comp=block" in asked.path and next(puts) == number else None
    command = [sys.executable, "-c", UPLOADING, connection_string(proxy.port, "blob"), container]
    with subprocess.Popen(command, cwd=ROOT) as child:
        assert hold.here.wait(30)
        child.kill()
    assert files.size(scope, "plan") is None
    assert list(files.list(scope, "")) == []
    hold.release.set()
    assert hold.over.wait(30)
    blocks = [bytes([n]) * BLOCK for n in range(3)]
    killed_after_the_last = number == len(blocks)
    assert files.size(scope, "plan") == (3 * BLOCK if killed_after_the_last else None)
    assert files.put_blocks(scope, "plan", blocks, only_new=True) != killed_after_the_last
    assert files.get(scope, "plan") == b"".join(blocks)
