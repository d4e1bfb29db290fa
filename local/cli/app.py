"""The `baton` command: which commands there are, and how they end."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import typer

from local.cli.errors import Ended
from local.cli.output import printable


class Group(NamedTuple):
    """Commands below one name: the module that has them under this name, and those that other modules add."""

    module: str
    help: str
    more: Mapping[str, str] = {}


_WATCH = ("run", "attach", "status", "logs")
_STEER = (*_WATCH, "pause", "resume", "cancel", "retry", "fix", "undo", "skip", "settle", "set")
_RUNS = {
    **dict.fromkeys(_STEER, "process_run"), "approve": "process_waits",
    **dict.fromkeys(("export", "compliance"), "process_audit"),
}  # fmt: skip
GROUPS: Mapping[str, Group] = {
    "contact": Group(
        "contact",
        "The address book.",
        {
            **dict.fromkeys(("imports", "confirm", "undo", "quarantine"), "contact_import"),
            **dict.fromkeys(("erase", "export", "told", "review"), "privacy"),
        },
    ),
    "campaign": Group(
        "campaign", "Campaigns, from brief to certificate.", {"new": "campaign_new", "audience": "campaign_audience"}
    ),
    "calendar": Group("calendar", "When nothing leaves: blackout days, appointments, other calendars."),
    "conversion": Group("conversion", "Orders that followed campaigns: what they brought in."),
    "deal": Group("deal", "Deals: one engagement each, from the first talk to won or lost."),
    "approval": Group("approval", "What waits for a person, and the answer to it."),
    "policy": Group("policy", "How often, when and from where people are written to."),
    "privacy": Group("privacy", "What has to be on paper about data of people."),
    "retention": Group("privacy", "How long what is kept."),
    "domain": Group("domain", "The domains that mail comes from: DNS, warm-up, health."),
    "feedback": Group("feedback", "What came back about messages."),
    "agent": Group("agent", "Who does the work: instructions, tools, models, money, versions."),
    "task": Group("task", "Something that an agent is to do, with every attempt."),
    "memory": Group("memory", "What the agents of a domain remember together."),
    "model": Group("model", "Models, here and elsewhere: which is asked for what, and what was asked."),
    "budget": Group("budget", "What agents, campaigns and the workspace may use, and have used."),
    "knowledge": Group("knowledge", "Documents that texts can rest on."),
    "workspace": Group("workspace", "Workspaces: one for each client."),
    "member": Group("member", "People who are let in by a link: invited, changed, let out."),
    "key": Group("key", "Keys with which other systems call Baton."),
    "keys": Group("keyring", "Keys with which this home encrypts and signs: shown by id, rotated, removed."),
    "secret": Group("secret", "Secrets that processes use by name."),
    "fact": Group("fact", "What people vouch for, and who has said what a draft says."),
    "piece": Group("write", "Texts in every format from one brief: plan, approve, rewrite a part."),
    "brand": Group("brand", "Name, colours, fonts and logo."),
    "house": Group("house", "Who the workspace writes as, and a test mail."),
    "card": Group("card", "A few words as a picture in the brand's look."),
    "process": Group(
        "process",
        "Declared processes: plans, versions, runs.",
        {"new": "process_new", "test": "process_test", "suggest": "process_suggest", **_RUNS},
    ),
    "journey": Group("journey", "Journeys: many people through waits and branches, each message once."),
    "lead": Group("lead", "Companies that may become clients: found, scored, decided on."),
    "inbound": Group("inbound", "What strangers write by themselves: the form, the mailbox."),
    "watch": Group("watch", "Trends, competitors and seasons that are kept an eye on."),
    "invoice": Group("invoice", "Invoices: their numbers, their dates, their reminders."),
    "payment": Group("payment", "Money that came, and what it is for."),
    "document": Group("document", "Offers, contracts and invoices from templates and data."),
    "offer": Group("offer", "What is sold: packages, prices, floors, and what it would cost."),
    "proposal": Group("proposal", "Proposals to clients: written, approved, sent, answered."),
    "contract": Group("contract", "Contracts: written from what was agreed, signed by both sides, sealed, checked."),
    "style": Group("style", "The style guide: words to avoid, du or Sie, the spelling of names."),
    "bus": Group("bus", "Messages of other systems that nobody could take."),
    "webhook": Group("webhook", "Where events go, and what became of each."),
}
COMMANDS: Mapping[str, str] = {
    "serve": "serve",
    "write": "write",
    "demo": "demo",
    "explain": "explain",
    "export": "export",
    "replay": "replay",
    "doctor": "doctor",
}
"""Name -> module."""


def app(named: str | None = None) -> typer.Typer:
    """The command; of its parts only the `named` one is imported, if there is one of that name: all of them take longer
    than most commands."""
    made = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, rich_markup_mode=None
    )
    made.callback()(baton)
    only = {named} if named in GROUPS or named in COMMANDS else {*GROUPS, *COMMANDS}
    for name, group in GROUPS.items():
        if name in only:
            made.add_typer(_group(name, group), name=name, help=group.help)
    for name, module in COMMANDS.items():
        if name in only:
            made.command()(_found(module, name))
    return made


def baton() -> None:
    """An agency's work: every message leaves once and can be explained.

    Exit codes: 0 done, 1 something does not work, 2 the input is wrong or was refused.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. What went wrong is said on stderr, a sentence a line."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        app(given[0] if given else None)(given, prog_name="baton")
    except Ended as ended:
        sys.stderr.write(printable(str(ended)) + "\n")
        return ended.code
    except OSError as error:
        sys.stderr.write(printable(f"{error.filename or 'this machine'}: {error.strerror or error}") + "\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else 1
    return 0


def _group(name: str, group: Group) -> typer.Typer:
    made: typer.Typer = _found(group.module, name)
    for each, module in group.more.items():
        if each not in {known.name for known in made.registered_commands}:
            made.command(each)(_found(module, each))
    return made


def _found(module: str, name: str) -> Any:
    return getattr(import_module(f"local.cli.{module}"), name)
