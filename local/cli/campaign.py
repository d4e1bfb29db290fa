"""`baton campaign`: start campaigns, decide about them, see what became of them."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from local.cli import campaign_views as view
from local.cli.campaign_file import CampaignFile
from local.cli.errors import Refused
from local.cli.find import find
from local.cli.house import trial
from local.cli.session import Session, with_session

RESTS = ("awaiting_approval", "paused", "missed", "analyzing", "completed", "cancelled", "failed")
"""Following ends here: a person is asked, or nothing leaves any more."""

Which = Annotated[str, typer.Argument(metavar="ID-OR-NAME", help="The campaign.")]
Limit = Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")]
campaign = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@campaign.command()
@with_session
def create(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The campaign, as YAML or JSON.")],
    piece: Annotated[str | None, typer.Option(metavar="ID", help="Take this piece's texts, as they are.")] = None,
) -> None:
    """Start a campaign from a file.

    Its drafts are written first; they wait for approval unless the file says none is needed. With a piece nothing is
    written, and the file may leave its brief out.
    """
    session.show(create_from(session, file, piece), view.created)


@campaign.command("list")
@with_session
def list_campaigns(session: Session, limit: Limit = 50) -> None:
    """List campaigns, newest first."""
    session.show(session.client.listing("campaigns", limit), view.campaigns)


@campaign.command()
@with_session
def show(
    session: Session,
    which: Which,
    follow: Annotated[bool, typer.Option("--follow", help="Stay until it is sent, or asks for something.")] = False,
) -> None:
    """Show where a campaign stands."""
    found = find(session.client, which)
    shown = _followed(session, found["id"]) if follow else _shown(session, found["id"])
    session.show(_with_forecast(session, shown), view.campaign)


@campaign.command()
@with_session
def approve(
    session: Session,
    which: Which,
    digest: Annotated[str, typer.Option(help="Approve only if the seal is this one.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show exactly what would be sent, and approve it."""
    found = find(session.client, which)
    asked, drafts = question(session, found)
    session.output.say(*view.question(found, asked, drafts))
    if not yes:
        _confirm(session)
    decision = {"decision": "approve", "digest": digest or asked["digest"]}
    session.show(session.client.post(f"campaigns/{found['id']}/approvals", decision), view.decided)


@campaign.command()
@with_session
def rewrite(
    session: Session,
    which: Which,
    part: Annotated[str, typer.Argument(metavar="PART", help="Such as subject or paragraphs.2.")],
    comment: Annotated[str | None, typer.Argument(metavar="[COMMENT]", help="How: shorter, warmer, …")] = None,
    variant: Annotated[str, typer.Option(metavar="LETTER", help="Of which variant.")] = "A",
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="Exactly these words instead.")] = None,
) -> None:
    """Have one part of a draft said differently; all the rest stays, and it is to be approved anew."""
    said = {name: value for name, value in (("comment", comment), ("text", text)) if value}
    id = find(session.client, which)["id"]
    session.client.post(f"campaigns/{id}/parts", {"variant": variant, "part": part, **said})
    found = _followed(session, id)
    drafts = session.client.get(f"campaigns/{id}/drafts")["items"]
    session.show({**found, "drafts": [each for each in drafts if each["variant"] == variant]}, view.rewritten)


@campaign.command()
@with_session
def edit(
    session: Session,
    which: Which,
    parts: Annotated[
        list[str] | None, typer.Argument(metavar="PART=TEXT…", help="subject='…' paragraphs.2='…'")
    ] = None,
    variant: Annotated[str, typer.Option(metavar="LETTER", help="Of which variant.")] = "A",
    back: Annotated[int | None, typer.Option(metavar="N", help="Bring this version back instead.")] = None,
) -> None:
    """Put your own words into parts of a draft; it is checked again, and to be approved anew."""
    said = dict(part.split("=", 1) for part in parts or [] if "=" in part)
    if bool(said) == (back is not None) or len(said) != len(parts or []):
        raise Refused("give PART=TEXT, once for each part, or --back N")
    id = find(session.client, which)["id"]
    path = f"campaigns/{id}/drafts/{variant}"
    session.client.patch(path, {"parts": said} if said else {"version": back})
    found = _followed(session, id)
    changed = session.client.get(f"{path}/changes")
    session.show({**found, "changes": changed["changes"]}, view.edited)


@campaign.command()
@with_session
def ask(
    session: Session,
    which: Which,
    to: Annotated[str, typer.Argument(metavar="ADDRESS", help="A colleague's or the client's.")],
    days: Annotated[int, typer.Option(min=1, max=30, help="To answer; they are reminded half-way.")] = 3,
    then: Annotated[str, typer.Option(metavar="ADDRESS", help="Who is asked if there is no answer.")] = "",
) -> None:
    """Mail somebody a link by which they see what is sealed, and approve or not, without a login."""
    id = find(session.client, which)["id"]
    made = session.client.post(f"campaigns/{id}/asked", {"to": to, "days": days, **({"then": then} if then else {})})
    session.show(made, view.asked)


@campaign.command("try")
@with_session
def try_out(
    session: Session,
    which: Which,
    to: Annotated[str, typer.Argument(metavar="ADDRESS", help="Your own.")],
    variant: Annotated[str, typer.Option(help="A, B, C or D.")] = "A",
    contact: Annotated[str, typer.Option(help="Id of the contact whose mail it is; else the first of all.")] = "",
) -> None:
    """Send one variant of the draft to yourself; its links lead nowhere, and no certificate counts it."""
    id = find(session.client, which)["id"]
    wanted = {"to": to, "variant": variant, **({"contact": contact} if contact else {})}
    session.show(session.client.post(f"campaigns/{id}/trials", wanted), trial)


@campaign.command()
@with_session
def pause(session: Session, which: Which) -> None:
    """Stop; at most the window on its way still leaves."""
    _steer(session, which, "pause")


@campaign.command()
@with_session
def resume(session: Session, which: Which) -> None:
    """Go on with exactly the remainder, also after it failed."""
    _steer(session, which, "resume")


@campaign.command()
@with_session
def cancel(session: Session, which: Which) -> None:
    """End it; whoever has not got it will not get it."""
    _steer(session, which, "cancel")


@campaign.command()
@with_session
def recall(
    session: Session,
    which: Which,
    comment: Annotated[str, typer.Option(metavar="TEXT", help="While it is held: have it written again so.")] = "",
) -> None:
    """Take it back: whatever has not left does not leave."""
    body = {"comment": comment} if comment else {}
    session.show(session.client.post(f"campaigns/{find(session.client, which)['id']}/recall", body), view.recalled)


@campaign.command()
@with_session
def correct(
    session: Session,
    which: Which,
    what: Annotated[str, typer.Argument(metavar="TEXT", help="What those who got it should know.")],
    name: Annotated[str, typer.Option(help="What the correction is called.")] = "",
) -> None:
    """Start a correction to those only who got the campaign."""
    body = {"what": what, **({"name": name} if name else {})}
    session.show(session.client.post(f"campaigns/{find(session.client, which)['id']}/correction", body), view.created)


@campaign.command("copy")
@with_session
def copy_campaign(
    session: Session,
    which: Which,
    audience: Annotated[
        str, typer.Option(metavar="WHO", help="same, not_reached, did_not_click or new_since.")
    ] = "same",
    window: Annotated[str, typer.Option(metavar="WHEN", help="Such as 2027-03-01T08:00:00Z,2d,9-18h.")] = "",
    name: Annotated[str, typer.Option(help="What the copy is called.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would be; nothing is made.")] = False,
) -> None:
    """Use a campaign again: the same words in a new draft."""
    found = _shown(session, find(session.client, which)["id"])
    body: dict[str, Any] = {"audience": audience, **({"name": name} if name else {})}
    if window:
        body["window"] = window_of(window, found["request"]["window"])
    where = f"campaigns/{found['id']}/copy" + ("?dry_run=true" if dry_run else "")
    session.show(session.client.post(where, body), view.tried if dry_run else view.created)


@campaign.command()
@with_session
def report(
    session: Session,
    which: Which,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there as one page with charts.")] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there as PDF to hand over.")] = None,
) -> None:
    """Show what went out and what came back."""
    path = f"campaigns/{find(session.client, which)['id']}/report"
    if pdf:
        _write(pdf, session.client.content(path, format="pdf"))
    if html:
        _write(html, session.client.content(path, format="html"))
    session.show(session.client.get(path, format="json"), view.report)


@campaign.command()
@with_session
def share(
    session: Session,
    which: Which,
    days: Annotated[int, typer.Option(min=1, max=90, metavar="N", help="For how many days.")] = 14,
    revoke: Annotated[str, typer.Option(metavar="ID", help="Take this link back instead.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Show the links that there are instead.")] = False,
) -> None:
    """Make a link by which a client reads the report, without signing in."""
    path = f"campaigns/{find(session.client, which)['id']}/share"
    if revoke:
        session.show({"items": [session.client.delete(f"{path}s/{quote(revoke, safe='')}")]}, view.shares)
    elif listed:
        session.show(session.client.get(f"{path}s"), view.shares)
    else:
        session.show(session.client.post(path, {"days": days}), view.shared)


@campaign.command()
@with_session
def certificate(
    session: Session,
    which: Which,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there as one page to hand over.")] = None,
) -> None:
    """Recount what became of everyone who was planned."""
    path = f"campaigns/{find(session.client, which)['id']}/certificate"
    if pdf:
        _write(pdf, session.client.content(path, format="pdf"))
    session.show(session.client.get(path), view.certificate)


@campaign.command()
@with_session
def recipients(
    session: Session,
    which: Which,
    state: Annotated[str, typer.Option(help="Only those planned, accepted, held, failed, unknown …")] = "",
    limit: Limit = 50,
) -> None:
    """List who gets it, and what became of each message."""
    path = f"campaigns/{find(session.client, which)['id']}/recipients"
    session.show(session.client.listing(path, limit, state=state), view.recipients)


@campaign.command()
@with_session
def unknown(
    session: Session,
    which: Which,
    only: Annotated[list[str] | None, typer.Argument(metavar="[ADDRESS]...", help="Only these; else all.")] = None,
    sent: Annotated[bool, typer.Option("--treat-as-sent", help="Nobody gets it twice; recommended.")] = False,
    again: Annotated[bool, typer.Option("--send-again", help="It may arrive twice.")] = False,
    limit: Limit = 50,
) -> None:
    """List messages of which it is not known whether they left, or decide about them."""
    path = f"campaigns/{find(session.client, which)['id']}/unknown"
    if sent and again:
        raise Refused("decision: --treat-as-sent and --send-again exclude each other")
    if not (sent or again):
        session.show(session.client.listing(path, limit), view.unknown)
        return
    wanted = {"keys": _keys(session, path, only)} if only else {"all": True}
    done = session.client.post(path, {"decision": "sent" if sent else "again", **wanted})
    session.show(done, view.decided_unknown)


@campaign.command()
@with_session
def timeline(session: Session, which: Which) -> None:
    """List what happened, oldest first."""
    session.show(session.client.get(f"campaigns/{find(session.client, which)['id']}/timeline"), view.timeline)


def create_from(session: Session, file: Path, piece: str | None = None) -> dict[str, Any]:
    """Start the campaign that a file describes, with the texts of a piece. Raises Refused with the line of each wrong
    field."""
    given = CampaignFile(file)
    body = given.request()
    if piece:
        brief = session.client.get(f"pieces/{quote(piece, safe='')}")["request"]["brief"]
        body = json.dumps({"brief": brief, **json.loads(body), "piece": {"id": piece}}).encode()
    try:
        accepted: dict[str, Any] = session.client.create("campaigns", body, "application/json")
    except Refused as refused:
        raise Refused(*map(given.located, str(refused).splitlines())) from refused
    return accepted


def window_of(text: str, before: dict[str, Any]) -> dict[str, Any]:
    """`2027-03-01T08:00:00Z,2d,9-18h`, each part of which may be missing: then it is as `before`, or from the approval.
    Raises Refused."""
    made = {"days": before["days"], "hours": before["hours"]}
    for part in filter(None, map(str.strip, text.split(","))):
        if found := re.fullmatch(r"(\d{1,2})d", part):
            made["days"] = int(found[1])
        elif found := re.fullmatch(r"(\d{1,2})-(\d{1,2})h", part):
            made["hours"] = [int(found[1]), int(found[2])]
        elif "T" in part:
            made["start"] = part
        else:
            raise Refused(f"window: {part!r} is no time such as 2027-03-01T08:00:00Z, no days (2d), no hours (9-18h)")
    return made


def question(session: Session, found: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What awaits approval, and the drafts it seals. Raises Refused if there is nothing yet."""
    if found["digest"] is None:
        raise Refused(f"approval: there is nothing to approve yet; the campaign is {found['status']}")
    drafts = session.client.get(f"campaigns/{found['id']}/drafts")["items"]
    return session.client.get(f"campaigns/{found['id']}/approvals"), drafts


def _keys(session: Session, path: str, addresses: list[str]) -> list[str]:
    """The keys of the unknown messages to these addresses. Raises Refused naming one to whom there is none."""
    listed = session.client.listing(path, 1_000_000)["items"]
    by_address = {(each["email"] or each["contact"]).casefold(): each["key"] for each in listed}
    for address in addresses:
        if address.casefold() not in by_address:
            raise Refused(f"address: no message to {address} is unknown")
    return [by_address[address.casefold()] for address in addresses]


def _confirm(session: Session) -> None:
    if session.output.as_json or not sys.stdin.isatty():
        raise Refused("yes: nobody can be asked here; add --yes")
    if not typer.confirm("Approve exactly this?", err=True):
        raise Refused("approval: not given; nothing was changed")


def _steer(session: Session, which: str, order: str) -> None:
    id = find(session.client, which)["id"]
    session.client.post(f"campaigns/{id}/{order}")
    session.show(_shown(session, id), view.campaign)


def _shown(session: Session, id: str) -> dict[str, Any]:
    found: dict[str, Any] = session.client.get(f"campaigns/{id}")
    return found


def _with_forecast(session: Session, found: dict[str, Any]) -> dict[str, Any]:
    """While it waits for approval: and who would not get it."""
    if found["status"] != "awaiting_approval":
        return found
    ahead = session.client.get(f"campaigns/{found['id']}/forecast")
    return {"warning": ahead["warning"], **found, "forecast": ahead}


def _followed(session: Session, id: str) -> dict[str, Any]:
    with session.output.progress() as bars:
        bar = bars.add_task("following", total=None, note="")
        while True:
            found = _shown(session, id)
            done, planned = view.progress(found)
            note = found["status"].replace("_", " ")
            bars.update(bar, completed=done, total=planned or None, note=note)
            if found["status"] in RESTS:
                return found
            time.sleep(0.3)


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
