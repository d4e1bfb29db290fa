"""Reading a mail that came back: a delivery report (RFC 3464), a complaint (RFC 5965), a reply, an automatic reply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.agents.feedback.mime import Part, enclosed, part_of, parts
from shared.agents.feedback.news import News, What
from shared.domain.autoreply import why_no_answer
from shared.domain.bounce import status_of
from shared.domain.returns import names_in

_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "to")
_THREAD = ("in-reply-to", "references")
_UNSUBSCRIBE = re.compile(r"/api/u/([A-Za-z0-9_-]{20,900})")
_FIELD = re.compile(rb"^([A-Za-z-]{1,40})[ \t]*:[ \t]*(.*)$", re.MULTILINE)
_ACTIONS: dict[str, What] = {
    "failed": "bounced",
    "delayed": "delayed",
    "delivered": "delivered",
    "expanded": "delivered",
}


def read_letter(raw: bytes) -> News:
    """What a mail says about a message of ours. Never raises; news without a name that holds is nobody's."""
    mail = part_of(raw)
    found = list(parts(mail))
    types = {part.type: part for part in reversed(found)}
    names, links = tuple(_names(mail, found)), tuple(_links(found))
    if report := types.get("message/delivery-status") or types.get("message/global-delivery-status"):
        return _delivery(report, names, links)
    if complaint := types.get("message/feedback-report"):
        # Others report fraud, viruses, or "not-spam"; only what says so is a complaint.
        is_complaint = _fields(complaint.content()).get("feedback-type", "") in ("abuse", "opt-out", "opt-out-list")
        return News("complained" if is_complaint else "seen", names, links)
    reason = why_no_answer(mail.headers)
    return News("auto_replied" if reason else "replied", names, links, reason=reason or "")


def _delivery(report: Part, names: tuple[str, ...], links: tuple[str, ...]) -> News:
    """A message of ours has one recipient, so the first group that tells an action is about them."""
    fields = _fields(report.content())
    what = _ACTIONS.get(fields.get("action", ""), "seen")
    status = status_of(fields.get("status", "")) or status_of(fields.get("diagnostic-code", "")) or ""
    if what == "bounced" and status.startswith("5.0.0"):
        status = status_of(fields.get("diagnostic-code", "")) or status
    return News(what, names, links, status=status)


def _fields(content: bytes) -> dict[str, str]:
    """Lower-case names -> lower-case values, of each the first."""
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(content[:50_000]):
        fields.setdefault(name.decode().lower(), value.decode("utf-8", "replace").strip().lower()[:1000])
    return fields


def _names(mail: Part, found: list[Part]) -> Iterator[str]:
    """Signed names, the surest place first: where it was sent to, what it answers, what it brings back."""
    for header in (*_ENVELOPE, *_THREAD):
        for value in mail.headers.get(header, ())[:10]:
            yield from names_in(value)
    for part in found:
        if returned := enclosed(part):
            yield from names_in(returned.first("message-id"))


def _links(found: list[Part]) -> Iterator[str]:
    for part in found:
        if returned := enclosed(part):
            yield from _UNSUBSCRIBE.findall(returned.first("list-unsubscribe"))[:3]
