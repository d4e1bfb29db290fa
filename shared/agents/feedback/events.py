"""Events of Azure Communication Services as Event Grid brings them, each as news; unknown kinds are nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from shared.agents.feedback.news import News, What
from shared.domain.bounce import status_of
from shared.domain.returns import names_in

_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"

_ENDS: dict[str, tuple[What, str]] = {
    "delivered": ("delivered", ""),
    "expanded": ("delivered", ""),
    "bounced": ("bounced", "5.1.1"),
    "suppressed": ("bounced", "5.1.1"),
    "filteredspam": ("bounced", "5.7.1"),
    "quarantined": ("bounced", "5.7.1"),
    "failed": ("bounced", ""),
}
"""Status of a delivery report -> what it is, and the code that stands for it if the details name none. Bounced is a
hard bounce there, and Suppressed an earlier one."""


class Text(NamedTuple):
    """A text message that came in."""

    phone: str
    text: str


def validation_code(events: Sequence[dict[str, Any]]) -> str | None:
    """What Event Grid wants to hear back when it is told to bring events here; None if it does not ask."""
    for event in events:
        code = _data(event).get("validationCode") if event.get("eventType") == _VALIDATION else None
        if isinstance(code, str) and 0 < len(code) <= 500:
            return code
    return None


def read_event(event: dict[str, Any]) -> News | Text | None:
    """What one event says. Never raises, whatever is in it."""
    data = _data(event)
    names = tuple(names_in(f"{_text(data, 'internetMessageId')} {_text(data, 'InternetMessageId')}"))
    match event.get("eventType"):
        case "Microsoft.Communication.EmailDeliveryReportReceived":
            return _delivery(data, names)
        case "Microsoft.Communication.EmailEngagementTrackingReportReceived":
            return News("seen", names)
        case "Microsoft.Communication.SMSReceived":
            phone, text = _text(data, "from") or _text(data, "From"), _text(data, "message") or _text(data, "Message")
            return Text(phone, text) if phone and text else None
        case _:
            return None


def _delivery(data: dict[str, Any], names: tuple[str, ...]) -> News | None:
    found = _ENDS.get(_text(data, "status").lower())
    if found is None:
        return None
    what, stands_for = found
    details = data.get("deliveryStatusDetails")
    said = status_of(_text(details, "statusMessage")) if isinstance(details, dict) else None
    return News(what, names, status=(said or stands_for) if what == "bounced" else "")


def _data(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data")
    return data if isinstance(data, dict) else {}


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value[:5000] if isinstance(value, str) else ""
