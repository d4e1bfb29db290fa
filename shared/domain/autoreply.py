"""May a mail be answered by a machine (RFC 3834; rule B4)? Two machines that answer each other never stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.returns import names_in

MOST_A_DAY = 3
"""Automatic answers to one person in one day, however they ask."""
AUTO_REPLY_HEADERS: Mapping[str, str] = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
"""What every automatic answer of ours says about itself."""

_NOBODY = ("mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply", "do-not-reply", "bounce", "daemon")

Headers = Mapping[str, Sequence[str]]
"""Lower-case names -> values, in order."""


def why_no_answer(headers: Headers) -> str | None:
    """A code if a machine wrote it, or if it went to many: it must not be answered by a machine. None if it may."""
    submitted = _first(headers, "auto-submitted").partition(";")[0].strip()
    if submitted not in ("", "no"):
        return "auto_submitted"
    if "return-path" in headers and _first(headers, "return-path") in ("", "<>"):
        return "null_return_path"
    if _first(headers, "precedence") in ("bulk", "list", "junk", "auto_reply"):
        return "precedence"
    if any(name in headers for name in ("list-id", "list-unsubscribe", "list-post")):
        return "mailing_list"
    if any(name in headers for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress")):
        return "auto_header"
    if _is_nobody(_first(headers, "from")):
        return "no_reply_sender"
    if names_in(_first(headers, "message-id")):
        return "our_own_message"
    return None


def _first(headers: Headers, name: str) -> str:
    values = headers.get(name, ())
    return values[0].strip().casefold() if values else ""


def _is_nobody(sender: str) -> bool:
    local = sender.rpartition("<")[2].partition("@")[0].strip(' "')
    return any(local.startswith(each) for each in _NOBODY)
