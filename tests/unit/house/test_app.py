"""Loading the app: with nothing set and nothing reachable, and quickly."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = (
    "pydantic", "openai", "jinja2", "structlog", "sqlite3", "azure.ai", "azure.cosmos", "azure.data", "azure.identity",
    "azure.servicebus", "azure.storage", "azure.monitor", "opentelemetry.sdk", "opentelemetry.exporter",
    "shared.ports", "shared.wiring", "shared.settings", "shared.domain.campaign",
)  # fmt: skip
LOAD = """
import json, socket, sys
def refuse(*arguments): raise AssertionError("loading the app must not open a connection")
socket.socket.connect = socket.getaddrinfo = refuse
import function_app
names = [each.get_function_name() for each in function_app.app.get_functions()]
print(json.dumps([names, sorted(sys.modules)]))
"""


def load() -> tuple[list[str], list[str]]:
    ran = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, env={}, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    names, modules = json.loads(ran.stdout)
    return names, modules


def test_the_app_loads_with_an_empty_environment_and_without_anything_heavy() -> None:
    names, modules = load()
    assert {"campaign", "distribution", "contact_import", "generate", "schedule", "distribute", "analyze"} <= set(names)
    assert {"contacts", "sweep", "campaigns_create"} <= set(names)
    loaded = {name for name in modules if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)}
    assert loaded == set()


def test_function_app_only_registers() -> None:
    tree = ast.parse((ROOT / "function_app.py").read_text())
    kinds = {type(node).__name__ for node in tree.body}
    assert kinds <= {"Expr", "Import", "ImportFrom", "Assign", "For"}


def test_the_host_file_asks_for_what_the_flows_rely_on() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    durable = host["extensions"]["durableTask"]
    assert durable["defaultVersion"] == "1.0.0"
    assert host["extensions"]["http"]["routePrefix"] == ""
    one_trace = {"DistributedTracingEnabled": True, "Version": "V2"}
    assert durable["tracing"] == {**one_trace, "traceInputsAndOutputs": False, "traceReplayEvents": False}


HOMES = {
    r"\bos\.(environ|getenv)\b": {"shared/settings.py"},
    r"^(import|from) (random|secrets)\b|os\.urandom": {
        "shared/home.py",
        "shared/access/bearer_text.py",
        "shared/adapters/documents/_fields.py",  # the nonce of each value: AES-GCM breaks if one comes twice
        "shared/adapters/folders/disk.py",  # the name of an unfinished file, which nobody else may guess
        "shared/process/catalog/sol_import/sample/make.py",  # the same cases at every run: its seed is fixed
    },
    r"\b(datetime|date)\.(now|today|utcnow)\b|\btime\.(time|sleep|monotonic|perf_counter)\b": {
        "shared/adapters/clock/host.py",
        "shared/adapters/models/_wire.py",  # how long an answer has been arriving, whatever time it is
        "shared/process/sandbox/run.py",  # a program runs in real seconds, whatever the clock of the house says
        "shared/process/sandbox/cgroup.py",  # how long the kernel takes to bury the dead
    },
}


@pytest.mark.parametrize("reader", list(HOMES))
def test_time_randomness_and_environment_are_read_in_their_homes_only(reader: str) -> None:
    sources = [*ROOT.glob("shared/**/*.py"), *ROOT.glob("functions/**/*.py")]
    found = [path for path in sources if re.search(reader, path.read_text(), re.MULTILINE)]
    assert {path.relative_to(ROOT).as_posix() for path in found} == HOMES[reader]


def test_what_is_not_deployed_is_left_out() -> None:
    left_out = (ROOT / ".funcignore").read_text().split()
    assert {"local/", "tests/", "benchmarks/", ".venv*/", ".baton*/", "local.settings.json"} <= set(left_out)
    assert not {"shared/", "functions/", "function_app.py", "host.json", "requirements.txt"} & set(left_out)
