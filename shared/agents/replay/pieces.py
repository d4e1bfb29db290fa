"""A piece replayed: plan, texts and rewrites in the order in which they were made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shared.agents.generate import pieces
from shared.agents.generate.basis import BASIS
from shared.agents.knowledge.citing import RULE
from shared.agents.replay.follow import Follower
from shared.agents.replay.still import still
from shared.agents.replay.tape import Tape, tape_of
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.outcome import Refused
from shared.domain.piece import UNFINISHED, Piece, PieceText
from shared.domain.replay import Step
from shared.domain.scope import Scope
from shared.ports import Body, Document, Ports

_ENDING = f"~{BASIS}"
_WORDS_ALONE = ", its words"
"""Beside the name of a decision that is held against those alone."""


def replay_piece(ports: Ports, scope: Scope, piece: Piece, agents: list[Document]) -> list[Step]:
    """Every step that was taken. Raises Conflict while it is being written, or without a tape."""
    if piece.status in UNFINISHED:
        raise Conflict("status", f"it is still being written; the piece is {piece.status.replace('_', ' ')}")
    tape = tape_of(ports, scope, f"{scope.tenant}~{scope.workspace}~piece~{piece.id}~")
    replaying = _Replaying(ports, scope, piece, tape, Follower(tape, _named), agents)
    bases = [(body["read_at"], key) for key, body in tape.found.items() if key.endswith(_ENDING)]
    for _, key in sorted(bases):
        replaying.step(key)
    replaying.compare()
    return replaying.follower.steps


class _Replaying:
    def __init__(
        self, ports: Ports, scope: Scope, now: Piece, tape: Tape, follower: Follower, agents: list[Document]
    ) -> None:
        self._real, self._scope, self._now = ports, scope, now
        self._tape, self.follower, self._agents = tape, follower, agents
        self._texts: dict[str, PieceText] = {}
        self._refused: str | None = None
        self._given: set[str] = set()
        self._reached = True

    def step(self, key: str) -> None:
        """One step, on what those before it have made."""
        self.follower.damaged(key)
        ended = self._now.status_reason if self._left_nothing(key) else None
        made = self.follower.carry(_named(key), lambda: self._run(key), ended)
        if made is None:
            if ended is None:
                self._give(_what(key).partition("~")[0])
            return
        outcome, after = made
        self._refused = outcome.reason if isinstance(outcome, Refused) else None
        self._texts = {each.id: each for each in after.texts}
        proposed = self._tape.found.get(f"{key.removesuffix(_ENDING)}~made")
        if proposed is not None and after.plan is not None:
            self.follower.decision("plan", proposed["found"], after.plan.model_dump(mode="json"))

    def _give(self, id: str) -> None:
        """What was not written again: the steps after it have the text that is on file."""
        self._reached = False
        if text := self._now.text(id):
            self._texts[id] = text
            self._given.add(id)

    def compare(self) -> None:
        """Hold the texts against those on file."""
        looked_at = self._looked_at()
        for was in self._now.texts:
            made = self._texts.get(was.id)
            if was.id not in self._given:
                now = _written(made, looked_at) if made else None
                self.follower.decision(f"text {was.id}{looked_at}", _written(was, looked_at), now)
        if self._now.status == "failed" and self._refused is not None:
            self.follower.decision("why it failed", self._now.status_reason, self._refused)
        if self._reached:
            self.follower.unused(lambda key: True)

    def _looked_at(self) -> str:
        """Whether texts were held against their sources once more when a person had answered for a sentence: what was
        found then is not of the writing."""
        facts = self._real.journal.read(self._scope, f"piece/{self._now.id}")
        return _WORDS_ALONE if any(fact.what == "confirmed" for fact in facts) else ""

    def _left_nothing(self, key: str) -> bool:
        """Nothing on file comes of that step: nobody has answered then, either."""
        then = self._tape.found[key]["found"]["piece"]
        wish = then.get("wish")
        text = self._now.text(wish["text"] if wish else _what(key))
        if wish and text:
            return text.version <= int(_what(key).split("~")[1])
        return text is None and self._now.status == "failed"

    def _run(self, key: str) -> tuple[Any, Piece]:
        basis = self._tape.found[key]
        ports = still(self._real, self._kept(basis), datetime.fromisoformat(basis["read_at"]), self.follower)
        instance = key.partition("~generate~")[0]
        outcome = pieces.run(ports, {"scope": [*self._scope], "piece": self._now.id, "instance": instance})
        return outcome, pieces.PIECES.load(ports, self._scope, self._now.id)

    def _kept(self, basis: Body) -> list[Document]:
        then = {**basis["found"]["piece"], "texts": [each.model_dump(mode="json") for each in self._texts.values()]}
        document = Document(Kind.PIECE, self._now.id, then, "then", "", "", 1)
        return [document, *self._tape.documents, *self._agents]


def _written(text: PieceText, looked_at: str) -> Body:
    """The text as it was written: without what people and deleted documents brought to it later."""
    found = text.model_dump(
        mode="json", exclude={"images", *(("findings", "claims", "citations") if looked_at else ())}
    )
    if "findings" in found:
        found["findings"] = [each for each in found["findings"] if each["rule"] != RULE]
    return found


def _what(key: str) -> str:
    """`…~generate~email-1-A~basis` is about email-1-A; a rewrite's is `email-1-A~1~subject`."""
    return key.partition("~generate~")[2].removesuffix(_ENDING)


def _named(key: str) -> str:
    what, *rest = key.partition("~generate~")[2].split("~")
    name = "plan" if what == "plan" else f"text {what}"
    if len(rest) > 2:
        name, rest = f"{name}, version {int(rest[0]) + 1}, part {rest[1]}", rest[2:]
    if rest == [BASIS]:
        return f"{name}, what it rests on"
    return f"{name}, try {int(rest[0]) + 1}" if rest and rest[0].isdigit() else name
