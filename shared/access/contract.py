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
    """`raw`: it takes the body as bytes; `answers`: the members of what it answers with, one unless it is a union."""

    body: type[BaseModel] | None
    raw: bool
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
    answered = get_args(hints.pop("return", None))
    body, query = hints.get("body"), hints.get("query")
    raw = body is bytes
    if (
        not answered
        or set(hints) - {"call", "body", "query"}
        or not (raw or _is_model_or_none(body))
        or not _is_model_or_none(query)
    ):
        raise TypeError(
            f"{handler.__module__}.{handler.__name__} must be (call, body, query) -> Answer[…], with models"
        )
    return Contract(None if raw else body, raw, query, _members(answered[0]), TypeAdapter(answered[0]))


def _is_model_or_none(annotation: Any) -> bool:
    return annotation is None or (isinstance(annotation, type) and issubclass(annotation, BaseModel))


def _members(annotation: Any) -> tuple[Any, ...]:
    # A union lists its members; a generic such as list[X] has arguments, too, but an origin that is a class.
    origin = getattr(annotation, "__origin__", None)
    return get_args(annotation) if origin is None and get_args(annotation) else (annotation,)
