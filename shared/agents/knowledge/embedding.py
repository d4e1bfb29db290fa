"""Vectors, where a configured home of models makes them. Without one, and when none answers, words alone find."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from shared.agents import asking
from shared.domain.budget import OverBudget
from shared.domain.knowledge import Passage
from shared.domain.scope import Scope
from shared.ports import ModelUnavailable, Ports, Question

AGENT = "knowledge"
"""Whose budget pays."""
_AT_ONCE = 64
_MOST_CHARACTERS = 16_000
"""Of one request: what the smallest homes take."""
_LONGEST = 8_000
"""Characters of a passage that its vector is made of."""


class Made(NamedTuple):
    """Vectors, and the model that made them: only those of one model can be compared."""

    model: str
    vectors: list[list[float]]


def vectors(ports: Ports, scope: Scope, task: str, texts: Sequence[str]) -> Made | None:
    """One vector a text; None if no home makes them now. The same texts are paid once: the tape answers again."""
    homes = sorted(f"{each.name}/{each.model}" for each in ports.models.values() if "embed" in each.abilities)
    if not homes:
        return None
    key = "knowledge-" + hashlib.sha256("\0".join((*homes, task, *texts)).encode()).hexdigest()
    call = asking.Call(key, Question(f"knowledge.{task}", "Make embeddings.", {}), AGENT)
    try:
        found = asking.embed(ports, scope, call, texts)
    except (asking.NoHome, ModelUnavailable, OverBudget):
        return None
    entry = asking.recorded(ports, scope, key)
    return Made(entry.answered.model, found) if entry else None


def embed(ports: Ports, scope: Scope, most: int = 500) -> int:
    """Give passages without a vector one, some `most` of them; returns how many got one. What stays without is found by
    its words, and by the next call."""
    done = 0
    space = vectors(ports, scope, "space", ["Baton"])
    while space and done < most:
        batch = _batch(ports.knowledge.without_vector(scope, space.model, _AT_ONCE))
        made = vectors(ports, scope, "passages", [_text(each) for each in batch]) if batch else None
        if made is None or made.model != space.model:
            break
        ports.knowledge.put_vectors(
            scope, made.model, dict(zip([each.id for each in batch], made.vectors, strict=True))
        )
        done += len(batch)
    return done


def _batch(missing: Sequence[Passage]) -> list[Passage]:
    """As many as one request takes; at least one."""
    chosen: list[Passage] = []
    room = _MOST_CHARACTERS
    for each in missing:
        room -= len(_text(each))
        if chosen and room < 0:
            break
        chosen.append(each)
    return chosen


def _text(passage: Passage) -> str:
    return "\n".join(filter(None, (passage.heading, passage.text)))[:_LONGEST]
