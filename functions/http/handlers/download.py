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
    files, until = call.ports.files, call.ports.clock.now() + _LASTS
    link = files.link(call.scope, path, until) if size > LARGE else None
    if link is None:
        return Answer(files.get(call.scope, path), content_type=content_type)
    kept = {"Location": link, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Answer(b"", 302, content_type=content_type, headers=kept)
