"""`baton webhook`: where events go, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

webhook = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its id.")]


@webhook.command()
@with_session
def create(
    session: Session,
    to: Annotated[str, typer.Argument(metavar="URL", help="Where events are posted to: https://…")],
    event: Annotated[list[str] | None, typer.Option(help="Only this kind; repeatable. All, if none is given.")] = None,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
) -> None:
    """Have events posted to a URL; the secret that signs them is shown this once."""
    body = {"url": to, "events": event or [], "description": description}
    session.show(session.client.post("webhooks", body), _whole)


@webhook.command("list")
@with_session
def listing(session: Session) -> None:
    """List webhooks."""
    session.show(session.client.get("webhooks"), _rows)


@webhook.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show one webhook."""
    session.show(session.client.get(f"webhooks/{id}"), _whole)


@webhook.command()
@with_session
def on(session: Session, id: Id) -> None:
    """Turn a webhook on, also one that Baton turned off."""
    _turn(session, id, enabled=True)


@webhook.command()
@with_session
def off(session: Session, id: Id) -> None:
    """Turn a webhook off: nothing is posted there until it is on again."""
    _turn(session, id, enabled=False)


@webhook.command()
@with_session
def rotate(session: Session, id: Id) -> None:
    """Make a new secret, shown this once; for a day the one before signs as well."""
    session.show(session.client.post(f"webhooks/{id}/rotate"), _whole)


@webhook.command()
@with_session
def delete(session: Session, id: Id) -> None:
    """Delete a webhook."""
    session.show(session.client.delete(f"webhooks/{id}"), lambda found: iter([f"{found['id']} is deleted."]))


@webhook.command()
@with_session
def deliveries(
    session: Session,
    id: Id,
    state: Annotated[str | None, typer.Option(help="Only waiting, delivered or failed.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List what became of each event, newest first."""
    query = {"state": state} if state else {}
    session.show(session.client.listing(f"webhooks/{id}/deliveries", limit, **query), _delivered)


@webhook.command()
@with_session
def replay(
    session: Session,
    id: Id,
    event: Annotated[str | None, typer.Argument(metavar="EVENT", help="The id of an event.")] = None,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="All since then, as 2027-03-01T08:00:00Z.")] = None,
) -> None:
    """Send one event again, or all since a time."""
    if (event is None) == (since is None):
        raise typer.BadParameter("name an event, or say --since")
    if event:
        found = session.client.post(f"webhooks/{id}/deliveries/{event}/replay")
        session.show(found, lambda one: _delivered({"items": [one]}))
    else:
        found = session.client.post(f"webhooks/{id}/replay", {"since": since})
        session.show(found, lambda sent: iter([f"{sent['deliveries']:,} events are on their way again."]))


@webhook.command()
@with_session
def events(
    session: Session,
    type: Annotated[str | None, typer.Option(help="Only this kind, such as campaign.completed.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List what happened, newest first, whoever was told."""
    query = {"type": type} if type else {}
    session.show(session.client.listing("events", limit, **query), _happened)


def _turn(session: Session, id: str, enabled: bool) -> None:
    found = session.client.get(f"webhooks/{id}")
    body = {name: found[name] for name in ("url", "events", "description")} | {"enabled": enabled}
    session.show(session.client.put(f"webhooks/{id}", body), _whole)


def _whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield facts(
        [
            ("webhook", found["id"]),
            ("url", found["url"]),
            ("what for", found["description"]),
            ("events", ", ".join(found["events"]) or "all"),
            ("state", _state(found)),
            ("last arrived", moment(found["delivered_at"]) if found["delivered_at"] else None),
            ("secret", found.get("secret")),
        ]
    )


def _state(found: dict[str, Any]) -> str:
    why = f": {found['disabled_because']}" if found["disabled_because"] else ""
    return ("on" if found["enabled"] else "off") + why


def _rows(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [(each["id"], each["url"], ", ".join(each["events"]) or "all", _state(each)) for each in found["items"]]
    yield table(("Webhook", "URL", "Events", "State"), rows) if rows else "No webhook yet: baton webhook create"


def _delivered(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [
        (moment(each["at"]), each["type"], each["event"], each["state"], each["tries"], _last(each))
        for each in found["items"]
    ]
    yield table(("When", "What", "Event", "State", "Tries", "Last answer"), rows) if rows else "Nothing was sent yet."


def _last(delivery: dict[str, Any]) -> str:
    if not delivery["log"]:
        return ""
    last = delivery["log"][-1]
    return f"{last['status'] or 'none'} {last['why']}".strip()


def _happened(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [
        (
            moment(each["at"]),
            each["type"],
            each["id"],
            ", ".join(f"{name} {value}" for name, value in each["data"].items()),
        )
        for each in found["items"]
    ]
    yield table(("When", "What", "Event", "About"), rows) if rows else "Nothing has happened yet."
