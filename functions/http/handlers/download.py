"""A file of the home on its way to whoever may have it."""

from __future__ import annotations

from datetime import timedelta

from shared.access.call import Answer, Call

LARGE = 2**20
"""Bytes. A function holds its whole answer in memory, and on Azure it has 230 s and shares both with others."""
_LASTS = timedelta(minutes=5)
"""To begin fetching it."""


def download(call: Call, path: str, size: int, content_type: str) -> Answer[bytes]:
    """The file itself or, if it is large and its home gives links, where to fetch it without a login: as long as the
    link lasts it is the key, so nobody may keep it."""
    away = linked(call, path, content_type) if size > LARGE else None
    return away or Answer(call.ports.files.get(call.scope, path), content_type=content_type)


def linked(call: Call, path: str, content_type: str) -> Answer[bytes] | None:
    """Where to fetch the file without a login; None where the home gives no links."""
    link = call.ports.files.link(call.scope, path, call.ports.clock.now() + _LASTS)
    if link is None:
        return None
    kept = {"Location": link, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Answer(b"", 302, content_type=content_type, headers=kept)
