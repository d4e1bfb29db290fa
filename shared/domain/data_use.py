"""What is stored, of whom, and what becomes of it: one entry for each kind of document and each folder of files.
Erasure and export walk it, docs/data-use.md shows it (S1.78). A kind that is missing is searched as if it held
anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from shared.domain.names import Kind

Handling = Literal["deleted", "entry", "redacted", "anonymised", "listed", "kept", "nobody", "unreadable"]

HANDLINGS: Mapping[Handling, str] = {
    "deleted": "deleted",
    "entry": "their entry is taken out, what it says of others stays",
    "redacted": "their address, number and name are taken out of the text",
    "anonymised": "sums stay, without whose they were",
    "listed": "not changed by itself: named on the certificate, for a person to decide",
    "kept": "kept: no more than a keyed hash, a code and a time",
    "nobody": "nothing to erase: it holds nobody's data but those of who uses Baton",
    "unreadable": "encrypted, and not to be read with the keys of this home: named on the certificate",
}
"""What erasure does with it, in words."""


class Holding(NamedTuple):
    """What is held and how erasure treats it."""

    holds: str
    erasure: Handling


KINDS: Mapping[Kind, Holding] = {
    Kind.CONTACT: Holding(
        "a person: address, name, number, company, place, tags, consents, where it came from, what of it was found",
        "deleted",
    ),
    Kind.IDENTITY: Holding("keyed hash of an address, and whose it is", "deleted"),
    Kind.CONSENT: Holding("evidence of consent: wording, source, time, method, with the salt of its digest", "entry"),
    Kind.OPT_IN: Holding("who was asked to confirm, and what came of it", "deleted"),
    Kind.SUPPRESSION: Holding("keyed hash of an address or number that must not be written to, and why", "kept"),
    Kind.RESERVATION: Holding("when a person (keyed hash) was written to, for the frequency caps", "deleted"),
    Kind.ENGAGEMENT: Holding("opened, clicked, unsubscribed, answered: times and counts by keyed hash", "deleted"),
    Kind.CONVERSION: Holding(
        "an order: its number, sum and time, whose it is (keyed hash), and which message it followed", "anonymised"
    ),
    Kind.RETURN: Holding("a message that came back: code, time, keyed hash", "deleted"),
    Kind.FEEDBACK: Holding("the list of what came in: code, time, keyed hash", "deleted"),
    Kind.INQUIRY: Holding("what was asked about a message of which it is not known whether it left", "deleted"),
    Kind.HANDED: Holding("a provider's own id of a message", "deleted"),
    Kind.AUTO_REPLY: Holding("that a machine answered a person (keyed hash) on a day", "deleted"),
    Kind.RECEIVED: Holding("digests of webhooks that were taken, so that none counts twice", "nobody"),
    Kind.IMPORT: Holding("an import: counts, and why rows are in quarantine", "redacted"),
    Kind.IMPORT_COLUMNS: Holding("what the columns of files with these headings are", "listed"),
    Kind.TAPE: Holding(
        "what models were asked and answered, what it cost, and the accounts of the budgets", "redacted"
    ),
    Kind.TASK: Holding("work of an agent: its order, the text it was given, its result", "redacted"),
    Kind.MEMORY: Holding("notes that agents of a domain share", "redacted"),
    Kind.IDEMPOTENCY: Holding("the answer to a request, in case it is sent again", "deleted"),
    Kind.EXPORT: Holding("that a person's data were handed out, and until when the files are here", "deleted"),
    Kind.REVIEW: Holding(
        "that a person asked for somebody to look at what was decided about them, their view, and the answer", "deleted"
    ),
    Kind.BREACH: Holding("the log of breaches of data: what happened, who was told when; it names nobody", "listed"),
    Kind.ERASURE: Holding("an erasure and its certificate: keyed hash, counts, times", "kept"),
    Kind.CAMPAIGN: Holding("a campaign: brief, segment, sender, window, decisions", "listed"),
    Kind.CAMPAIGN_NAME: Holding("which campaign has which name", "listed"),
    Kind.DRAFT: Holding("the texts of a campaign, before names are put in", "listed"),
    Kind.APPROVAL: Holding("what was approved by whom, and its digest", "listed"),
    Kind.PIECE: Holding("texts in several formats from one brief", "listed"),
    Kind.CARD: Holding("words as a picture", "listed"),
    Kind.DOCUMENT: Holding(
        "offers, contracts and invoices with the parties' names; the law may ask to keep them", "listed"
    ),
    Kind.FACT: Holding("sentences that somebody vouches for", "listed"),
    Kind.KNOWLEDGE: Holding("documents that texts rest on; their passages are searched", "listed"),
    Kind.PROCESS: Holding("a declared process: its name and its versions", "listed"),
    Kind.POLICY: Holding("rules of a workspace, the state of its domains, how long what is kept", "listed"),
    Kind.AGENT: Holding("instructions, tools and limits of an agent", "listed"),
    Kind.STYLE_GUIDE: Holding("words to avoid and how names are spelt", "listed"),
    Kind.HOUSE: Holding("who the workspace writes as: name and addresses", "nobody"),
    Kind.ASKED: Holding("who was asked by mail to approve a campaign, and what they decided", "nobody"),
    Kind.BRAND: Holding("name, colours, fonts, logo", "listed"),
    Kind.RETURN_SETTINGS: Holding("where mail that comes back is read", "listed"),
    Kind.QUOTA: Holding("counts of a day", "nobody"),
    Kind.SHARE: Holding("which reports clients may read by a link, and until when", "nobody"),
    Kind.SCOPE: Holding("workspaces: their names, since when, by whom, and whether they are archived", "nobody"),
    Kind.KEY: Holding("a key of another system: its name, what it may do, the digest of its secret", "nobody"),
    Kind.MEMBER: Holding(
        "somebody who was let in: their name, role and workspaces, who let them in, when they were last here, "
        "the digest of their token; no address",
        "nobody",
    ),
    Kind.SECRET: Holding("a secret that processes use by its name", "nobody"),
    Kind.EVENT: Holding("what other systems are told: ids, codes, times", "kept"),
    Kind.EVENT_MARK: Holding("how far events were read off", "nobody"),
    Kind.WEBHOOK: Holding("where another system is told: its address and secret", "nobody"),
    Kind.DELIVERY: Holding("each attempt to tell another system, and what it answered", "redacted"),
    Kind.COMMAND: Holding("what another system asked for, so that it is done once", "redacted"),
    Kind.RENEWAL: Holding("how far what is encrypted has been moved to the newest key: ids and counts", "nobody"),
    Kind.RUN: Holding("a run of a process: what it was given and what it gave", "redacted"),
    Kind.RUN_STEP: Holding("a step of a run: what it was given, what it made, every attempt", "redacted"),
    Kind.RUN_LOG: Holding("lines that steps wrote while they worked", "redacted"),
    Kind.RUN_KEY: Holding("which runs hold a concurrency key", "nobody"),
    Kind.TRIGGER: Holding("what a trigger of a process has started, and which files it has seen, as digests", "nobody"),
    Kind.JOURNEY: Holding("a journey: its plan, its mails, how it stands", "listed"),
    Kind.POSITION: Holding(
        "where a person (keyed hash) is in a journey, and their way to there; and how many are where", "deleted"
    ),
    Kind.JOURNEY_EVENT: Holding("that something happened to a person: its name, when first and last", "deleted"),
    Kind.NEEDS: Holding(
        "what somebody needs, quoted from their messages, with the places; what they were asked, and at which address",
        "redacted",
    ),
    Kind.DEAL: Holding("a deal: whom with, its worth, its moves with the reasons, notes", "redacted"),
    Kind.LEAD: Holding(
        "a company that may become a client: what is known of it and where from, its score, people who work there",
        "redacted",
    ),
    Kind.INBOUND: Holding("what somebody wrote by the form or by mail, with their name and address", "deleted"),
    Kind.OFFER: Holding("an offer: its name and its versions", "nobody"),
    Kind.OFFER_TERMS: Holding("a version of an offer: packages, prices, floors", "listed"),
    Kind.PROPOSAL: Holding(
        "a proposal: to whom it went, how it stands, who accepted or declined it; the law may ask to keep it", "listed"
    ),
    Kind.PROPOSAL_CONTENT: Holding("a version of a proposal: the client's name and address, texts, prices", "listed"),
    Kind.PROPOSAL_MESSAGE: Holding("what a client asked or said about a proposal, and the answer", "listed"),
    Kind.CONTRACT: Holding(
        "a contract: how it stands, who signed it when and from where; the law may ask to keep it", "listed"
    ),
    Kind.CONTRACT_CONTENT: Holding("a version of a contract: both sides with their addresses, texts, prices", "listed"),
    Kind.CONTRACT_TEMPLATE: Holding("what contracts are written from, each version", "listed"),
    Kind.SEAL_KEY: Holding("the key that contracts are sealed with, and its certificate", "nobody"),
    Kind.CALENDAR_ENTRY: Holding("days and hours in which nothing leaves, and what they are called", "listed"),
    Kind.CALENDAR_FEED: Holding("another calendar: its name, its address, when it is busy", "nobody"),
    Kind.BILLING: Holding("who sells, where money goes, how clients are reminded", "nobody"),
    Kind.INVOICE: Holding("invoices and credit notes with who is billed; the law asks to keep them", "listed"),
    Kind.INVOICE_PLAN: Holding("agreed dates of invoices, with who is billed", "listed"),
    Kind.PAYMENT: Holding("payments: sum, day, who paid, what for; the law asks to keep them", "listed"),
    Kind.BOOKS: Holding("whether a flow looks after the books", "nobody"),
    Kind.LEAD_LIST: Holding(
        "a list of companies on its way: its name, counts, what could not be read of it", "redacted"
    ),
    Kind.LEAD_CRITERIA: Holding("by what leads are scored, version by version", "nobody"),
    Kind.LEAD_CLAIM: Holding("keyed hash of a company, and which workspace has it, or why nobody may", "nobody"),
    Kind.WATCH: Holding("what is watched: names and addresses of sources, words, seasons", "nobody"),
    Kind.SIGHTINGS: Holding("what watched feeds and pages showed: titles, links, dates, counts by week", "redacted"),
    Kind.SIGN_IN: Holding("that a sign-in link was used", "nobody"),
}
"""By kind of document."""

UNKNOWN = Holding("not described yet", "listed")

FILES: Mapping[str, Holding] = {
    "imports/": Holding(
        "the file as it came, its rows in batches, examples, contacts as they were before, rows in quarantine", "entry"
    ),
    "exports/": Holding("what was handed out to a person about them", "deleted"),
    "tables/": Holding("tables made for other programs, for an hour", "deleted"),
    "erasures/": Holding("certificates of erasure: counts, codes, times", "kept"),
    "campaigns/": Holding("audience, plan, forecast and report of a campaign: keyed hashes, times, counts", "kept"),
    "tape/": Holding("pictures that models drew, and vectors of texts", "nobody"),
    "knowledge/": Holding("documents that texts rest on, and their passages", "listed"),
    "invoices/": Holding("invoices and credit notes as PDF; the law asks to keep them", "listed"),
    "contracts/": Holding("contracts as PDF, as they were signed and sealed; the law may ask to keep them", "listed"),
    "documents/": Holding("offers, contracts and invoices", "listed"),
    "processes/": Holding("plans of declared processes, each version as it was written", "listed"),
    "cards/": Holding("words as pictures", "listed"),
    "profiles/": Holding("the rows of earlier runs as a whole: counts, means, values that come often", "listed"),
    "trash/": Holding("what steps of processes deleted or overwrote in folders, for 30 days", "listed"),
    "runs/": Holding("files that runs were given and have made; the items of their loops; summaries", "listed"),
    "journeys/": Holding("plans of journeys, each version as it was written", "listed"),
    "leads/": Holding("companies of a list as they came, in batches", "listed"),
    "needs/": Holding("what clients said they need, message by message as it came", "listed"),
    "brand/": Holding("the logo", "nobody"),
}
"""By the beginning of a file's path."""

STORES: Mapping[str, Holding] = {
    "ledger": Holding(
        "a row for each message: keyed hash, time zone, state, times, the gate's verdict, what the server said",
        "redacted",
    ),
    "journal": Holding("who did what when: codes, ids and salted digests, chained", "kept"),
    "history": Holding("state of workflows: ids and codes", "kept"),
    "outbox": Holding("without a mail server: each message as a file", "deleted"),
    "disk": Holding("what SQLite left of deleted rows in its file", "deleted"),
}
"""Beside documents and files."""


def holding(kind: str) -> Holding:
    """Of a kind of document, as it is stored."""
    return KINDS.get(Kind(kind), UNKNOWN) if kind in set(Kind) else UNKNOWN


def rows() -> Iterator[str]:
    """The rows of the table that docs/data-use.md shows."""
    for places, of in (("document", KINDS), ("files", FILES), ("store", STORES)):
        for name, each in of.items():
            yield f"| {places} | `{name}` | {each.holds} | {HANDLINGS[each.erasure]} |"
