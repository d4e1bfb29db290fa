"""Vectors of passages, where a model makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from shared.domain.scope import Scope
from shared.ports import Ports

_AT_ONCE = 64
"""Passages a request: models take some hundred texts or some thousand words at a time."""


class Embedder(Protocol):
    """Makes vectors. `space` names the model: only vectors of one space can be compared."""

    space: str

    def __call__(self, texts: Sequence[str]) -> list[list[float]]: ...


class Embedded(NamedTuple):
    """How many passages got a vector; `rest` if there are more without."""

    done: int
    rest: bool


def embed(ports: Ports, scope: Scope, embedder: Embedder, most: int = 1000) -> Embedded:
    """Give passages that have no vector in this space one, at most so many. Those of unchanged passages stay."""
    done = 0
    while done < most:
        missing = ports.knowledge.without_vector(scope, embedder.space, min(_AT_ONCE, most - done))
        if not missing:
            return Embedded(done, False)
        vectors = embedder([f"{each.heading}\n{each.text}" for each in missing])
        made = {each.id: vector for each, vector in zip(missing, vectors, strict=True)}
        ports.knowledge.put_vectors(scope, embedder.space, made)
        done += len(missing)
    return Embedded(done, bool(ports.knowledge.without_vector(scope, embedder.space, 1)))
