"""Claims on a partition, inside the transaction of whoever writes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from shared.adapters.ledger._books import count, note
from shared.adapters.ledger._rows import micros, to_json
from shared.ports import CLAIMS_MOST, Claim

# One statement for each decision: naming not_before, though it stays, would rewrite its place in the index.
_INTENT = "UPDATE effects SET state = 'intent', owner = ?, lease_until = ?, verdict = ?, intended_at = ? WHERE id = ?"
_HELD = """UPDATE effects SET state = 'held', owner = NULL, lease_until = NULL, held = ?, verdict = ?, settled_at = ?
    WHERE id = ?"""
_LATER = """UPDATE effects SET owner = NULL, lease_until = NULL, verdict = ?, not_before = ifnull(?, not_before)
    WHERE id = ?"""


def check_claims(claims: Sequence[Claim]) -> None:
    """Raises ValueError for what no claim may be."""
    if len(claims) > CLAIMS_MOST:
        raise ValueError(f"claims: at most {CLAIMS_MOST} at a time, not {len(claims)}")
    if len({claim.key for claim in claims}) < len(claims):
        raise ValueError("claims: each row at most once")
    if any(claim.state == "held" and not claim.held for claim in claims):
        raise ValueError("claims: what is held needs a reason")


def write_claims(
    connection: sqlite3.Connection, part: int | None, owner: str, claims: Sequence[Claim], now: int, lease_until: int
) -> set[str]:
    """What the gate decided, on rows that are still planned at that attempt; returns the keys granted as intent."""
    ids = _planned(connection, part, [claim.key for claim in claims])
    won = [(claim, id) for claim in claims if (id := ids.get((claim.key, claim.attempt)))]
    intents = [(owner, lease_until, to_json(each.verdict), now, id) for each, id in won if each.state == "intent"]
    held = [(each.held, to_json(each.verdict), now, id) for each, id in won if each.state == "held"]
    later = [(to_json(each.verdict), _not_before(each), id) for each, id in won if each.state == "planned"]
    note(connection, part, [("held", each.key) for each, _ in won if each.state == "held"])
    connection.executemany(_INTENT, intents)
    connection.executemany(_HELD, held)
    connection.executemany(_LATER, later)
    reasons = Counter(f"held.{reason}" for reason, *_ in held)
    count(
        connection, part, {"planned": -len(intents) - len(held), "intent": len(intents), "held": len(held), **reasons}
    )
    return {claim.key for claim, _ in won if claim.state == "intent"}


def _planned(connection: sqlite3.Connection, part: int | None, keys: list[str]) -> dict[tuple[str, int], int]:
    """The numbers of those rows that may be claimed, by key and attempt."""
    rows = connection.execute(
        """SELECT key, attempt, id FROM effects
        WHERE part = ? AND state = 'planned' AND key IN (SELECT value FROM json_each(?))""",
        (part, to_json(keys)),
    )
    return {(key, attempt): id for key, attempt, id in rows}


def _not_before(claim: Claim) -> int | None:
    return micros(claim.not_before) if claim.not_before else None
