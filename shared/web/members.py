"""People as pages show them: what a role is called and may."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from shared.domain.member import Role

MAY: Mapping[Role, str] = {
    "owner": "may do everything, in every workspace",
    "manager": "do the work, set the rules and let others in",
    "operator": "do the work: import, write, send",
    "client": "see campaigns and approve what you are asked, and see nobody's data",
    "viewer": "look at everything and change nothing",
}
"""As one says it to whoever has the role."""
STATES: Mapping[str, str] = {
    "invited": "invited",
    "expired": "link has ended",
    "active": "here",
    "revoked": "let out",
}


def role_with_article(role: str) -> str:
    """An owner; a client."""
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


_BY = re.compile(r"\bmember:([0-9a-f]{32})\b")


def with_names(content: str, actor_of: Callable[[str], str | None]) -> str:
    """The page with names and roles where it says `member:<id>`, as journals and documents know people."""
    known: dict[str, str] = {}
    for id in set(_BY.findall(content)):
        known[id] = escape(actor_of(id) or "somebody who was let out")
    return _BY.sub(lambda found: known[found[1]], content) if known else content
