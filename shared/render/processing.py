"""The record of processing activities as pages."""

from __future__ import annotations

from shared.domain.processing import ProcessingRecord
from shared.render.sheet import Section, Sheet, sheet_pdf
from shared.render.typesetting import Folders


def record_pdf(record: ProcessingRecord, fonts: Folders = ()) -> bytes:
    """The same bytes for the same record."""
    done = [(each.name, each.purpose, each.basis) for each in record.activities]
    kept = [(what, days) for what, days in record.kept.items()]
    return sheet_pdf(
        Sheet(
            kind="Record of processing activities",
            title=f"Workspace {record.workspace}",
            sentence=f"GDPR Article 30, as things were set up on {record.made_at:%-d %B %Y at %H:%M} UTC.",
            facts=[
                ("Controllers", "; ".join(record.senders) or "to be filled in: no campaign has named one yet"),
                ("People", "; ".join(record.people)),
                ("Given to", "; ".join(record.recipients) or "nobody: nothing leaves this machine"),
                ("Security", "; ".join(record.security)),
            ],
            sections=[
                Section("What is done", "", ("Activity", "Purpose", "Basis"), (3, 5, 5), done),
                Section("Data", "", ("What is held",), (1,), [(each,) for each in record.data]),
                Section("How long", "All else until a person is erased.", ("What", "Days"), (6, 2), kept),
            ],
            meaning=f"{record.assessment} Made from the settings and the register of what is stored; not legal advice.",
            footer=f"Record of processing, workspace {record.workspace}",
        ),
        fonts,
    )
