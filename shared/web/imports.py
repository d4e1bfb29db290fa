"""An import as a sentence, a bar, its columns and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.domain.imports import IGNORED, OUTCOMES, Example, Import, Of, RowOutcome, Status
from shared.web.standing import Part

_ATTRIBUTE = "attributes."
STATUSES: Mapping[Status, str] = {
    "unmapped": "Columns unknown",
    "running": "Under way",
    "previewed": "Preview",
    "completed": "Done",
    "failed": "Stopped",
    "undone": "Taken back",
}
"""What the states are called."""
FIELDS: Mapping[str, str] = {
    "email": "E-mail address",
    "first_name": "First name",
    "last_name": "Last name",
    "company": "Company",
    "role": "Role",
    "city": "City",
    "country": "Country",
    "timezone": "Time zone",
    "phone": "Phone number",
    "tags": "Tags",
    "consent": "Agreed to e-mail (yes or no)",
    "consent_at": "Agreed on",
    "consent_source": "Agreed where",
    "consent_wording": "Words they agreed to",
    "consent_sms": "Agreed to text messages (yes or no)",
    "opted_out": "Unsubscribed (yes or no)",
    "bounced": "Address bounced (why)",
}
"""What a column can be, as the page says it; the API knows more."""
OF_DEALS: Mapping[str, str] = {
    "name": "Name of the deal",
    "stage": "Stage",
    "value": "Amount",
    "currency": "Currency",
    "close_on": "Decided on",
    "company": "Company",
    "contact": "Contact (with the e-mail address)",
    "owner": "Who looks after it",
    "external": "Its number there",
    "lost_why": "Why it was lost",
}
"""Of a file of deals."""
OF_COMPANIES: Mapping[str, str] = {
    "name": "Name of the company",
    "website": "Web site",
    "country": "Country",
    "city": "City",
    "industry": "Industry",
    "person": "Contact (name)",
    "email": "Contact (e-mail address)",
    "phone": "Contact (phone number)",
}
"""Of a file of companies."""
_FIELDS: Mapping[Of, Mapping[str, str]] = {"contacts": FIELDS, "deals": OF_DEALS, "companies": OF_COMPANIES}
_OUTCOMES: Mapping[RowOutcome, tuple[str, str]] = {
    "created": ("new", "sent"),
    "updated": ("updated", "unknown"),
    "unchanged": ("unchanged", "soft"),
    "merged": ("merged", "ink"),
    "suppressed": ("never written to", "failed"),
    "quarantined": ("in quarantine", "held"),
}


class Column(NamedTuple):
    """One heading: what it is taken for, what else it can be (value, words), and some values below it."""

    heading: str
    field: str
    choices: list[tuple[str, str]]
    values: list[str]


def import_words(status: Status) -> str:
    """What the state is called."""
    return STATUSES[status]


def import_sentence(made: Import) -> str:
    """How it stands, in numbers that add up."""
    taken = made.created + made.updated + made.unchanged
    if made.of != "contacts" and made.status in ("unmapped", "previewed", "undone"):
        return _of_deals(made, taken)
    match made.status, made.doing:
        case "unmapped", _:
            return "Which column holds the e-mail address?"
        case "running", "undo":
            return "It is being taken back."
        case "running", "preview":
            return f"{made.received:,} of {made.rows:,} rows are looked at."
        case "running", _:
            return f"{made.received:,} of {made.rows:,} rows are in."
        case "previewed", _:
            return f"{_people(taken)} would be in your address book; {made.agreed:,} of them agreed to e-mail."
        case "undone", _:
            return f"Taken back: {made.removed:,} contacts are gone, {made.restored:,} are as before."
    rest = f"{made.quarantined:,} left out" if made.quarantined else "none left out"
    never = f"{made.suppressed:,} never to be written to, " if made.suppressed else ""
    ending = "" if made.status == "completed" else "The import stopped: "
    came_in = made.received - made.quarantined - made.suppressed
    return f"{ending}{came_in:,} of {made.rows:,} rows are in, {never}{rest}."


def _of_deals(made: Import, taken: int) -> str:
    if made.status == "unmapped":
        return "Which stage is which?" if made.stages else "Which column is the name?"
    if made.status == "undone":
        return f"Taken back: {made.removed:,} {made.of} are gone, {made.restored:,} are as before."
    if made.of == "companies":
        return f"{taken:,} {'company' if taken == 1 else 'companies'} would be among your leads."
    return f"{taken:,} {'deal' if taken == 1 else 'deals'} would be in your pipeline."


def import_parts(made: Import) -> list[Part]:
    """The outcomes of its rows, the rest last."""
    parts = [
        Part(_OUTCOMES[each][0], getattr(made, each), _OUTCOMES[each][1], None)
        for each in OUTCOMES
        if _counts(made, each)
    ]
    return [*parts, Part("to come", made.rows - made.received, "rest", None)]


def _counts(made: Import, outcome: RowOutcome) -> bool:
    """Nobody is written to because a deal came in."""
    return made.of == "contacts" or outcome != "suppressed"


def shown_columns(made: Import, values: Mapping[tuple[str | None, str], Sequence[str]]) -> list[Column]:
    """Each heading once, with what it is and could be."""
    shown = {each.heading: each for each in reversed(made.columns)}
    return [
        _column(made, shown[heading].field, heading, values.get((shown[heading].file, heading), ()))
        for heading in dict.fromkeys(each.heading for each in made.columns)
    ]


def shown_stages(made: Import) -> list[tuple[str, str]]:
    """Of deals: each stage of the file, and what it is here; "" where nobody has said it."""
    return list(made.stages.items())


def shown_examples(made: Import) -> list[tuple[str, list[Example]]]:
    """Some rows of each outcome, those that need a look first."""
    order: tuple[RowOutcome, ...] = ("suppressed", "updated", "merged", "created", "unchanged")
    found = [(_OUTCOMES[each][0], [row for row in made.examples if row.outcome == each]) for each in order]
    return [(label, rows) for label, rows in found if rows]


def _column(made: Import, field: str, heading: str, values: Sequence[str]) -> Column:
    fields = _FIELDS[made.of]
    own = field if field.startswith(_ATTRIBUTE) else f"{_ATTRIBUTE}{heading}"
    others = [] if field in fields or field in (own, IGNORED) else [(field, field.replace("_", " ").capitalize())]
    kept = f"Keep as “{own.removeprefix(_ATTRIBUTE)}”"
    return Column(heading, field, [*fields.items(), *others, (own, kept), (IGNORED, "Leave out")], list(values)[:3])


def _people(n: int) -> str:
    return f"{n:,} {'person' if n == 1 else 'people'}"
