"""Data that each template of a document takes, invented: to begin with, and to see what is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.domain.document import TemplateName

_STUDIO = {
    "name": "Nordlicht Studio",
    "address": "Am Kai 4\n20457 Hamburg",
    "email": "hello@nordlicht.example",
    "tax_id": "DE000000000",
}
_CLIENT = {"name": "Praxis am Park", "address": "Mühlenweg 1\n22089 Hamburg"}
EXAMPLES: Mapping[TemplateName, Mapping[str, Any]] = {
    "offer": {
        "language": "en",
        "number": "O-2027-014",
        "date": "2027-03-01",
        "valid_until": "2027-03-31",
        "sender": _STUDIO,
        "recipient": _CLIENT,
        "subject": "Spring campaign for the back course",
        "introduction": "Thank you for the good talk on Tuesday. This is what we would do for you, and what it costs.",
        "items": [
            {"description": "Plan and texts for e-mail and three networks", "quantity": 1, "unit_price": "1200.00"},
            {"description": "Sending, with a report each week", "quantity": 6, "unit": "weeks", "unit_price": "180.00"},
            {"description": "Photographs at your practice", "quantity": "1.5", "unit": "days", "unit_price": "640.00"},
        ],
        "currency": "EUR",
        "tax_percent": 19,
        "terms": "Half of the sum is due with the order, the rest after the last report.\n\nIt holds as a whole.",
        "closing": "We look forward to working with you.",
    },
    "contract": {
        "language": "en",
        "number": "C-2027-009",
        "date": "2027-03-08",
        "place": "Hamburg",
        "provider": _STUDIO,
        "client": _CLIENT,
        "service": "The provider plans, writes and sends the client's campaigns, and reports on them.",
        "deliverables": [
            "One campaign a month by e-mail, approved by the client before it is sent",
            "A report within five days of the end of each campaign",
        ],
        "start": "2027-04-01",
        "end": None,
        "notice_days": 30,
        "fee": "1450.00",
        "fee_for": "month",
        "currency": "EUR",
        "tax_percent": 19,
        "payment_days": 14,
        "law": "German law",
        "court": "Hamburg",
        "clauses": [
            {
                "title": "Data",
                "text": "Contacts stay the client's. They are given back or erased when the contract ends.",
            }
        ],
    },
    "invoice": {
        "language": "de",
        "number": "R-2027-031",
        "date": "2027-04-30",
        "due": "2027-05-14",
        "period": "April 2027",
        "sender": _STUDIO,
        "recipient": _CLIENT,
        "subject": "Kampagne im April",
        "introduction": "Für unsere Leistungen im April berechnen wir Ihnen:",
        "items": [{"description": "Monatliche Betreuung laut Vertrag C-2027-009", "unit_price": "1450.00"}],
        "currency": "EUR",
        "tax_percent": 19,
        "account_holder": "Nordlicht Studio",
        "iban": "DE89 3704 0044 0532 0130 00",
        "bank": "Musterbank",
        "closing": "Vielen Dank für die gute Zusammenarbeit.",
    },
}
