"""Where Baton is and how to speak to it: what the options that every command shares add up to."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from shlex import quote
from types import TracebackType
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from local.cli.client import Client
from local.cli.errors import Fault, NoHost
from local.cli.output import Output, View
from local.cli.words import program

HOME = Path(".baton")
STATE = "host"
"""The embedded host's state, below the home."""

Given = ParamSpec("Given")
Home = Annotated[Path, typer.Option(metavar="DIR", help="Where everything local lives.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output, and nothing else on stdout.")]


class Session:
    """One command's way to Baton. The connection is made when it is first needed."""

    def __init__(
        self, home: Path, as_json: bool, url: str | None = None, token: str | None = None, workspace: str = "main"
    ) -> None:
        self.home = home
        self.output = Output(as_json)
        self._url, self._token, self._workspace = url, token, workspace

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if "client" in self.__dict__:
            self.client.close()

    @cached_property
    def client(self) -> Client:
        """Raises NoHost if it is not known where Baton is or what lets us in."""
        url = self._url or _local_url(self.home)
        token = self._token or _kept(self.home / "owner.token")
        if url is None or token is None:
            raise NoHost(
                f"no host runs for {self.home}; start one with `{program()} serve`, or say where it is with --url"
            )
        return Client(url, token, self._workspace)

    @property
    def options(self) -> str:
        """What another command has to be given to come to the same place; a token is never shown."""
        given = (("--url", self._url), ("--home", None if self.home == HOME else str(self.home)))
        workspace = ("--workspace", None if self._workspace == "main" else self._workspace)
        return " ".join(f"{name} {quote(value)}" for name, value in (*given, workspace) if value)

    def show(self, data: Any, view: View) -> None:
        """See Output.show."""
        self.output.show(data, view)


def _local_url(home: Path) -> str | None:
    """Where the host of this home answers, or answered before it was killed."""
    port = _kept(home / STATE / "port")
    return f"http://127.0.0.1:{port}" if port else None


def with_session(command: Callable[Concatenate[Session, Given], None]) -> Callable[..., None]:
    """Give the command a Session, and the options that say where Baton is, after its own."""
    own = [*signature(command, eval_str=True).parameters.values()][1:]
    shared = [*signature(_session, eval_str=True).parameters.values()]

    @wraps(command)
    def run(*args: Given.args, **given: Given.kwargs) -> None:
        with _session(**{each.name: given.pop(each.name) for each in shared}) as session:  # type: ignore[arg-type]  # typer checked them
            command(session, *args, **given)

    return _signed(run, [*own, *shared])


def _session(
    url: Annotated[str | None, typer.Option(help="Where Baton answers; else the host of the home.")] = None,
    token: Annotated[str | None, typer.Option(envvar="BATON_TOKEN", help="What lets you in; else the home's.")] = None,
    home: Home = HOME,
    workspace: Annotated[str, typer.Option(help="Whose contacts and campaigns.")] = "main",
    as_json: AsJson = False,
) -> Session:
    return Session(home, as_json, url, token, workspace)


def _signed(run: Callable[..., None], parameters: list[Parameter]) -> Callable[..., None]:
    """What typer reads: the signature, and the annotations behind it."""
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # functions may carry one (PEP 362)
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _kept(path: Path) -> str | None:
    try:
        return path.read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}") from error
