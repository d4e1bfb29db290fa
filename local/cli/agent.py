"""`baton agent`: who does the work, with which instructions, tools, models and money."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment
from shared.domain.budget import cost_text

agent = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="AGENT", help="Its id, such as copywriter.")]
Setting = Annotated[
    list[str], typer.Argument(metavar="SETTING=VALUE…", help="Such as enabled=false or model.quality=good.")
]


@agent.command("list")
@with_session
def listing(session: Session) -> None:
    """List the agents, the built-in ones and your own."""
    session.show(session.client.get("agents")["items"], _rows)


@agent.command()
@with_session
def show(session: Session, name: Name) -> None:
    """Show an agent: its settings."""
    session.show(session.client.get(_path(name)), _settings)


@agent.command()
@with_session
def status(session: Session, name: Name) -> None:
    """Show what an agent is doing, did last, and cost this month."""
    session.show(session.client.get(f"{_path(name)}/status"), _status)


@agent.command()
@with_session
def capabilities(session: Session, name: Name) -> None:
    """Show what an agent can be asked for, and what it may use."""
    session.show(session.client.get(f"{_path(name)}/capabilities"), _capabilities)


@agent.command()
@with_session
def create(session: Session, name: Name, setting: Setting) -> None:
    """Make an agent of your own; name, domain and verb are needed."""
    session.show(session.client.post("agents", {"id": name, **_merged({}, setting)}), _settings)


@agent.command("set")
@with_session
def change(
    session: Session,
    name: Name,
    setting: Setting,
    why: Annotated[str | None, typer.Option(help="For whoever reads the versions.")] = None,
) -> None:
    """Change some settings of an agent; the others stay. It is a new version.

    Values are JSON or plain text; instructions=@FILE reads a file.
    """
    present = session.client.get(_path(name))["agent"]
    wanted = _merged({field: value for field, value in present.items() if field != "id"}, setting)
    session.show(session.client.put(_path(name), {**wanted, "why": why}), _changed)


@agent.command()
@with_session
def versions(session: Session, name: Name) -> None:
    """List the versions of an agent, the newest first."""
    session.show(session.client.get(f"{_path(name)}/versions")["items"], _versions)


@agent.command()
@with_session
def diff(
    session: Session,
    name: Name,
    since: Annotated[int, typer.Argument(help="A version.")] = 0,
    to: Annotated[int | None, typer.Argument(help="Another; default: the newest.")] = None,
) -> None:
    """Show what is different between two versions."""
    query = {"since": since} if to is None else {"since": since, "to": to}
    session.show(session.client.get(f"{_path(name)}/diff", **query)["items"], _changes)


@agent.command()
@with_session
def rollback(
    session: Session, name: Name, version: Annotated[int, typer.Argument(help="The version to go back to.")]
) -> None:
    """Go back to a version, also of a deleted agent. It becomes the newest one."""
    session.show(session.client.post(f"{_path(name)}/rollback", {"version": version}), _changed)


@agent.command()
@with_session
def delete(session: Session, name: Name) -> None:
    """Delete an agent of your own; its versions stay."""
    said = f"{name} is gone; its versions stay: baton agent versions {name}"
    session.show(session.client.delete(_path(name)), lambda found: [said])


def _path(name: str) -> str:
    return f"agents/{quote(name, safe='')}"


def _merged(present: dict[str, Any], settings: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(present))
    for text in settings:
        field, equals, value = text.partition("=")
        if not equals or not field:
            raise Refused(f"{text}: is not of the form setting=value")
        *above, last = field.split(".")
        place = made
        for part in above:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise Refused(f"{field}: {part} has no parts")
        place[last] = _value(value)
    return made


def _value(text: str) -> Any:
    if text.startswith("@"):
        return Path(text[1:]).read_text()
    try:
        return json.loads(text)
    except ValueError:
        return text


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [
        (each["agent"]["id"], each["agent"]["verb"], each["agent"]["domain"], each["version"], _on(each["agent"]))
        for each in found
    ]
    yield table(("Agent", "Does", "Domain", "Version", ""), rows, right=("Version",))


def _settings(found: dict[str, Any]) -> Iterator[RenderableType]:
    settings, model = found["agent"], found["agent"]["model"]
    yield f"{settings['id']} ({settings['name']}), version {found['version']} by {found['by']}: {_on(settings)}"
    asked = f", {model['home']} first" if model["home"] else ""
    limits = {name: value for name, value in settings["budget"].items() if value is not None}
    yield facts(
        [
            ("does", f"{settings['verb']}, in {settings['domain']}"),
            ("for", " ".join(settings["capabilities"]) or "nothing named"),
            ("may use", " ".join(settings["tools"]) or "nothing"),
            ("models", f"at least {model['quality']}{asked}"),
            ("limits", json.dumps(limits)),
            ("instructions", settings["instructions"] or "none"),
        ]
    )


def _on(settings: dict[str, Any]) -> str:
    return "on" if settings["enabled"] else "off"


def _status(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['id']}: {found['state']}; {cost_text(found['use']['spent'])} this month"
    yield from _affected(found["work"])
    rows = [(moment(each["at"]), each["task"], each["model"], each["place"]) for each in found["last"]]
    if rows:
        yield table(("Last work", "For", "Model", ""), rows)


def _capabilities(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield facts([("for", " ".join(found["capabilities"])), ("may use", " ".join(found["tools"]) or "nothing")])


def _changed(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['version']['agent']['id']} is now version {found['version']['version']}"
    yield from _changes(found["changes"])
    yield from _affected(found["affects"])


def _changes(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        yield "Nothing is different."
    for each in found:
        yield f"  {each['field']}: {_short(each['before'])} → {_short(each['after'])}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _affected(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    for each in found:
        yield f"  holds for {each['what']} “{each['name']}” ({each['status']}) from the next call on"


def _versions(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [(each["version"], moment(each["at"]) if each["at"] else "", each["by"], each["why"]) for each in found]
    yield table(("Version", "When", "By", "Why"), rows, right=("Version",))
