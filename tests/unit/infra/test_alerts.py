"""Each alert and each part of the workbook, over the telemetry that Baton really sends: by the code that sends it, the
real exporter of Application Insights and an ingestion endpoint on the loopback. Each alert fires on what it is for, and
on a good day none does.

Two tables are not written by the app: AppRequests holds the calls of functions, which the Functions host tells of,
AppTraces the log that it forwards (the lines of shared/logs.py)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from functions.vitals import tell_flows
from shared.logs import log
from shared.telemetry import work
from shared.telemetry.exporters import metric_exporters, span_exporters
from shared.telemetry.names import METRICS
from shared.telemetry.sdk import OpenTelemetry
from tests.servers.ingestion_server import Rows, ingesting

from .bicep import INFRA, files, properties, text
from .kql import evaluate

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
BICEP = (INFRA / "app" / "monitoring.bicep").read_text()
WORKBOOK = json.loads((INFRA / "app" / "workbook.json").read_text())
ORDER = {"instance": "local~main~campaign~0190a1~1", "campaign": "0190a1", "since": "2027-03-01T08:00:00+00:00"}


def alerts() -> dict[str, str]:
    part = BICEP.split("var logAlerts = [", 1)[1].split("\nvar ", 1)[0]
    found = re.findall(r"name: '([^']+)'.*?query: '((?:[^'\\]|\\.)*)'", part, re.DOTALL)
    return {name: re.sub(r"\\(.)", r"\1", query) for name, query in found}


def workbook() -> dict[str, str]:
    return {item["name"]: item["content"]["query"] for item in WORKBOOK["items"]}


class Lines(logging.Handler):
    """What the Functions host forwards."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def sent(live: Callable[[OpenTelemetry], None]) -> Rows:
    """The rows of what is sent while `live` runs."""
    lines = Lines()
    logging.getLogger("baton").addHandler(lines)
    try:
        with ingesting() as server:
            where = server.connection_string
            telemetry = OpenTelemetry(span_exporters(None, where), metric_exporters(None, where), "baton")
            live(telemetry)
            telemetry.close()
            rows = server.rows()
    finally:
        logging.getLogger("baton").removeHandler(lines)
    rows["AppTraces"] += [{"TimeGenerated": NOW, "Message": said, "Properties": {}} for said in lines.said]
    return rows


def call(name: str, instance: str = "i1", milliseconds: float = 20, url: str = "") -> dict[str, Any]:
    """As the Functions host tells of a function that it called."""
    told = {"Name": name, "AppRoleInstance": instance, "DurationMs": milliseconds, "Url": url, "ResultCode": "200"}
    return {"TimeGenerated": NOW, "Success": True, "Properties": {}, **told}


def asked(telemetry: OpenTelemetry, status: int, times: int = 1, route: str = "/api/v1/campaigns") -> None:
    for _ in range(times):
        with work.request(telemetry, "GET", route, "") as told:
            told["http.response.status_code"] = status


def stepped(telemetry: OpenTelemetry, outcome: str = "done") -> None:
    with work.step(telemetry, "generate", ORDER, "", lambda: NOW) as told:
        told["baton.outcome"] = outcome
        if outcome == "fault":
            log().error("step failed", verb="generate", instance=ORDER["instance"])
            raise ValueError("canary@people.example")


def answered(telemetry: OpenTelemetry, fault: str | None, times: int) -> None:
    named = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m"}
    for _ in range(times):
        telemetry.record("gen_ai.client.operation.duration", 1.5, {**named, "error.type": fault})
        telemetry.record("gen_ai.client.token.usage", 100, {**named, "gen_ai.token.type": "input"})


def shares(telemetry: OpenTelemetry, bounces: float = 0.0, complaints: float = 0.0, budget: float = 0.5) -> None:
    telemetry.record("baton.domain.bounces", bounces, {})
    telemetry.record("baton.domain.complaints", complaints, {})
    telemetry.record("baton.budget.used", budget, {})


def a_good_day(telemetry: OpenTelemetry) -> None:
    asked(telemetry, 200, 100)
    asked(telemetry, 404, 50)
    asked(telemetry, 500, 1)
    stepped(telemetry)
    answered(telemetry, None, 10)
    answered(telemetry, "ModelUnavailable", 2)
    shares(telemetry)
    tell_flows(telemetry, {"campaign": 2}, 30.0, {})
    telemetry.record("baton.message.unknown", 0, {})
    telemetry.record("baton.domain.stopped", 0, {})
    telemetry.add("baton.message.handed", 100, {"baton.channel": "smtp", "baton.state": "accepted"})


def _fault(telemetry: OpenTelemetry) -> None:
    with suppress(ValueError):
        stepped(telemetry, "fault")


BAD_DAYS: Mapping[str, Callable[[OpenTelemetry], None]] = {
    "step-failed": _fault,
    "request-failed": lambda _: log().error("request failed", fault="1", route="contacts_get"),
    "server-errors": lambda telemetry: asked(telemetry, 503, 6),
    "unsubscribe-failed": lambda telemetry: asked(telemetry, 500, route="/api/u/{token}"),
    "workflow-broken": lambda telemetry: tell_flows(telemetry, {}, 0.0, {"campaign": 1}),
    "workflow-waiting": lambda telemetry: tell_flows(telemetry, {}, 1000.0, {}),
    "bounces": lambda telemetry: shares(telemetry, bounces=0.021),
    "complaints": lambda telemetry: shares(telemetry, complaints=0.0012),
    "complaints-page": lambda telemetry: shares(telemetry, complaints=0.0021),
    "domain-stopped": lambda telemetry: telemetry.record("baton.domain.stopped", 1, {}),
    "unknown-messages": lambda telemetry: telemetry.record("baton.message.unknown", 3, {}),
    "budget": lambda telemetry: shares(telemetry, budget=0.95),
    "model-failing": lambda telemetry: answered(telemetry, "ModelUnavailable", 20),
}
BAD_CALLS: Mapping[str, list[dict[str, Any]]] = {
    "slow": [call("campaigns_get", milliseconds=9000, url="https://x.example/api") for _ in range(5)],
    "no-sweep": [],
    "instances-at-most": [call("sweep", instance=f"i{n}") for n in range(40)],
}
GOOD_CALLS = [call("sweep"), *(call("campaigns_get", url="https://x.example/api") for _ in range(30))]
QUIET = tuple(
    f"APPLICATIONINSIGHTS_{what}" for what in ("STATSBEAT_DISABLED_ALL", "SDKSTATS_DISABLED", "CONTROLPLANE_DISABLED")
)
OF_AZURE = {"poison": "DurableTask: PoisonMessageDetected for the work item 7"}
"""What only the runtime on Azure says."""


@cache
def good() -> Rows:
    return {**sent(a_good_day), "AppRequests": GOOD_CALLS}


@pytest.fixture(scope="module", autouse=True)
def undisturbed() -> Iterator[None]:
    """As infra/app/api.bicep sets it: the exporter neither counts itself nor asks how it should be configured."""
    with pytest.MonkeyPatch.context() as patch:
        for name in QUIET:
            patch.setenv(name, "true")
        yield


@pytest.fixture(autouse=True)
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.INFO, "baton"):
        yield


@pytest.mark.parametrize("name", list(alerts()))
def test_on_a_good_day_no_alert_fires(name: str) -> None:
    assert evaluate(alerts()[name], good()) == []


@pytest.mark.parametrize("name", list(alerts()))
def test_an_alert_fires_on_what_it_is_for(name: str) -> None:
    if name in BAD_DAYS:
        bad = {
            **sent(lambda telemetry: (a_good_day(telemetry), BAD_DAYS[name](telemetry))[1]),
            "AppRequests": GOOD_CALLS,
        }
    elif name in OF_AZURE:
        said = {"TimeGenerated": NOW, "Message": OF_AZURE[name], "Properties": {}}
        bad = {**good(), "AppTraces": [said]}
    else:
        bad = {**good(), "AppRequests": BAD_CALLS[name]}
    assert evaluate(alerts()[name], bad) != []


def test_a_metric_and_a_dimension_that_a_query_names_is_sent() -> None:
    listed = {each.name: each.attributes for each in METRICS}
    for query in [*alerts().values(), *workbook().values()]:
        named = re.findall(r"""Name == ["']((?:baton|gen_ai)\.[\w.]+)""", query)
        dimensions = re.findall(r"""Properties\[["']([\w.]+)["']\]""", query)
        assert set(named) <= listed.keys(), query
        assert not dimensions or set(dimensions) <= set(listed[named[0]]), query


@pytest.mark.parametrize("name", list(workbook()))
def test_each_part_of_the_workbook_shows_something(name: str) -> None:
    day = sent(lambda telemetry: (a_good_day(telemetry), _fault(telemetry))[1])
    assert evaluate(workbook()[name], {**day, "AppRequests": GOOD_CALLS}) != []


@pytest.mark.parametrize(
    "query",
    [
        "AppMetrics | where Nmae == 'x'",
        "Metrics | where true",
        "AppMetrics | summarize median(Sum)",
        "AppMetrics | wher true",
        "AppMetrics | extend kind = 1",
    ],
)
def test_a_query_with_a_name_that_is_not_there_is_no_query(query: str) -> None:
    with pytest.raises(SyntaxError):
        evaluate(query, good())


def test_the_exporter_speaks_to_the_agencys_component_only() -> None:
    runtime = properties(files()[INFRA / "app" / "api.bicep"], "runtime")
    assert [text(runtime[name]) for name in QUIET] == ["true", "true", "true"]


def test_as_many_instances_as_the_plan_allows() -> None:
    most = re.findall(r"maximumInstanceCount: (\d+)", (INFRA / "app" / "api.bicep").read_text())
    assert f"grow to {most[0]} instances" in (INFRA.parent / "docs" / "access.md").read_text()
    assert f"instances >= {most[0]}" in alerts()["instances-at-most"]


def test_what_the_exporter_sends_lies_in_one_trace_and_holds_no_canary() -> None:
    rows = sent(lambda telemetry: (a_good_day(telemetry), _fault(telemetry))[1])
    steps = [row for row in rows["AppDependencies"] if row["Name"] == "step generate"]
    assert {(row["Properties"]["baton.campaign"], row["AppRoleName"]) for row in steps} == {("0190a1", "baton")}
    assert [row["Success"] for row in steps] == [True, False]
    assert rows["AppRequests"] == [], "the host tells of calls, the app must not tell of them again"
    assert "canary" not in repr(rows)
