"""`baton demo`: the main job on the sample data, with simulated people and a kill in the middle."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import RenderableType

from local.cli import campaign_views as view
from local.cli.demo.people import People
from local.cli.demo.run import Demo, Outcome, monday
from local.cli.demo.stage import Stage
from local.cli.errors import Fault, Refused
from local.cli.host import check_free
from local.cli.output import facts, table
from local.cli.session import AsJson, Home, Session
from local.cli.words import program

DEMO_HOME = Path(".baton-demo")
_MARK = "made-by-baton-demo"


def demo(
    home: Home = DEMO_HOME,
    seed: Annotated[int, typer.Option(metavar="N", help="Other simulated people.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Run a whole campaign in seconds, with one kill.

    The contacts are samples, the people who react are simulated, and time is virtual.
    """
    began = time.monotonic()
    _make_anew(home)
    with Session(home, as_json) as session, (home / "host.log").open("wb") as log:
        session.output.say("One campaign from brief to certificate, under a virtual clock, with simulated people.", "")
        outcome = _played(session, seed, log)
        session.show(_answer(outcome, home, time.monotonic() - began), _ending)
    wrong = outcome.wrong()
    if wrong:
        raise Fault(*wrong)


def _played(session: Session, seed: int, log: BinaryIO) -> Outcome:
    with (
        closing(Stage(session, monday(datetime.now(UTC)), log)) as stage,
        closing(People(session.home / "outbox", seed)) as people,
    ):
        return Demo(session, stage, people).play()


def _make_anew(home: Path) -> None:
    """An empty home; only one that a demo made is thrown away. Raises Refused for any other."""
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).exists():
            raise Refused(f"home: {home} holds something that no demo made; choose another --home")
        check_free(home)
        shutil.rmtree(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / _MARK).touch()


def _answer(outcome: Outcome, home: Path, seconds: float) -> dict[str, Any]:
    kept = not outcome.wrong()
    places = {
        "report": str(home / "report.html"),
        "messages": str(home / "outbox"),
        "pages": f"{program()} serve --home {home} --clock virtual",
    }
    crashes = [crash._asdict() for crash in outcome.crashes]
    return {**outcome._asdict(), "crashes": crashes, "places": places, "kept": kept, "seconds": round(seconds, 1)}


def _ending(answer: dict[str, Any]) -> Iterator[RenderableType]:
    yield ""
    yield _side_by_side(answer["certificate"], answer["counted"])
    yield ""
    yield "What came back, from SIMULATED people:"
    yield view.funnel(answer["report"])
    yield ""
    for what, sentence in answer["explanations"].items():
        yield f"Why {what}? {sentence}"
    yield ""
    places = answer["places"]
    yield facts([("report", places["report"]), ("messages", places["messages"]), ("pages", "by this command:")])
    yield f"  {places['pages']}"
    if answer["kept"]:
        yield f"Every message left once. {answer['seconds']} seconds."


def _side_by_side(certificate: dict[str, Any], counted: dict[str, int]) -> RenderableType:
    held = [(f"held: {code.replace('_', ' ')}", n, "") for code, n in sorted(certificate["held"].items())]
    rows = [
        ("sent once", certificate["sent_once"], counted["messages"] - counted["twice"]),
        ("sent twice", certificate["sent_twice"], counted["twice"]),
        *held,
        ("failed", certificate["failed"], ""),
        ("unknown", certificate["unknown"], ""),
        ("remaining", certificate["remaining"], ""),
        ("planned", certificate["planned"], ""),
    ]
    return table(("", "Certificate", "Outbox, counted apart"), rows, right=["Certificate", "Outbox, counted apart"])
