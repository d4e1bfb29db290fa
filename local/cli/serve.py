"""`baton serve`: the host with its pages, on this machine."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.client import Client
from local.cli.errors import Fault
from local.cli.host import LocalHost
from local.cli.session import HOME, AsJson, Home, Session


class Clock(StrEnum):
    """Which time the host keeps."""

    REAL = "real"
    VIRTUAL = "virtual"


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="0 takes a free one.")] = 7071,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the sign-in link, where somebody sits before the screen.")
    ] = True,
    clock: Annotated[Clock, typer.Option(help="A virtual one jumps to what is next.")] = Clock.REAL,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Run Baton on this machine until Ctrl-C.

    It prints a link that signs you in once, and opens it.
    """
    with LocalHost(home, port, clock) as host:
        with Session(home, as_json) as session:
            welcome = _welcome(session.client, host, home)
            session.show(welcome, _ready)
            if open_page and not as_json and _somebody_looks():
                webbrowser.open(welcome["sign_in"])
        code = host.run()
    if code:
        raise Fault(f"the host ended with {code}")


def _somebody_looks() -> bool:
    """A person at a terminal of a machine with a screen; a browser inside the terminal would cover what is printed."""
    screen = sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return sys.stdout.isatty() and screen and not os.environ.get("SSH_CONNECTION")


def _welcome(client: Client, host: LocalHost, home: Path) -> dict[str, Any]:
    link = client.post("sign-in-links")
    return {
        "url": host.url,
        "sign_in": link["url"],
        "until": link["expires_at"],
        "home": str(home),
        "pid": host.process.pid,
    }


def _ready(welcome: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Baton answers on {welcome['url']}; everything is kept in {welcome['home']}. Ctrl-C ends it."
    yield "Sign in with this link; it works once, for 15 minutes:"
    yield welcome["sign_in"]
