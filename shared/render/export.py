"""What is held about a person, as pages that they can read: the same facts as the JSON beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.domain.data_use import holding
from shared.domain.evidence import METHODS
from shared.domain.found import spoken
from shared.render.sheet import Section, Sheet, sheet_pdf
from shared.render.typesetting import Folders

_MEANING = (
    "You may have what is wrong put right, have it erased, object to its use, and take it elsewhere: the file "
    "export.json beside this page holds the same for a program to read. You may complain to a supervisory authority "
    "(GDPR Articles 15 to 21 and 77)."
)


_STATES = {
    "planned": "to be sent",
    "intent": "on its way",
    "submitted": "on its way",
    "accepted": "sent",
    "delivered": "arrived",
    "failed": "not delivered",
    "held": "not sent",
    "unknown": "not known",
}
_ANSWERS = {"open": "not yet", "upheld": "it stays so", "changed": "changed"}


def export_pdf(found: Mapping[str, Any], fonts: Folders = ()) -> bytes:
    """The same bytes for the same facts. `found` is what `privacy.export.everything_about` gives."""
    contact, messages = found["contact"], found["messages"]
    name = " ".join(filter(None, (contact["first_name"], contact["last_name"]))) or contact["email"]
    return sheet_pdf(
        Sheet(
            kind="What is held about you",
            title=name,
            sentence=f"Put together on {found['made_at'][:16].replace('T', ' at ')} UTC: {_n(messages, 'message')}, "
            f"{_n(found['consents'], 'record')} of what you agreed to or declined.",
            facts=list(_facts(contact)),
            sections=[
                *_found(contact["found"]),
                *_consents(found["consents"]),
                *_messages(messages),
                *_records(found),
                *_decisions(found),
                _others(found),
            ],
            meaning=f"{found['backups']} {_MEANING}",
            footer=f"Workspace {found['workspace']}, {found['schema']}",
        ),
        fonts,
    )


def _n(things: Sequence[Any], one: str) -> str:
    return f"{len(things):,} {one}{'s' * (len(things) != 1)}"


def _told(each: Mapping[str, Any]) -> str:
    if not each["told_at"]:
        return "not yet"
    by = "a message" if each["told_by"].startswith("campaign ") else each["told_by"]
    return f"{each['told_at'][:10]}, by {by}"


def _facts(contact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("email", "phone", "first_name", "last_name", "company", "role", "city", "country", "timezone"):
        if contact[field]:
            yield field.replace("_", " ").capitalize(), contact[field]
    yield from ((name.capitalize(), value) for name, value in contact["attributes"].items())
    if contact["tags"]:
        yield "Tags", ", ".join(contact["tags"])
    source = contact["source"] or "an entry by hand"
    yield "Held since", f"{contact['created_at'][:10]}, from {'a file' if source.startswith('import ') else source}"


def _found(found: Sequence[Mapping[str, Any]]) -> Iterator[Section]:
    """What did not come from them (GDPR Article 15(1)(g))."""
    if found:
        rows = [
            (
                ", ".join(spoken(each["fields"])),
                each["source"],
                each["at"][:10],
                "; ".join(filter(None, (each["by"], each["licence"]))),
                _told(each),
            )
            for each in found
        ]
        head = ("What", "Where it was found", "When", "How, on which terms", "You were told")
        yield Section("What did not come from you", "", head, (3, 5, 2, 3, 3), rows)


def _consents(consents: Sequence[Mapping[str, Any]]) -> Iterator[Section]:
    if consents:
        rows = [
            (
                each["at"][:10],
                each["status"],
                " ".join(filter(None, (each["channel"], each.get("purpose"), each.get("topic")))),
                METHODS[each["method"]],
                each.get("wording") or each.get("source") or each.get("form") or "",
            )
            for each in consents
        ]
        head = ("When", "What", "For", "How", "Words or source")
        yield Section("What you agreed to, or declined", "", head, (2, 2, 2, 2, 6), rows)


def _messages(messages: Sequence[Mapping[str, Any]]) -> Iterator[Section]:
    if messages:
        rows = [(each["due"][:10], each["name"], _STATES[each["state"]], each["why"]) for each in messages]
        yield Section("Messages", "", ("Due", "Campaign", "State", "Why"), (2, 3, 2, 9), rows)


def _records(found: Mapping[str, Any]) -> Iterator[Section]:
    told = {kind: each for kind, each in found["records"].items() if kind != "review"}
    if told:
        rows = [(kind, f"{len(each):,}", holding(kind).holds) for kind, each in told.items()]
        lead = "Each of them stands in export.json."
        yield Section("Other records", lead, ("Kind", "How many", "What it is"), (2, 1, 6), rows)


def _decisions(found: Mapping[str, Any]) -> Iterator[Section]:
    """What rules decide about them, and where they asked for a person to look (GDPR Article 15(1)(h))."""
    rows = [(each["name"], each["factors"], each["effect"]) for each in found["decisions"]]
    lead = "Nobody is scored. You may ask for a person to look at any of these decisions, and say what you think of it."
    yield Section("What is decided by rules", lead, ("What", "From which facts", "What follows"), (3, 5, 3), rows)
    asked = [each["record"] for each in found["records"].get("review", ())]
    if asked:
        shown = [
            (
                each["received_at"][:10],
                each["decided"],
                _ANSWERS[each["status"]],
                each["reason"] or f"due by {each['due'][:10]}",
            )
            for each in asked
        ]
        yield Section(
            "Where you asked for a person to look", "", ("When", "What", "Answer", "Why"), (2, 6, 2, 4), shown
        )


def _others(found: Mapping[str, Any]) -> Section:
    named, outside = found["named_in"], found["outside"]
    rows = [("Named in", ", ".join(named) or "nothing else"), ("Given to", "; ".join(outside) or "nobody")]
    if found["unreadable"]:
        rows.insert(1, ("Not readable", f"{', '.join(found['unreadable'])}: encrypted with a key that is not here"))
    lead = "Texts that are about others, too, are named here and not copied."
    return Section("Elsewhere", lead, ("What", "Where"), (2, 9), rows)
