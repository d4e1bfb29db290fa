"""The tape (design 4.9): every answer is stored before it is used, and what is stored is never asked for again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.agents.asking.call import Answered, Call
from shared.domain.budget import Amount
from shared.domain.money import Money
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Body, Ports, Question, Stale, ToolCall


@dataclass(frozen=True)
class Entry:
    """What the tape holds of one call: the answer, and what it took."""

    answered: Answered
    spent: Amount


def recorded(ports: Ports, scope: Scope, key: str) -> Entry | None:
    """What is on the tape under `key`."""
    found = ports.documents.get(scope, Kind.TAPE, tape_id(key))
    return _entry(found.body) if found else None


def found(ports: Ports, scope: Scope, key: str, read: Callable[[], Body], anew: bool = False) -> Body:
    """What a step has read, plain JSON: whoever executes it again, or replays it, reads the same. `anew`: as it is now,
    because nothing was made yet of what was read before; a replay has nothing but what was kept."""
    id = tape_id(key)
    kept = None if anew and not ports.listener else ports.documents.get(scope, Kind.TAPE, id)
    if kept is None:
        what = read()
        body = {"key": key, "found": what, "digest": checksum(what), "read_at": ports.clock.now().isoformat()}
        try:
            kept = ports.documents.put(scope, Kind.TAPE, id, body, "*" if anew else None)
        except Stale:
            return found(ports, scope, key, read)
    read_then: Body = kept.body["found"]
    return read_then


def document(call: Call, question: str | None, entry: Entry, failures: list[dict[str, str]], at: datetime) -> Body:
    """What is kept of a call. It is stored together with the settlement of its reservation. `question` is what `spoken`
    makes of it, for replays; None where only its digest is kept."""
    body = _body(entry)
    return {
        "key": call.key,
        "agent": call.agent,
        "campaign": call.campaign,
        "task": call.question.task,
        "at": at.isoformat(),
        "failures": failures,
        "question": question,
        "answered": answer_digest(body),
        **body,
    }


def tape_id(key: str) -> str:
    """The id of the document."""
    return key if len(key) <= 200 else hashlib.sha256(key.encode()).hexdigest()


def spoken(question: Question) -> str:
    """Everything that is asked, as JSON with sorted names."""
    return orjson.dumps(question, default=list, option=orjson.OPT_SORT_KEYS).decode()


def digest(question: str) -> str:
    """Of a question as `spoken` (rule A2: the prompt's hash stays with what was generated)."""
    return hashlib.sha256(question.encode()).hexdigest()


def answer_digest(body: Body) -> str:
    """Of what was answered and by whom."""
    return checksum([body[name] for name in ("data", "text", "calls", "model")])


def checksum(value: Any) -> str:
    """Of plain JSON, so that a replay takes nothing that was damaged for what was kept."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _body(entry: Entry) -> dict[str, Any]:
    said = entry.answered
    return {
        "asked": said.asked,
        "data": said.data,
        "text": said.text,
        "calls": [{"id": each.id, "name": each.name, "arguments": each.arguments} for each in said.calls],
        "model": said.model,
        "home": said.home,
        "place": said.place,
        "code": said.code,
        "why": said.why,
        "offline": said.offline,
        "input_tokens": said.input_tokens,
        "output_tokens": said.output_tokens,
        "cost": said.cost.model_dump() if said.cost else None,
        "spent": {**entry.spent._asdict(), "money": spent.model_dump() if (spent := entry.spent.money) else None},
        "attempt": said.attempt,
        "unrecorded": said.unrecorded,
    }


def _entry(body: Body) -> Entry:
    cost, spent = body.get("cost"), body.get("spent") or {"money": None}
    said = Answered(
        data=body["data"],
        text=body.get("text", ""),
        calls=tuple(ToolCall(**each) for each in body.get("calls", ())),
        model=body["model"],
        home=body.get("home", "endpoint"),
        place=body.get("place", "cloud"),
        code=body.get("code", ""),
        why=body.get("why", ""),
        offline=body.get("offline", False),
        input_tokens=body["input_tokens"],
        output_tokens=body["output_tokens"],
        cost=Money.model_validate(cost) if cost else None,
        asked=body["asked"],
        attempt=body.get("attempt", 1),
        unrecorded=body.get("unrecorded", False),
    )
    money = Money.model_validate(spent["money"]) if spent["money"] else None
    return Entry(said, Amount(**{**spent, "money": money}))
