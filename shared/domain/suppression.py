"""Who must not be written to: one document per person and reach, in the agency's own workspace (rules C1, G4).

Its mere presence suppresses, but where it says that the person let a workspace write again (`again`): coming back to
one client is no word to another, and who shares a telephone number speaks for themselves. The id is the person (the
keyed hash of the address), alone for everything, else with the channel or topic that the "no" is about, so that a wider
"no" never meets a narrower one in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Reach = Literal["all", "channel", "topic"]

Reason = Literal["bounced_often", "bounced", "unsubscribed", "stopped", "complained", "erased"]
"""Why, the weightiest last: what a person said outweighs what a mail server said. erased: their data were."""
BY_SERVERS = ("bounced_often", "bounced")
"""What a repaired mailbox may lift; nothing lifts the others."""


def holds(body: Mapping[str, Any], workspace: str, person: str) -> bool:
    """Does this suppression stop what leaves from this workspace for this person? In doubt it does."""
    again = body.get("again")
    return not (isinstance(again, dict) and again_key(workspace, person) in again)


def again_key(workspace: str, person: str) -> str:
    """Under which a suppression notes that this person let this workspace write again."""
    return f"{workspace}:{person}"


class Suppressions(NamedTuple):
    """Ids of the documents that would stop one message."""

    everything: str
    channel: str
    topic: str | None

    def present(self) -> list[str]:
        """Those to look for."""
        return [id for id in self if id]


def suppression_ids(person: str, channel: str, topic: str | None = None) -> Suppressions:
    """What would stop a message to this person over this channel about this topic."""
    return Suppressions(person, f"{person}:{channel}", f"{person}:topic:{topic}" if topic else None)
