"""From a row to its handler, imported when it is first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from functions.loading import loading
from shared.access.contract import Handler
from shared.access.route import Route


@cache
def handler_of(route: Route) -> Handler:
    """The function that `route.handler` names. Raises ImportError or AttributeError: the row is wrong."""
    module, _, function = route.handler.partition(":")
    with loading:
        return cast(Handler, getattr(import_module(f"functions.http.handlers.{module}"), function))
