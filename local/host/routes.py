"""Route templates as ASP.NET Core understands them, as far as Azure Functions in Python use them."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Generic, NamedTuple, TypeVar

from local.host.constraints import Check, check, pattern

Endpoint = TypeVar("Endpoint")

_TOKEN = re.compile(
    r"\{(?P<rest>\*{1,2})?(?P<name>[^{}/:?*=]+)(?P<constraints>(?::\w+(?:\((?:[^{}()]|\{\{|\}\}|\([^()]*\))*\))?)*)"
    r"(?:=(?P<default>[^{}/?]*))?(?P<optional>\?)?\}|(?P<text>[^{}/]+)"
)
_CONSTRAINT = re.compile(r":(\w+(?:\((?:[^()]|\([^()]*\))*\))?)")


@dataclass(frozen=True)
class Route(Generic[Endpoint]):
    """One template bound to an endpoint. `methods` None accepts every method."""

    template: str
    methods: Collection[str] | None
    endpoint: Endpoint

    def serves(self, method: str) -> bool:
        """Whether the route takes requests of this method."""
        return self.methods is None or method in self.methods


class _Template(NamedTuple):
    precedence: tuple[int, ...]  # a smaller one is more specific
    prefix: str  # what every path begins with, in lower case; most routes are ruled out by it alone
    expression: str
    names: tuple[str, ...]
    checks: tuple[tuple[str, Check], ...]
    defaults: dict[str, str]


class Router(Generic[Endpoint]):
    """Finds the routes of a path. A more specific template comes first, whatever the order of registration."""

    def __init__(self) -> None:
        self._entries: list[tuple[_Template, Route[Endpoint]]] = []

    def add(self, route: Route[Endpoint]) -> None:
        """Register a route; its template has no leading slash. Raises ValueError naming what is wrong in it."""
        insort(self._entries, (_parsed(route.template), route), key=lambda entry: entry[0].precedence)

    def matches(self, path: str) -> Iterator[tuple[Route[Endpoint], dict[str, str]]]:
        """The routes that match a path, most specific first, each with the values of its present parameters."""
        lower = path.lower()
        for template, route in self._entries:
            if lower.startswith(template.prefix) and (found := _compiled(template.expression).fullmatch(path)):
                given = {
                    name: text for name, text in zip(template.names, found.groups(), strict=True) if text is not None
                }
                if all(check(given[name]) for name, check in template.checks if name in given):
                    yield route, {**template.defaults, **given}


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """At the first request that needs it: to compile all routes of an app would make up a good part of its start."""
    return re.compile(expression, re.IGNORECASE)


def _parsed(template: str) -> _Template:
    segments = [_tokens(segment, template) for segment in template.strip("/").split("/") if template.strip("/")]
    names = [token["name"] for tokens in segments for token in tokens if token["name"]]
    if len(set(names)) < len(names):
        raise ValueError(f"the route {template!r} names a parameter twice")
    expression = "".join(_pattern(tokens) for tokens in segments)
    tokens = [token for tokens in segments for token in tokens]
    defaults = {token["name"]: token["default"] for token in tokens if token["default"]}
    fixed = "".join(f"/{tokens[0]['text']}" for tokens in takewhile(_is_text, segments)).lower()
    ranks = tuple(map(_rank, segments))
    return _Template(ranks, fixed, f"{expression}/?", tuple(names), _checks(tokens, template), defaults)


def _checks(tokens: list[re.Match[str]], template: str) -> tuple[tuple[str, Check], ...]:
    try:
        made = [(token["name"], check(written)) for token in tokens for written in _constraints(token)]
    except ValueError as error:
        raise ValueError(f"the route {template!r} uses {error}") from None
    return tuple((name, found) for name, found in made if found)


def _constraints(token: re.Match[str]) -> list[str]:
    return _CONSTRAINT.findall(token["constraints"] or "")


def _tokens(segment: str, template: str) -> list[re.Match[str]]:
    tokens = list(_TOKEN.finditer(segment))
    if "".join(token[0] for token in tokens) != segment or not tokens:
        raise ValueError(f"the route {template!r} has a segment {segment!r} that is not a template")
    return tokens


def _pattern(tokens: list[re.Match[str]]) -> str:
    expression = "/" + "".join(map(_expression, tokens))
    may_be_absent = len(tokens) == 1 and (tokens[0]["rest"] or tokens[0]["optional"] or tokens[0]["default"])
    return f"(?:{expression})?" if may_be_absent else expression


def _expression(token: re.Match[str]) -> str:
    if token["text"]:
        return re.escape(token["text"])
    if token["rest"]:
        return "(.*)"
    narrow = next(filter(None, map(pattern, _constraints(token))), "[^/]+?")
    return f"({narrow})"


def _is_text(tokens: list[re.Match[str]]) -> bool:
    return all(token["text"] for token in tokens)


def _rank(tokens: list[re.Match[str]]) -> int:
    """ASP.NET Core's order: text, mixed or constrained, plain parameter, rest of the path."""
    if any(token["rest"] for token in tokens):
        return 4
    if _is_text(tokens):
        return 1
    return 2 if len(tokens) > 1 or tokens[0]["constraints"] else 3
