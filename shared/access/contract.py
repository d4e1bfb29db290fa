"""What a handler's annotations say: the one source for decoding, encoding and the OpenAPI page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, TypeAdapter

from shared.access.call import Answer

Handler = Callable[..., Answer[Any]]


@dataclass(frozen=True)
class Contract:
    """`body`: a model, `bytes` or None; `query`: a model or None; `answers`: the members of what it answers with."""

    body: type[BaseModel] | type[bytes] | None
    query: type[BaseModel] | None
    answers: tuple[Any, ...]
    adapter: TypeAdapter[Any]

    @property
    def json_answers(self) -> tuple[Any, ...]:
        return tuple(each for each in self.answers if each not in (str, bytes, type(None)))


@cache
def contract_of(handler: Handler) -> Contract:
    """Read the annotations. Raises TypeError if they break the rules of `shared.access.call`."""
    hints = get_type_hints(handler)
    answer = hints.pop("return", None)
    body, query = hints.get("body"), hints.get("query")
    if not get_args(answer) or set(hints) - {"call", "body", "query"} or not (_is_model(query) or query is None):
        raise TypeError(
            f"{handler.__module__}.{handler.__name__} must be (call, body, query) -> Answer[…], with models"
        )
    (answered,) = get_args(answer)
    return Contract(body, query, _members(answered), TypeAdapter(answered))


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _members(annotation: Any) -> tuple[Any, ...]:
    # A union lists its members; a generic such as list[X] has arguments, too, but an origin that is a class.
    origin = getattr(annotation, "__origin__", None)
    return get_args(annotation) if origin is None and get_args(annotation) else (annotation,)
