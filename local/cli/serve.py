"""`baton serve`: the host with its pages, on this machine."""

from __future__ import annotations

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
    clock: Annotated[Clock, typer.Option(help="A virtual one jumps to what is next.")] = Clock.REAL,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Run Baton on this machine until Ctrl-C.

    It prints a link that signs you in once.
    """
    with LocalHost(home, port, clock) as host:
        with Session(home, as_json) as session:
            session.show(_welcome(session.client, host, home), _ready)
        code = host.run()
    if code:
        raise Fault(f"the host ended with {code}")


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
