"""The `baton` command: which commands there are, and how they end."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from local.cli.agent import agent
from local.cli.approval import approval
from local.cli.brand import brand
from local.cli.budget import budget
from local.cli.bus import bus
from local.cli.campaign import campaign
from local.cli.campaign_new import new
from local.cli.card import card
from local.cli.contact import contact
from local.cli.demo import demo
from local.cli.doctor import doctor
from local.cli.document import document
from local.cli.domain import domain
from local.cli.errors import Ended
from local.cli.explain import explain
from local.cli.fact import fact
from local.cli.feedback import feedback
from local.cli.key import key
from local.cli.knowledge import knowledge
from local.cli.memory import memory
from local.cli.model import model
from local.cli.output import printable
from local.cli.policy import policy
from local.cli.privacy import erase, export, retention
from local.cli.replay import replay
from local.cli.serve import serve
from local.cli.style import style
from local.cli.task import task
from local.cli.webhook import webhook
from local.cli.write import piece, write

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, rich_markup_mode=None)
app.add_typer(contact, name="contact", help="The address book.")
app.add_typer(campaign, name="campaign", help="Campaigns, from brief to certificate.")
app.add_typer(approval, name="approval", help="What waits for a person, and the answer to it.")
app.add_typer(policy, name="policy", help="How often, when and from where people are written to.")
app.add_typer(retention, name="retention", help="How long what is kept.")
app.add_typer(domain, name="domain", help="The domains that mail comes from: DNS, warm-up, health.")
app.add_typer(feedback, name="feedback", help="What came back about messages.")
app.add_typer(agent, name="agent", help="Who does the work: instructions, tools, models, money, versions.")
app.add_typer(task, name="task", help="Something that an agent is to do, with every attempt.")
app.add_typer(memory, name="memory", help="What the agents of a domain remember together.")
app.add_typer(model, name="model", help="Models, here and elsewhere: which is asked for what, and what was asked.")
app.add_typer(budget, name="budget", help="What agents, campaigns and the workspace may use, and have used.")
app.add_typer(knowledge, name="knowledge", help="Documents that texts can rest on.")
app.add_typer(key, name="key", help="Keys with which other systems call Baton.")
app.add_typer(fact, name="fact", help="What people vouch for, and who has said what a draft says.")
app.add_typer(piece, name="piece", help="Texts in every format from one brief: plan, approve, rewrite a part.")
app.add_typer(brand, name="brand", help="Name, colours, fonts and logo.")
app.add_typer(card, name="card", help="A few words as a picture in the brand's look.")
app.add_typer(document, name="document", help="Offers, contracts and invoices from templates and data.")
app.add_typer(style, name="style", help="The style guide: words to avoid, du or Sie, the spelling of names.")
app.add_typer(bus, name="bus", help="Messages of other systems that nobody could take.")
app.add_typer(webhook, name="webhook", help="Where events go, and what became of each.")
campaign.command()(new)
contact.command()(erase)
contact.command()(export)
for command in (serve, write, demo, explain, replay, doctor):
    app.command()(command)


@app.callback()
def baton() -> None:
    """An agency's work: every message leaves once and can be explained.

    Exit codes: 0 done, 1 something does not work, 2 the input is wrong or was refused.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. What went wrong is said on stderr, a sentence a line."""
    try:
        app(arguments, prog_name="baton")
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
