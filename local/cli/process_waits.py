"""What a run wants of a person: said while it is watched, and answered by `baton process approve`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.approval import named
from local.cli.errors import Refused
from local.cli.output import facts
from local.cli.process_run import Run
from local.cli.session import Session, with_session


@with_session
def approve(
    session: Session,
    id: Run,
    step: Annotated[str | None, typer.Argument(metavar="STEP", help="Which, if several ask; of a loop STEP.0.")] = None,
    reject: Annotated[bool, typer.Option("--reject", help="Reject it; say why with --comment.")] = False,
    comment: Annotated[str | None, typer.Option(metavar="TEXT", help="Kept with the decision.")] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What the step asks for; repeatable.")
    ] = None,
) -> None:
    """Approve what a step of a run asks, exactly as it is now."""
    waiting = session.client.listing("approvals", 1_000)["items"]
    own = {_place(each["subject"]): each for each in waiting if each["subject"].startswith(f"{id}~")}
    if not own or (step is not None and step not in own):
        raise Refused(f"approval: {step or 'no step'} of the run {id} waits for {'none' if step else 'any'}")
    if step is None and len(own) > 1:
        raise Refused(f"step: several ask; say which: {', '.join(sorted(own))}")
    asked = own[step or next(iter(own))]
    filled = {"given": dict(named(each) for each in given)} if given else {}
    body = {"decision": "reject" if reject else "approve", "digest": asked["digest"], "comment": comment, **filled}
    done = session.client.post(f"approvals/{quote(asked['subject'], safe='~')}", body)
    session.show(done | {"asked": asked}, _answered)


def _answered(found: dict[str, Any]) -> Iterator[RenderableType]:
    asked = found["asked"]
    yield f"{asked['name']}: {found['status']}. The run goes on."
    shown = [("shown", f"sha256 {asked['digest']}")]
    yield facts(
        [*shown, *((each["name"], f"{each['bytes']:,} bytes, sha256 {each['sha256']}") for each in asked["files"])]
    )


def _place(subject: str) -> str:
    return ".".join(subject.split("~")[1:])
