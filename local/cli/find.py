"""Which campaign is meant: its id, or its name in any case."""

from __future__ import annotations

import re
from typing import Any

from local.cli.client import PAGE, Client
from local.cli.errors import Refused
from local.cli.words import program

ID = re.compile(r"[0-9a-f]{32}")
"""Of anything."""


def find(client: Client, which: str) -> dict[str, Any]:
    """The campaign. Raises Refused if there is none."""
    if ID.fullmatch(which):
        found: dict[str, Any] = client.get(f"campaigns/{which}")
        return found
    place: dict[str, str] = {}
    while True:
        page = client.get("campaigns", limit=PAGE, **place)
        named = [each for each in page["items"] if each["name"].casefold() == which.casefold()]
        if named:
            return find(client, named[0]["id"])
        if page["cursor"] is None:
            raise Refused(f"campaign: there is no campaign {which!r}; `{program()} campaign list` names them")
        place = {"cursor": page["cursor"]}
