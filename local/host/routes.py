"""Route templates as ASP.NET Core understands them, as far as Azure Functions in Python use them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    checks: tuple[tuple[str, Check], ...]
    defaults: dict[str, str]


class Router(Generic[Endpoint]):
    """Finds the routes of a path. A more specific template comes first, whatever the order of registration."""

    def __init__(self) -> None:
        self._entries: list[tuple[_Template, Route[Endpoint]]] = []

    def add(self, route: Route[Endpoint]) -> None:
        """Register a route; its template has no leading slash. Raises ValueError naming what is wrong in it."""
        self._entries.append((_compile(route.template), route))
        self._entries.sort(key=lambda entry: entry[0].precedence)

    def matches(self, path: str) -> Iterator[tuple[Route[Endpoint], dict[str, str]]]:
        """The routes that match a path, most specific first, each with the values of its present parameters."""
        for template, route in self._entries:
            if found := template.pattern.fullmatch(path):
                given = {
                    name: text for name, text in zip(template.names, found.groups(), strict=True) if text is not None
                }
                if all(check(given[name]) for name, check in template.checks if name in given):
                    yield route, {**template.defaults, **given}


def _compile(template: str) -> _Template:
    segments = [_tokens(segment, template) for segment in template.strip("/").split("/") if template.strip("/")]
    names = [token["name"] for tokens in segments for token in tokens if token["name"]]
    if len(set(names)) < len(names):
        raise ValueError(f"the route {template!r} names a parameter twice")
    expression = "".join(_pattern(tokens) for tokens in segments)
    tokens = [token for tokens in segments for token in tokens]
    defaults = {token["name"]: token["default"] for token in tokens if token["default"]}
    compiled = re.compile(f"{expression}/?", re.IGNORECASE)
    return _Template(tuple(map(_rank, segments)), compiled, tuple(names), _checks(tokens, template), defaults)


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


def _rank(tokens: list[re.Match[str]]) -> int:
    """ASP.NET Core's order: text, mixed or constrained, plain parameter, rest of the path."""
    if any(token["rest"] for token in tokens):
        return 4
    if all(token["text"] for token in tokens):
        return 1
    return 2 if len(tokens) > 1 or tokens[0]["constraints"] else 3
