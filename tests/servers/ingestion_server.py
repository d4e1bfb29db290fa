"""The ingestion endpoint of Application Insights on the loopback: takes the envelopes of the real exporter and shows
them as the rows that a Log Analytics workspace makes of them.

RequestData becomes AppRequests, RemoteDependencyData AppDependencies, MetricData AppMetrics, MessageData AppTraces; the
tags `ai.operation.id` and `ai.cloud.role` become OperationId and AppRoleName (Azure Monitor's documented mapping)."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Rows = dict[str, list[dict[str, Any]]]


class Ingestion(ThreadingHTTPServer):
    """Keeps what it is sent; `connection_string` leads here."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        url = f"http://127.0.0.1:{self.server_port}/"
        key = "00000000-0000-0000-0000-000000000001"
        self.connection_string = f"InstrumentationKey={key};IngestionEndpoint={url};LiveEndpoint={url}"
        self.envelopes: list[dict[str, Any]] = []

    def rows(self) -> Rows:
        made: Rows = {"AppRequests": [], "AppDependencies": [], "AppMetrics": [], "AppTraces": []}
        for envelope in self.envelopes:
            kind = envelope["data"]["baseType"]
            if kind in _ROWS:
                table, of = _ROWS[kind]
                made[table] += [{**_common(envelope), **each} for each in of(envelope["data"]["baseData"])]
        return made


@contextmanager
def ingesting() -> Iterator[Ingestion]:
    with Ingestion() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.05,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Ingestion

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        sent = json.loads(body)
        self.server.envelopes += sent
        answer = json.dumps({"itemsReceived": len(sent), "itemsAccepted": len(sent), "errors": []}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _common(envelope: dict[str, Any]) -> dict[str, Any]:
    tags = envelope["tags"]
    return {
        "TimeGenerated": datetime.fromisoformat(envelope["time"].replace("Z", "+00:00")),
        "OperationId": tags.get("ai.operation.id"),
        "OperationName": tags.get("ai.operation.name"),
        "ParentId": tags.get("ai.operation.parentId"),
        "AppRoleName": tags.get("ai.cloud.role"),
        "AppRoleInstance": tags.get("ai.cloud.roleInstance"),
        "Properties": envelope["data"]["baseData"].get("properties") or {},
    }


def _spans(data: dict[str, Any]) -> list[dict[str, Any]]:
    code = data.get("responseCode") or data.get("resultCode")
    return [
        {
            "Name": data["name"],
            "Id": data["id"],
            "Url": data.get("url") or "",
            "Success": data["success"],
            "ResultCode": code,
            "DurationMs": _milliseconds(data["duration"]),
            "DependencyType": data.get("type"),
            "Target": data.get("target"),
            "ItemCount": 1,
        }
    ]


def _metrics(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "Name": each["name"],
            "Sum": each["value"],
            "ItemCount": each.get("count", 1),
            "Min": each.get("min"),
            "Max": each.get("max"),
        }
        for each in data["metrics"]
    ]


def _milliseconds(text: str) -> float:
    """D.HH:MM:SS.mmm"""
    days, _, clock = text.rpartition(".")[0].rpartition(".")
    hours, minutes, seconds = clock.split(":")
    whole = ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + float(text.rpartition(".")[2])


_ROWS = {
    "RequestData": ("AppRequests", _spans),
    "RemoteDependencyData": ("AppDependencies", _spans),
    "MetricData": ("AppMetrics", _metrics),
    "MessageData": ("AppTraces", lambda data: [{"Message": data["message"], "SeverityLevel": 1}]),
}
