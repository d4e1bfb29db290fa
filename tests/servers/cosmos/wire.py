"""Cosmos DB's REST routes over HTTP on 127.0.0.1, signed with the account's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.servers.cosmos.faults import Fault, Refused, Trouble
from tests.servers.cosmos.sql import Collation, by_code_points, run
from tests.servers.cosmos.store import LARGEST, Container

KEY = base64.b64encode(b"the key of an account that lives only on the loopback, no secret").decode()
_PLACES = re.compile(r"/(?:dbs(?:/([^/]+))?)?(?:/colls(?:/([^/]+))?)?(?:/(docs|pkranges)(?:/([^/]+))?)?/?")
_DEFAULT_PAGE = 100


class CosmosServer:
    """One account with its databases. `asked` counts requests by operation."""

    def __init__(self, port: int = 0) -> None:
        self.databases: dict[str, dict[str, Container]] = {}
        self.trouble: Trouble = lambda operation: None
        self.asked: dict[str, int] = {}
        self.largest_page = 1000
        self.collation: Collation = by_code_points
        self.lock = threading.Lock()
        self._http = _Listener(("127.0.0.1", port), _Handler)
        self._http.owner = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/"
        self.connection_string = f"AccountEndpoint={self.url};AccountKey={KEY};"

    def __enter__(self) -> CosmosServer:
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Listener(ThreadingHTTPServer):
    owner: CosmosServer
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests, not an error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without these, small answers wait for delayed acknowledgements: 40 ms each.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self._answer_headers: dict[str, str] = {}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault, operation = None, self._operation()
        try:
            self._check_signature()
            if len(body) > LARGEST:
                raise Refused(413, "Request size is too large")
            fault = self.server.owner.trouble(operation)
            with self.server.owner.lock:
                self.server.owner.asked[operation] = self.server.owner.asked.get(operation, 0) + 1
            answer = (200, None) if fault and not fault.applied else self._route(json.loads(body) if body else None)
        except Refused as refused:
            self._answer_headers["x-ms-substatus"] = str(refused.substatus or 0)
            answer = refused.status, {"code": str(refused.status), "message": refused.reason}
        if fault:
            self._break(fault)
        else:
            self._send(*answer)

    def _operation(self) -> str:
        if self.headers.get("x-ms-documentdb-isquery", "").lower() == "true":
            return "query"
        if self.headers.get("x-ms-cosmos-is-batch-request", "").lower() == "true":
            return "batch"
        if self.headers.get("A-IM") and self.path.endswith("/docs/"):
            return "changes"
        return "read" if "/docs/" in self.path and self.command == "GET" else "other"

    def _check_signature(self) -> None:
        """As the REST reference has it: verb, type, link and date, in this order, hashed with the key."""
        names = [name for name in unquote(self.path).split("/") if name]
        kind = names[-1] if len(names) % 2 else names[-2] if names else ""
        link = "/".join(names[:-1] if len(names) % 2 else names)
        text = f"{self.command.lower()}\n{kind.lower()}\n{link}\n{self.headers.get('x-ms-date', '').lower()}\n\n"
        made = base64.b64encode(hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)).decode()
        given = parse_qs(unquote(self.headers.get("Authorization", "")).replace("+", "%2B"))
        if given.get("sig") != [made] or given.get("type") != ["master"]:
            raise Refused(401, "The input authorization token can't serve the request.")

    def _route(self, body: Any) -> tuple[int, Any]:
        found = _PLACES.fullmatch(self.path)
        if not found:
            raise Refused(501, f"this server has no {self.path}")
        database, container, feed, id = (part and unquote(part) for part in found.groups())
        if database is None:
            return self._account() if self.command == "GET" else self._create_database(body)
        containers = self._present(self.server.owner.databases, database)
        if container is None:
            return self._create_container(containers, body)
        there = self._present(containers, container)
        if feed is None:
            return 200, there.created
        if feed == "pkranges":
            return self._ranges(there)
        if id is not None:
            return 200, there.read(self._partition(there), id)
        return self._documents(there, body)

    def _documents(self, there: Container, body: Any) -> tuple[int, Any]:
        match self._operation():
            case "query":
                return self._query(there, body)
            case "batch":
                return there.batch(self._partition(there), body)
            case "changes":
                return self._changes(there)
        raise Refused(501, "this server knows queries, batches, the change feed and reading one item")

    @staticmethod
    def _present(things: dict[str, Any], name: str) -> Any:
        if name not in things:
            raise Refused(404, "Owner resource does not exist", 1003)
        return things[name]

    def _account(self) -> tuple[int, Any]:
        here = [{"name": "Loopback", "databaseAccountEndpoint": self.server.owner.url}]
        return 200, {
            "id": "loopback",
            "writableLocations": here,
            "readableLocations": here,
            "userConsistencyPolicy": {"defaultConsistencyLevel": "Strong"},
        }

    def _create_database(self, body: Any) -> tuple[int, Any]:
        if body["id"] in self.server.owner.databases:
            raise Refused(409, "Resource with specified id already exists.")
        self.server.owner.databases[body["id"]] = {}
        return 201, {**body, "_rid": body["id"]}

    @staticmethod
    def _create_container(containers: dict[str, Container], body: Any) -> tuple[int, Any]:
        if body["id"] in containers:
            raise Refused(409, "Resource with specified id already exists.")
        containers[body["id"]] = Container(body)
        return 201, containers[body["id"]].created

    def _ranges(self, there: Container) -> tuple[int, Any]:
        """One physical partition. The client follows its changes, of which there are none."""
        self._answer_headers["etag"] = '"1"'
        if self.headers.get("If-None-Match") == '"1"':
            return 304, None
        only = {"id": "0", "minInclusive": "", "maxExclusive": "FF", "_rid": "0", "parents": [], "status": "online"}
        return 200, {"PartitionKeyRanges": [only], "_rid": there.created["_rid"], "_count": 1}

    def _partition(self, there: Container) -> list[str]:
        given = json.loads(self.headers.get("x-ms-documentdb-partitionkey") or "[]")
        if len(given) != len(there.paths):
            raise Refused(
                400, "Partition key provided either doesn't correspond to definition in the collection.", 1001
            )
        return list(given)

    def _query(self, there: Container, body: Any) -> tuple[int, Any]:
        parameters = {each["name"]: each["value"] for each in body.get("parameters", ())}
        everywhere = self.headers.get("x-ms-documentdb-query-enablecrosspartition", "").lower() == "true"
        named = self.headers.get("x-ms-documentdb-partitionkey") is not None
        if not named and not everywhere:
            raise Refused(400, "Cross partition query is required but disabled.")
        found = run(
            body["query"],
            parameters,
            there.items(self._partition(there) if named else None),
            self.server.owner.collation,
        )
        start = int(self.headers.get("x-ms-continuation") or 0)
        end = start + self._page_size()
        if end < len(found):
            self._answer_headers["x-ms-continuation"] = str(end)
        return 200, {"_rid": there.created["_rid"], "Documents": found[start:end], "_count": len(found[start:end])}

    def _changes(self, there: Container) -> tuple[int, Any]:
        whole = self.headers.get("x-ms-start-epk") is None
        epks = ("", "FF") if whole else (self.headers["x-ms-start-epk"], self.headers["x-ms-end-epk"])
        after = int((self.headers.get("If-None-Match") or "0").strip('"'))
        found, last = there.changes(epks, after, self._page_size())
        self._answer_headers["etag"] = f'"{last}"'
        if not found:
            return 304, None
        return 200, {"_rid": there.created["_rid"], "Documents": found, "_count": len(found)}

    def _page_size(self) -> int:
        asked = int(self.headers.get("x-ms-max-item-count") or -1)
        return min(asked if asked > 0 else _DEFAULT_PAGE, self.server.owner.largest_page)

    def _break(self, fault: Fault) -> None:
        if fault.status is None:
            # Lingering for no time makes the close a reset, which the client sees at once.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        self._answer_headers |= fault.headers
        self._send(fault.status, {"code": str(fault.status), "message": "on purpose"})

    def _send(self, status: int, answer: Any) -> None:
        text = b"" if answer is None else json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("x-ms-request-charge", "1.0")
        for name, value in self._answer_headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests read `asked`."""
