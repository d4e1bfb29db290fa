"""Which fields of documents are encrypted at rest: secrets, and words of strangers, of models, about people. They are
top-level fields of the body that nothing is looked up or sorted by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shared.domain.names import Kind


class Marked(NamedTuple):
    """Fields of one kind, and why they are encrypted."""

    fields: tuple[str, ...]
    why: str


MARKED: Mapping[str, Marked] = {
    Kind.IDEMPOTENCY: Marked(("reply",), "the whole answer to a request: it may show a person's data"),
    Kind.TAPE: Marked(
        ("question", "data", "text", "calls", "found"), "what models were asked and answered, with what it rests on"
    ),
    Kind.TASK: Marked(
        ("instructions", "input", "outside", "result"), "the text that an agent was given, strangers' included"
    ),
    Kind.MEMORY: Marked(("text",), "what agents noted, also about customers"),
    Kind.RUN: Marked(("inputs", "outputs", "event"), "what a process was given and gave, sensitive inputs included"),
    Kind.RUN_STEP: Marked(("inputs", "outputs", "undo"), "what a step was given and made"),
    Kind.RUN_LOG: Marked(("lines",), "what scripts and programs print"),
    Kind.CONVERSION: Marked(("order", "reference"), "numbers by which a shop knows a person's purchase"),
    Kind.NEEDS: Marked(
        ("statements", "messages", "askings", "answers"), "words of clients, who said them, whom one asks"
    ),
    Kind.DEAL: Marked(("notes", "history", "attributes"), "what people wrote about a client, and why a deal was lost"),
    Kind.SECRET: Marked(("value",), "what processes show to other systems"),
    Kind.ASKED: Marked(("to", "then"), "addresses of who is asked to approve"),
    Kind.LEAD: Marked(("people",), "names and addresses of people who were found, not met"),
    Kind.LEAD_CLAIM: Marked(("reason",), "why nobody may approach a company, in somebody's words"),
    Kind.PROPOSAL: Marked(
        ("to", "sendings", "accepted", "declined", "written"), "addresses and names of clients, and their words"
    ),
    Kind.PROPOSAL_CONTENT: Marked(("recipient", "paragraphs"), "names and addresses of clients, and what they need"),
    Kind.PROPOSAL_MESSAGE: Marked(("name", "text", "answer"), "names and words of clients, and what they are told"),
    Kind.CONTRACT: Marked(
        ("sendings", "signatures", "declined", "refusals"),
        "names and addresses of who signed, from where, and why somebody declined",
    ),
    Kind.CONTRACT_CONTENT: Marked(("client", "to", "sections"), "who the client is, and what was agreed with them"),
    Kind.SEAL_KEY: Marked(("key",), "whoever has it can seal in the name of the house"),
    Kind.CALENDAR_ENTRY: Marked(("entry",), "what an appointment is about, and with whom"),
    Kind.CALENDAR_FEED: Marked(("url",), "an address of a calendar mostly carries its secret"),
    Kind.MEMBER: Marked(("name", "to"), "names and addresses of people who work with Baton"),
    Kind.INBOUND: Marked(
        ("name", "email", "company", "website", "phone", "subject", "text"),
        "what strangers write, and who they say they are",
    ),
    Kind.INVOICE: Marked(("buyer",), "who is billed: name, address, numbers, mail"),
    Kind.INVOICE_PLAN: Marked(("buyer",), "who will be billed"),
    Kind.PAYMENT: Marked(("payer", "named", "reference"), "who paid, and what the bank says of it"),
    Kind.WEBHOOK: Marked(("url",), "an address of another system often carries its secret"),
}
"""By kind; what is not here is stored as it is."""


def marked_rows() -> Iterator[str]:
    """The rows of the table that docs/data-use.md shows."""
    for kind, marked in MARKED.items():
        yield f"| `{kind}` | {', '.join(f'`{field}`' for field in marked.fields)} | {marked.why} |"
