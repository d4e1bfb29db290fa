"""The record of processing activities as pages."""

from __future__ import annotations

from shared.domain.processing import ProcessingRecord, Processor
from shared.render.sheet import Section, Sheet, sheet_pdf
from shared.render.typesetting import Folders


def record_pdf(record: ProcessingRecord, fonts: Folders = ()) -> bytes:
    """The same bytes for the same record."""
    return sheet_pdf(
        Sheet(
            kind="Record of processing activities",
            title=record.particulars.controller or f"Workspace {record.workspace}",
            sentence=f"GDPR Article 30, as things were set up on {record.made_at:%-d %B %Y at %H:%M} UTC.",
            facts=_facts(record),
            sections=_sections(record),
            meaning="Made from the settings, the register of what is stored, and what was filled in; not legal advice.",
            footer=f"Record of processing, workspace {record.workspace}",
        ),
        fonts,
    )


def _facts(record: ProcessingRecord) -> list[tuple[str, str]]:
    known = record.particulars
    told = (
        ("Controller", known.controller or "to be filled in"),
        ("Contact", known.contact or "to be filled in"),
        ("Joint controller", known.joint),
        ("Representative", known.representative),
        ("Data protection officer", known.officer or "none named"),
        ("Writes as", "; ".join(record.senders) or "no campaign yet"),
        ("Security", "; ".join(record.security)),
        ("Impact assessment", "; ".join(record.impact) or "nothing here asks for one (Article 35): nobody is scored"),
        ("To be filled in", "; ".join(record.missing) or "nothing"),
    )
    return [(name, value) for name, value in told if value]


def _sections(record: ProcessingRecord) -> list[Section]:
    done = [(each.name, each.purpose, each.basis, each.people, each.data, each.kept) for each in record.activities]
    given = [_given(each) for each in record.processors]
    decided = [(each.name, each.factors, each.effect) for each in record.decisions]
    activities = ("Activity", "Purpose", "Basis", "People", "Data", "Kept")
    return [
        Section("What is done", "", activities, (4, 5, 6, 5, 6, 5), done),
        Section(
            "Who is given data",
            "" if given else "Nobody: nothing leaves this machine.",
            ("Processor", "What for", "Contract", "Country", "Safeguard"),
            (5, 6, 4, 3, 4),
            given,
        ),
        Section("What rules decide", "", ("What", "From which facts", "What follows"), (3, 5, 4), decided),
        Section("What is held", "", ("Records",), (1,), [(each,) for each in record.data]),
        Section("How long", "All else until a person is erased.", ("What", "Days"), (6, 2), list(record.kept.items())),
    ]


def _given(each: Processor) -> tuple[str, ...]:
    agreed = each.agreement
    if agreed is None:
        return (each.name, each.does, "to be filled in", "to be filled in", "")
    return (each.name, each.does, agreed.contract or "to be filled in", agreed.country or "", agreed.safeguard or "")
