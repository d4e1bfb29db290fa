"""A campaign replayed: each version is written again from the tape, and held against its drafts and its seal."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from shared.agents import generate
from shared.agents.campaigns import sealed
from shared.agents.generate.basis import BASIS
from shared.agents.knowledge.citing import RULE
from shared.agents.replay.follow import Follower
from shared.agents.replay.still import still
from shared.agents.replay.tape import Tape, tape_of
from shared.domain.campaign import Campaign
from shared.domain.draft import draft_id
from shared.domain.faults import Conflict
from shared.domain.names import Kind, instance_id
from shared.domain.outcome import Outcome, Refused
from shared.domain.replay import Step
from shared.domain.scope import Scope
from shared.ports import Body, Document, Ports

_KEY = re.compile(r"~(?P<attempt>\d+)~generate~(?P<version>\d+)~")


def replay_campaign(ports: Ports, scope: Scope, campaign: Campaign, agents: list[Document]) -> list[Step]:
    """Every version that was written, and the one that failed. Raises Conflict while there is none, or no tape."""
    failed = campaign.status == "failed"
    if not campaign.version and not failed:
        raise Conflict("status", f"nothing of it is written yet; the campaign is {campaign.status}")
    tape = tape_of(ports, scope, instance_id(scope, "campaign", campaign.id, 1).removesuffix("1"))
    follower = Follower(tape, _named)
    attempts = _attempts(tape)
    for version in range(1, campaign.version + 1 + failed):
        if version > campaign.version and version not in attempts:
            continue  # It failed for what came after the writing.
        tried = attempts.get(version, [1])
        for attempt in tried:
            last = attempt == tried[-1]
            _Version(ports, scope, campaign, version, attempt, last, tape, follower).replay(agents)
    return follower.steps


def _attempts(tape: Tape) -> dict[int, list[int]]:
    """The attempts of its flow that have written at each version: what failed may have gone on under the next."""
    found: dict[int, set[int]] = {}
    for key in (*tape.found, *tape.answers):
        if match := _KEY.search(key):
            found.setdefault(int(match["version"]), set()).add(int(match["attempt"]))
    return {version: sorted(attempts) for version, attempts in found.items()}


class _Version:
    """One version, as one attempt wrote it; `last`: what is on file is of this one."""

    def __init__(
        self,
        ports: Ports,
        scope: Scope,
        now: Campaign,
        version: int,
        attempt: int,
        last: bool,
        tape: Tape,
        follower: Follower,
    ) -> None:
        self._real, self._scope, self._now, self._last = ports, scope, now, last
        self._version, self._tape, self._follower = version, tape, follower
        self._instance = instance_id(scope, "campaign", now.id, attempt)
        self._key = f"{self._instance}~generate~{version}~"
        self._name = _named(self._key)

    def replay(self, agents: list[Document]) -> None:
        basis, kept = self._tape.found.get(f"{self._key}A~{BASIS}"), self._of_tape()
        if basis is None:
            self._follower.add(self._name, "decision", "missing", "what it rests on is not on the tape")
            return
        for key in kept & self._tape.found.keys():
            self._follower.damaged(key)
        ports = self._ports(basis, agents)
        outcome = self._follower.carry(self._name, lambda: self._write(ports), self._ended())
        if outcome is not None:
            if self._last:
                self._compare(outcome, ports)
            self._follower.unused(lambda key: key in kept)

    def _ended(self) -> str | None:
        """Why this attempt came to no draft, if it did not."""
        if not self._last:
            return "that attempt failed"
        return self._now.status_reason if self._version > self._now.version else None

    def _of_tape(self) -> set[str]:
        return {key for key in (*self._tape.found, *self._tape.answers) if key.startswith(self._key)}

    def _stored(self) -> dict[str, Body]:
        """The drafts on file, by variant, as they were written: what was found out about them later is left out."""
        found: dict[str, Body] = {}
        for variant in generate.VARIANTS[: self._now.request.variants]:
            draft = self._real.documents.get(self._scope, Kind.DRAFT, draft_id(self._now.id, self._version, variant))
            if draft:
                kept = [each for each in draft.body["findings"] if each["rule"] != RULE]
                found[variant] = {**draft.body, "findings": kept}
        return found

    def _ports(self, basis: Body, agents: list[Document]) -> Ports:
        then = basis["found"]["campaign"]
        before = [
            self._real.documents.get(self._scope, Kind.DRAFT, draft_id(self._now.id, self._version - 1, variant))
            for variant in generate.VARIANTS
        ]
        document = Document(Kind.CAMPAIGN, self._now.id, then, "then", "", "", 1)
        kept = [document, *_piece(basis), *self._tape.documents, *agents, *(each for each in before if each)]
        return still(self._real, kept, datetime.fromisoformat(basis["read_at"]), self._follower)

    def _write(self, ports: Ports) -> Outcome:
        order = {"scope": [*self._scope], "campaign": self._now.id, "instance": self._instance}
        return generate.run(ports, order)

    def _compare(self, outcome: Outcome, replayed: Ports) -> None:
        if self._version > self._now.version:
            reason = outcome.reason if isinstance(outcome, Refused) else None
            self._follower.decision(f"{self._name}, why it failed", self._now.status_reason, reason)
            return
        for variant, was in self._stored().items():
            id = draft_id(self._now.id, self._version, variant)
            made = replayed.documents.get(self._scope, Kind.DRAFT, id)
            self._follower.decision(f"{self._name}, draft {variant}", was, made.body if made else None)
        self._seal(replayed)

    def _seal(self, replayed: Ports) -> None:
        """What was approved, if this version was: the digests that the gate holds against what would leave."""
        approval = self._real.documents.get(self._scope, Kind.APPROVAL, f"{self._now.id}-{self._version}")
        if approval is None or approval.body["decision"] != "approve":
            return
        of_this = self._now.model_copy(update={"version": self._version})

        def digests() -> dict[str, Any]:
            return sealed.templates(replayed, self._scope, of_this)

        made = self._follower.carry(f"{self._name}, the approved seal", digests)
        self._follower.decision(f"{self._name}, the approved seal", approval.body["sealed"]["templates"], made)


def _piece(basis: Body) -> list[Document]:
    """The piece whose words were taken, as it was."""
    piece = basis["found"].get("piece")
    return [Document(Kind.PIECE, piece["id"], piece, "then", "", "", 1)] if piece else []


def _named(key: str) -> str:
    """`…~generate~1~A~0` is version 1, variant A, try 1."""
    version, variant, *rest = key.partition("~generate~")[2].split("~")
    match = _KEY.search(key)
    again = f"attempt {match['attempt']}, " if match and match["attempt"] != "1" else ""
    name = f"{again}version {version}, variant {variant}" if variant else f"{again}version {version}"
    if rest == [BASIS]:
        return f"{name}, what it rests on"
    if rest[:1] == ["segments"]:
        return f"{name}, segments of its text message"
    if rest[:1] == ["part"]:
        name, rest = f"{name}, the part", rest[1:]
    return f"{name}, try {int(rest[0]) + 1}" if rest and rest[0].isdigit() else name
