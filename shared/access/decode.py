"""A request's body and query string as its handler's contract asks for them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from shared.access.call import Call
from shared.access.contract import Contract
from shared.access.limits import JSON_BYTES, UPLOAD_BYTES, check_json, check_size
from shared.access.problem import rejected


def arguments(call: Call, contract: Contract) -> dict[str, Any]:
    """What the handler is called with besides the call. Raises Rejected with every wrong field, Refusal (413)."""
    check_size(call.body, UPLOAD_BYTES if contract.raw else JSON_BYTES)
    given: dict[str, Any] = {}
    if contract.raw:
        given["body"] = call.body
    elif contract.body:
        given["body"] = _body(call.body, contract.body)
    if contract.query:
        given["query"] = _query(call, contract.query)
    return given


def _body(body: bytes, model: type[BaseModel]) -> BaseModel:
    check_json(body)
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise rejected(error, "body") from None


def _query(call: Call, model: type[BaseModel]) -> BaseModel:
    # A browser sends the empty fields of a form, too: an empty parameter is an absent one.
    given = {name: value for name, value in call.query.items() if value}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "query") from None
