"""What a host tells somebody who starts it for the first time, and wrongly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.host.process import ROOT, running

APP = """
import azure.functions as func
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

@app.route(route="hello")
def hello(req: func.HttpRequest, context: func.Context, greeting: str = "Hello", **more) -> str:
    return greeting

@app.route(route="lost")
async def lost(req: func.HttpRequest, client) -> str:
    return "never"
"""


def said(folder: Path, *flags: str) -> str:
    """The last line of a host that does not start."""
    command = [sys.executable, "-m", "local.host", str(folder), "--port", "0", *flags]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, env=env, check=False)
    assert ended.returncode in (1, 2)
    return ended.stderr.splitlines()[-1]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "function_app.py").write_text(APP)
    return tmp_path


def test_a_parameter_that_no_binding_gives_is_named_at_the_start(app: Path) -> None:
    with running(app, app / "state") as host:
        assert "lost takes client, which no binding gives" in host.logged("WARNING")
        assert not any("hello takes" in line for line in host.log)
        assert host.http.get("/api/hello").text == "Hello"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert said(tmp_path / "nowhere").endswith("nowhere is not a folder")


def test_a_file_in_place_of_the_folder_is_named(app: Path) -> None:
    assert said(app / "function_app.py").endswith("function_app.py is not a folder")


def test_an_app_of_the_older_model_is_told_from_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "Hello").mkdir()
    (tmp_path / "Hello" / "function.json").write_text("{}")
    assert "Hello/function.json is of the v1 programming model" in said(tmp_path)


def test_a_missing_package_comes_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text("import nowhere_to_be_found")
    assert "No module named 'nowhere_to_be_found'; install what its requirements.txt names" in said(tmp_path)


def test_an_error_in_the_app_is_in_the_last_line(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text("x = (")
    assert "function_app.py could not be imported: SyntaxError: '(' was never closed" in said(tmp_path)


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_an_impossible_port_is_refused(app: Path, port: str) -> None:
    assert f"'{port}' is not a number from 0 to 65535" in said(app, f"--port={port}")


def test_an_impossible_time_is_refused(app: Path) -> None:
    assert "'yesterday' is no time such as 2026-03-13T09:00:00Z" in said(app, "--clock", "virtual=yesterday")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ('{"Values": []}', "local.settings.json: Values must be an object, not []"),
        ('{"Host": "x"}', 'local.settings.json: Host must be an object, not "x"'),
        ('{"Host": {"CORS": ["*"]}}', 'local.settings.json: Host.CORS must be a text, not ["*"]'),
        ('{"Values": {},}', "local.settings.json is not valid JSON"),
    ],
)
def test_what_is_wrong_in_local_settings_is_named(app: Path, settings: str, reason: str) -> None:
    (app / "local.settings.json").write_text(settings)
    assert reason in said(app)
