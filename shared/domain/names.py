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


class Flow(StrEnum):
    """Names of the orchestrators."""

    CAMPAIGN = "campaign"
    DISTRIBUTION = "distribution"
    CONTACT_IMPORT = "contact_import"
    OPT_IN = "opt_in"
