"""What the expressions of a plan come to.

They know `inputs`, `steps`, `item`, `run`, `secrets` and `event`, the operators of arithmetic, comparison and logic,
and the functions of `shared.process.functions`. `a.b` is the entry `b` of the object `a`, never an attribute of Python.
The nodes are few, none repeats itself and each is bounded in what it makes, so time and memory are bounded, too. Run by
simpleeval, whose looking up of names, entries and calls is narrowed here."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import simpleeval

from shared.process.functions import FUNCTIONS, GREATEST, LONGEST, size, written
from shared.process.template import PARSING, WORDS, ExpressionError, parse


def resolve(value: Any, names: Mapping[str, Any]) -> Any:
    """The plain JSON value with every expression in the place of what it comes to. `names` are, of plain JSON:
    `inputs` {name: value}; `steps` {id: {"state", "outputs": {name: value}}}, where an output of a loop is the list of
    its items' outputs; `item` within a loop; `run` {"id", "process", "attempt", "date", "started_at"}; `secrets`.
    Raises ExpressionError."""
    if isinstance(value, str):
        return _resolved(value, names) if "${{" in value else value
    if isinstance(value, dict):
        return {key: _within(key, each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_within(index, each, names) for index, each in enumerate(value)]
    return value


def _within(key: str | int, value: Any, names: Mapping[str, Any]) -> Any:
    try:
        return resolve(value, names)
    except ExpressionError as error:
        raise ExpressionError(str(error), error.offset, (key, *error.path)) from None


def _resolved(text: str, names: Mapping[str, Any]) -> Any:
    template = _parsed(text)
    with PARSING:
        evaluator = _Evaluator(names)
    values = [part if isinstance(part, str) else evaluator.value(part) for part in template.parts]
    if template.sole:
        return values[0]
    texts = [written(each) for each in values]
    if sum(map(len, texts)) > LONGEST:
        raise ExpressionError(f"would make more than {LONGEST:,} characters")
    return "".join(texts)


_parsed = lru_cache(maxsize=4096)(parse)


class _Absent(Exception):
    """There is no such entry."""


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc]
    def __init__(self, names: Mapping[str, Any]) -> None:
        operators = {
            ast.Add: _add, ast.Sub: _arithmetic(operator.sub), ast.Mult: _arithmetic(operator.mul),
            ast.Div: _arithmetic(operator.truediv), ast.FloorDiv: _arithmetic(operator.floordiv),
            ast.Mod: _arithmetic(operator.mod), ast.USub: _signed(operator.neg), ast.UAdd: _signed(operator.pos),
            ast.Not: operator.not_, ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
            ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
            ast.In: lambda item, among: item in among, ast.NotIn: lambda item, among: item not in among,
        }  # fmt: skip
        super().__init__(operators, FUNCTIONS, {**names, **WORDS})
        self.nodes[ast.List] = lambda node: [self._eval(each) for each in node.elts]

    def value(self, tree: ast.Expression) -> Any:
        try:
            return self._eval(tree.body)
        except _Absent as absent:
            raise ExpressionError(f"there is no {absent}") from None
        except RecursionError:
            raise ExpressionError("is nested too deep") from None
        except ZeroDivisionError:
            raise ExpressionError("divides by zero") from None
        except (ValueError, TypeError, LookupError, OverflowError, simpleeval.InvalidExpression) as error:
            raise ExpressionError(str(error) or type(error).__name__) from None

    def _check_disallowed_items(self, item: Any) -> None:
        """The names are plain JSON; to walk through all of it at each node would take long."""

    def _eval_name(self, node: ast.Name) -> Any:
        if node.id not in self.names:
            raise _Absent(f"`{node.id}` here")
        return self.names[node.id]

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        return _entry(self._eval(node.value), node.attr, node)

    def _eval_subscript(self, node: ast.Subscript) -> Any:
        return _entry(self._eval(node.value), self._eval(node.slice), node)

    def _eval_call(self, node: ast.Call) -> Any:
        name = node.func.id  # type: ignore[attr-defined]
        try:
            if name == "default":
                return self._default(*node.args)
            return FUNCTIONS[name](*(self._eval(each) for each in node.args))
        except (ValueError, TypeError) as error:
            raise ExpressionError(f"{name}: {error}") from None

    def _default(self, value: ast.expr, otherwise: ast.expr) -> Any:
        try:
            found = self._eval(value)
        except _Absent:
            found = None
        return self._eval(otherwise) if found is None else found


def _entry(holder: Any, key: Any, node: ast.expr) -> Any:
    """An entry of an object, an item or a slice of a list, letters of a text: nothing else of it can be had."""
    if isinstance(holder, Mapping) and isinstance(key, str):
        if key not in holder:
            raise _Absent(f"`{ast.unparse(node)}`")
        return holder[key]
    if isinstance(holder, (list, str)) and isinstance(key, (int, slice)) and not isinstance(key, bool):
        try:
            return holder[key]
        except IndexError:
            raise _Absent(f"item {key} in `{ast.unparse(node)}`") from None
    if holder is None:
        raise _Absent(f"`{ast.unparse(node)}`")
    raise ValueError(f"`{ast.unparse(node)}`: {_called(holder)} has no such entry")


def _add(left: Any, right: Any) -> Any:
    if type(left) is type(right) and isinstance(left, (str, list)):
        size(len(left) + len(right))
        return left + right
    return _arithmetic(operator.add)(left, right)


def _arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def apply(left: Any, right: Any) -> Any:
        for each in (left, right):
            if isinstance(each, bool) or not isinstance(each, (int, float)):
                raise ValueError(f"can calculate with numbers only, not with {_called(each)}")
        return _bounded(function(left, right))

    return apply


def _signed(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        return _arithmetic(lambda left, _: function(left))(value, 0)

    return apply


def _bounded(value: int | float) -> int | float:
    if not abs(value) <= GREATEST:
        raise ValueError("is too great a number")
    return value


def _called(value: Any) -> str:
    known = {str: "a text", list: "a list", bool: "true or false", dict: "an object", type(None): "null"}
    return known.get(type(value), "a number")
