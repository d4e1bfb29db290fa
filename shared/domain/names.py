"""Names that more than one room spells: verbs, flows, document kinds, instance ids. Standard library only."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """The eight verbs, spelled once: agent package, activity, process step, dashboard column."""

    GENERATE = "generate"
    SCHEDULE = "schedule"
    DISTRIBUTE = "distribute"
    ANALYZE = "analyze"
    QUALIFY = "qualify"
    PROPOSE = "propose"
    DELIVER = "deliver"
    CONVERSE = "converse"


CONTACTS = "contacts"
"""The activity that takes one batch of a contact import; a service of the house, not a verb."""
CONFIRMATIONS = "confirmations"
"""The activity that has the mails of one double opt-in request leave; a service of the house, too."""


TASKS = "tasks"
"""The activity that lets an agent work on a task; a service of the house, not a verb."""

PRIVACY = "privacy"
"""The activity that erases a person's data, step by step; a service of the house, too."""


ENCRYPTION = "encryption"
"""The activity that moves what is encrypted to the newest key; a service of the house, too."""
PROCESS = "process"
"""The activity that does one step of a declared process; a service of the house, too."""

JOURNEYS = "journeys"
"""The activity that takes people a step further in a journey; a service of the house, too."""

BOOKS = "books"
"""The activity that makes invoices on their day and reminds of them; a service of the house, too."""


SIGHTINGS = "sightings"
"""The activity that reads what is watched; a service of the house, too."""


EVENTS = "events"
"""The topic of the bus on which other systems are told what happened."""
COMMANDS = "commands"
"""The queue by which they ask for something."""


class Flow(StrEnum):
    """Names of the orchestrators."""

    CAMPAIGN = "campaign"
    DISTRIBUTION = "distribution"
    CONTACT_IMPORT = "contact_import"
    OPT_IN = "opt_in"
    TASK = "task"
    PIECE = "piece"
    ERASURE = "erasure"
    RENEWAL = "renewal"
    RUN = "run"
    JOURNEY = "journey"
    BOOKKEEPING = "bookkeeping"
    DISCOVERY = "discovery"
    WATCH = "watch"


class Kind(StrEnum):
    """Kinds of documents."""

    CONTACT = "contact"
    IDENTITY = "identity"
    IMPORT = "import"
    IMPORT_COLUMNS = "import-columns"
    CAMPAIGN = "campaign"
    CAMPAIGN_NAME = "campaign-name"
    DRAFT = "draft"
    APPROVAL = "approval"
    ENGAGEMENT = "engagement"
    SUPPRESSION = "suppression"
    INQUIRY = "inquiry"
    AUTO_REPLY = "auto-reply"
    RECEIVED = "received"
    HANDED = "handed"
    RETURN = "return"
    FEEDBACK = "feedback"
    RETURN_SETTINGS = "return-settings"
    TAPE = "tape"
    BUDGET = "tape"  # the same kind: an answer and what it cost are kept in one write, or not at all
    IDEMPOTENCY = "idempotency"
    SCOPE = "scope"
    SIGN_IN = "sign-in"
    POLICY = "policy"
    RESERVATION = "reservation"
    QUOTA = "quota"
    CONSENT = "consent"
    KNOWLEDGE = "knowledge"
    OPT_IN = "opt-in"
    FACT = "fact"
    AGENT = "agent"
    TASK = "task"
    MEMORY = "memory"
    PIECE = "piece"
    STYLE_GUIDE = "style-guide"
    KEY = "key"
    MEMBER = "member"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    BRAND = "brand"
    HOUSE = "house"
    ASKED = "asked"
    CARD = "card"
    DOCUMENT = "document"
    EVENT = "event"
    EVENT_MARK = "event-mark"
    WEBHOOK = "webhook"
    DELIVERY = "delivery"
    COMMAND = "command"
    ERASURE = "erasure"
    EXPORT = "export"
    REVIEW = "review"
    BREACH = "breach"
    PROCESS = "process"
    RENEWAL = "renewal"
    RUN = "run"
    RUN_STEP = "run-step"
    RUN_LOG = "run-log"
    RUN_KEY = "run-key"
    TRIGGER = "trigger"
    CONVERSION = "conversion"
    SHARE = "share"
    JOURNEY = "journey"
    POSITION = "position"
    JOURNEY_EVENT = "journey-event"
    DEAL = "deal"
    NEEDS = "needs"
    LEAD = "lead"
    LEAD_LIST = "lead-list"
    LEAD_CRITERIA = "lead-criteria"
    LEAD_CLAIM = "lead-claim"
    OFFER = "offer"
    OFFER_TERMS = "offer-terms"
    PROPOSAL = "proposal"
    PROPOSAL_CONTENT = "proposal-content"
    PROPOSAL_MESSAGE = "proposal-message"
    CONTRACT = "contract"
    CONTRACT_CONTENT = "contract-content"
    CONTRACT_TEMPLATE = "contract-template"
    SEAL_KEY = "seal-key"
    CALENDAR_ENTRY = "calendar-entry"
    CALENDAR_FEED = "calendar-feed"
    BILLING = "billing"
    INVOICE = "invoice"
    SERIES = "invoice"  # the same kind: a number and the invoice that gets it are one write, or none
    INVOICE_PLAN = "invoice-plan"
    PAYMENT = "payment"
    BOOKS = "books"
    INBOUND = "inbound"
    WATCH = "watch"
    SIGHTINGS = "sightings"


DOORBELL = "control"
"""The external event that wakes a flow; it carries no data: documents decide (design 4.6)."""


def instance_id(scope: tuple[str, str], kind: str, key: str, attempt: int = 1) -> str:
    """`<tenant>~<workspace>~<kind>~<id>~<attempt>`, at most 100 ASCII characters (design 3)."""
    made = f"{scope[0]}~{scope[1]}~{kind}~{key}~{attempt}"
    if len(made) > 100 or not made.isascii():
        raise ValueError(f"instance id {made!r} must be at most 100 ASCII characters")
    return made
