"""Claims on a partition, inside the transaction of whoever writes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from shared.adapters.ledger._books import count, note
from shared.adapters.ledger._rows import micros, to_json
from shared.ports import CLAIMS_MOST, Claim

_CLAIM = """UPDATE effects SET state = ?, owner = ?, lease_until = ?, held = ?, verdict = ?,
    not_before = ifnull(?, not_before), intended_at = ifnull(?, intended_at), settled_at = ifnull(?, settled_at)
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
    won = [claim for claim in claims if (claim.key, claim.attempt) in ids]
    terms = owner, lease_until, now
    note(connection, part, [("held", claim.key) for claim in won if claim.state == "held"])
    connection.executemany(_CLAIM, [_values(ids[claim.key, claim.attempt], claim, *terms) for claim in won])
    count(connection, part, _changes(won))
    return {claim.key for claim in won if claim.state == "intent"}


def _planned(connection: sqlite3.Connection, part: int | None, keys: list[str]) -> dict[tuple[str, int], int]:
    """The numbers of those rows that may be claimed, by key and attempt."""
    rows = connection.execute(
        """SELECT key, attempt, id FROM effects
        WHERE part = ? AND state = 'planned' AND key IN (SELECT value FROM json_each(?))""",
        (part, to_json(keys)),
    )
    return {(key, attempt): id for key, attempt, id in rows}


def _values(id: int, claim: Claim, owner: str, lease_until: int, now: int) -> tuple[Any, ...]:
    intent, held = claim.state == "intent", claim.state == "held"
    return (
        claim.state,
        owner if intent else None,
        lease_until if intent else None,
        claim.held if held else None,
        to_json(claim.verdict),
        micros(claim.not_before) if claim.not_before else None,
        now if intent else None,
        now if held else None,
        id,
    )


def _changes(won: Iterable[Claim]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for claim in won:
        counts["planned"] -= 1
        counts[claim.state] += 1
        if claim.state == "held":
            counts[f"held.{claim.held}"] += 1
    return counts
