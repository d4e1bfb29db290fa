"""Who asked for what to be changed, in the journal: every change over HTTP, and so by the pages and the command line.

Written before the handler is called, as the ledger is before a message leaves: no kill can part a change from its fact.
What was then refused has one, too: it is known who tried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from shared.access.route import Route
from shared.domain.scope import Scope
from shared.ports import Journal

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._~-]{0,99}")
"""What goes into a fact; a part of a path may hold anything else that somebody wrote."""
_LOOKING = ("GET", "HEAD", "OPTIONS")


def changes(route: Route) -> bool:
    """Whether calls of this row are written down."""
    return route.method not in _LOOKING and route.role != "public"


def stream_of(now: datetime) -> str:
    """The journal's stream of what was asked for in this hour (UTC); of each scope its own."""
    return f"requests/{now:%Y-%m-%dT%H}"


def note(
    journal: Journal, scope: Scope, by: str, route: Route, path: Mapping[str, str], trace: str, now: datetime
) -> None:
    """Write down that `by` asks for this, about those ids."""
    ids = {name: value for name, value in path.items() if _ID.fullmatch(value)}
    journal.append(scope, stream_of(now), now, by, route.name, {**ids, "trace": trace})
