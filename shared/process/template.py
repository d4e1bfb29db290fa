"""`${{ … }}` in plans, read but not run: which values an expression names, and that it is harmless.

Parsed by Python's own parser, then checked node by node against a list of what is allowed: no attribute of Python can
be reached, nothing repeats itself, and there are at most 300 nodes."""

from __future__ import annotations

import ast
import inspect
import re
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from shared.process.functions import FUNCTIONS, GREATEST, MAKES

ROOTS = ("inputs", "steps", "item", "run", "secrets", "event")
LONGEST_SOURCE, LONGEST_TEXT = 2000, 40_000
_MOST_NODES, _DEEPEST = 300, 40
_LOAD = ast.Load()
WORDS = {"true": True, "false": False, "null": None}
_PART = re.compile(r"""\$\{\{((?:[^'"}]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\}(?!\}))*)\}\}""", re.DOTALL)
_ALLOWED = {
    ast.Expression, ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.List, ast.Call, ast.IfExp,
    ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.BoolOp, ast.And, ast.Or, ast.Load,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
}  # fmt: skip
_CHAIN = re.compile(r"(?:" + "|".join(ROOTS) + r")(?:\.[a-zA-Z_][a-zA-Z0-9_]{0,100}){0,8}")
_MAY_WARN = re.compile(r"\\|[0-9][a-zA-Z_]")
"""An escape that is none, a number that runs into a word."""
PARSING = threading.Lock()
"""What silences the parser's warnings is the whole process's."""


class ExpressionError(ValueError):
    """It cannot be read, or came to nothing. `offset`: where, in characters of the text; `path`: in which value."""

    def __init__(self, message: str, offset: int = 0, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.offset, self.path = offset, path


class Reference(NamedTuple):
    """A value that an expression names: `steps.read.outputs.rows`, as far as it stands there in so many words."""

    path: tuple[str, ...]
    offset: int

    def __str__(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True)
class Template:
    """A text with expressions in it. `sole`: it is one expression and nothing else, so its value keeps its type."""

    parts: tuple[str | ast.Expression, ...]
    references: tuple[Reference, ...]
    sole: bool

    def kind(self, of: Callable[[Reference], str | None]) -> str | None:
        """What it gives, in the words of JSON Schema, if that can be known; `of` knows what a reference is."""
        if not self.sole:
            return "string"
        (part,) = self.parts
        return None if isinstance(part, str) else _kind(part.body, self.references, of)

    def constant(self) -> Any:
        """The value, if it is a sole `true`, `false`, `null`, number or text; else Ellipsis."""
        body = self.parts[0].body if self.sole and not isinstance(self.parts[0], str) else None
        match body:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return WORDS.get(name, ...)
        return ...


def has_expression(value: object) -> bool:
    """Whether it is a text with an expression in it."""
    return isinstance(value, str) and "${{" in value


def parse(text: str) -> Template:
    """Raises ExpressionError, where it is wrong and why. Whoever reads the same text often keeps what it gave. A check
    of a whole plan does not: ten thousand nodes that stay would keep Python's collector of garbage busy."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"a text with expressions has at most {LONGEST_TEXT:,} characters")
    parts: list[str | ast.Expression] = []
    references: list[Reference] = []
    end = 0
    while (begin := text.find("${{", end)) >= 0:
        found = _PART.match(text, begin)
        if not found:
            raise ExpressionError("`${{` is not closed by `}}`, or a quote within is not closed", begin)
        parts += [text[end:begin]] if begin > end else []
        tree, named = _tree(found[1], found.start(1))
        references += named
        parts.append(tree)
        end = found.end()
    parts += [text[end:]] if text[end:] else []
    trees = [part for part in parts if not isinstance(part, str)]
    if len(trees) == 1 and all(part.isspace() for part in parts if isinstance(part, str)):
        return Template(tuple(trees), tuple(references), True)
    return Template(tuple(parts), tuple(references), False)


def _tree(source: str, offset: int) -> tuple[ast.Expression, list[Reference]]:
    """The checked tree of one expression and what it names."""
    start = offset + len(source) - len(source.lstrip())
    source = source.strip()
    if not source:
        raise ExpressionError("`${{ }}` has nothing in it", offset)
    if len(source) > LONGEST_SOURCE:
        raise ExpressionError(f"an expression has at most {LONGEST_SOURCE:,} characters", start)
    if _CHAIN.fullmatch(source):
        path = tuple(source.split("."))
        return _chain(path), [Reference(path, start)]
    tree = _parsed(source, start)
    return tree, _looked_through(tree, start)


def _chain(path: tuple[str, ...]) -> ast.Expression:
    """What most expressions are, `inputs.name`, without the price of a parser."""
    made: ast.expr = ast.Name(path[0], _LOAD)
    for key in path[1:]:
        made = ast.Attribute(made, key, _LOAD)
    return ast.Expression(made)


def _parsed(source: str, start: int) -> ast.Expression:
    one_line = source.replace("\n", " ").replace("\r", " ")
    try:
        if not _MAY_WARN.search(one_line):
            return ast.parse(one_line, mode="eval")
        with PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(one_line, mode="eval")
    except SyntaxError as error:
        for wrong, right in (("&&", "and"), ("||", "or"), ("!", "not")):
            if wrong in source and "!=" not in source:
                raise ExpressionError(f"write `{right}` for `{wrong}`", start + source.find(wrong)) from None
        at = start + max((error.offset or 1) - 1, 0)
        raise ExpressionError(f"cannot be read: {error.msg}", at) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("cannot be read: it is nested too deep, or has a sign that is none", start) from None


def _looked_through(tree: ast.Expression, start: int) -> list[Reference]:
    """What it names, in the order of the text. Raises ExpressionError for what cannot stand in an expression."""
    found: list[Reference] = []
    count, open_nodes = 0, [(tree.body, 0)]
    while open_nodes:
        node, depth = open_nodes.pop()
        path = _path(node)
        count += len(path) or 1
        if count > _MOST_NODES or depth + len(path) > _DEEPEST:
            raise ExpressionError("is too large; make the value in a step", start)
        at = start + getattr(node, "col_offset", 0)
        if path:
            _check_name(path[0], at)
            found += [Reference(path, at)] if path[0] not in WORDS else []
        else:
            _check(node, at)
            open_nodes += [(each, depth + 1) for each in _below(node)]
    return sorted(found, key=lambda each: each.offset)


def _below(node: ast.AST) -> list[Any]:
    """The parts of a node that are looked through, too."""
    if isinstance(node, ast.Call):
        return node.args
    found: list[Any] = []
    for name in node._fields:
        part = getattr(node, name, None)
        if isinstance(part, list):
            found += part
        elif isinstance(part, ast.AST) and name != "ctx":
            found.append(part)
    return found


def _check_name(name: str, at: int) -> None:
    if name not in ROOTS and name not in WORDS:
        raise ExpressionError(f"there is no `{name}`; there are {', '.join(ROOTS)}", at)


def _check(node: ast.AST, at: int) -> None:
    if type(node) not in _ALLOWED:
        raise ExpressionError(f"{_plain_name(node)} cannot stand in an expression", at)
    if isinstance(node, ast.Constant):
        _check_constant(node.value, at)
    elif isinstance(node, ast.Call):
        _check_call(node, at)


def _check_constant(value: object, at: int) -> None:
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ExpressionError("half a pair of surrogates is no letter", at)
    elif not (value is None or (isinstance(value, (int, float)) and abs(value) <= GREATEST)):
        raise ExpressionError("only texts, numbers, true, false and null can stand here", at)


def _check_call(node: ast.Call, at: int) -> None:
    if not isinstance(node.func, ast.Name):
        raise ExpressionError("only functions by name can be called, such as `upper(inputs.name)`", at)
    name = node.func.id
    if name not in FUNCTIONS:
        raise ExpressionError(f"there is no function `{name}`; there are {', '.join(sorted(FUNCTIONS))}", at)
    if node.keywords:
        raise ExpressionError("arguments have no names here: write `default(inputs.name, 'nobody')`", at)
    try:
        _signature(name).bind(*node.args)
    except TypeError as error:
        raise ExpressionError(f"{name}: {error}", at) from None


@cache
def _signature(function: str) -> inspect.Signature:
    return inspect.signature(FUNCTIONS[function])


def _plain_name(node: ast.AST) -> str:
    known = {"Pow": "`**`", "Lambda": "a lambda", "JoinedStr": "an f-string", "NamedExpr": "`:=`", "Starred": "`*`"}
    return known.get(type(node).__name__, f"a {type(node).__name__}")


def _path(node: ast.AST) -> tuple[str, ...]:
    """The names of a chain such as `steps.read['outputs']`; empty if it is none."""
    names: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(key := getattr(node.slice, "value", None), str):
            names.append(key)
        else:
            return ()
        node = node.value
    return (node.id, *reversed(names))


def _kind(node: ast.expr, references: tuple[Reference, ...], of: Callable[[Reference], str | None]) -> str | None:
    match node:
        case ast.Constant(value=bool()) | ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return "boolean"
        case ast.Constant(value=str()):
            return "string"
        case ast.Constant(value=int()):
            return "integer"
        case ast.Constant(value=float()) | ast.BinOp(op=ast.Div()):
            return "number"
        case ast.List():
            return "array"
        case ast.Call(func=ast.Name(id=name)):
            return MAKES.get(name)
        case _ if (path := _path(node)) and len(references) == 1 and references[0].path == path:
            return of(references[0])
    return None
