"""`baton contact erase`: what people may ask about their data."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import id_of
from local.cli.output import table
from local.cli.session import Session, with_session

_CHECKED = "How you made sure that it is they: wrote_from_the_address, signed_in, showed_a_document …"
_FOR = "On whose request: person, guardian, authority or controller."
_RECEIVED = "When they asked; default: now. It is due a month later."
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Whom it is about.")]
Checked = Annotated[str, typer.Option(metavar="HOW", help=_CHECKED)]
For = Annotated[str, typer.Option("--for", metavar="WHO", help=_FOR)]
Received = Annotated[str, typer.Option(metavar="ISO-TIME", help=_RECEIVED)]


@with_session
def erase(
    session: Session,
    address: Address,
    checked: Checked,
    requested_by: For = "person",
    received: Received = "",
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Write the certificate there, as PDF.")
    ] = None,
) -> None:
    """Erase everything about a person, in every workspace, and say so store by store.

    Nothing leaves for them from now on. What stays is a keyed hash, so that no list brings them back.
    """
    made = session.client.post(f"contacts/{id_of(session, address)}/erasure", asked(checked, requested_by, received))
    with session.output.progress() as bars:
        bars.add_task("erasing", total=None, note="")
        while (found := session.client.get(f"erasures/{made['id']}"))["status"] == "running":
            time.sleep(0.2)
    if certificate:
        certificate.write_bytes(session.client.content(f"erasures/{made['id']}/certificate"))
    session.show(found, erased)


def asked(checked: str, requested_by: str, received: str) -> dict[str, str]:
    """The body of a request."""
    return {"checked": checked, "requested_by": requested_by, **({"received_at": received} if received else {})}


def erased(found: dict[str, Any]) -> Iterator[RenderableType]:
    """Store by store, then what is left to people."""
    numbers = [each for each in found["treated"] if each["found"]]
    rows = [(each["workspace"], each["store"], each["found"], each["erased"], each["left"]) for each in numbers]
    yield table(("Workspace", "Store", "Found", "Erased", "Left"), rows, right=["Found", "Erased", "Left"])
    places = [f"{each['workspace']}: {place}" for each in numbers for place in each["places"]]
    if places:
        yield "For a person to decide, because it was approved or signed: " + ", ".join(places)
    if found["outside"]:
        yield "To be told, because they were given data of people: " + "; ".join(found["outside"])
    yield f"Erasure {found['id']}, due {found['due'][:10]}, completed {found['completed_at'][:16]}."
