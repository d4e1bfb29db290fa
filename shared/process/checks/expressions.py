"""Expressions: that they can be read, name what is there by the time they are asked, and give what the field takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from shared.process.checks.inputs import JSON_KINDS
from shared.process.draft import Draft, Written
from shared.process.problems import meant
from shared.process.shapes import kinds
from shared.process.source import Path, Wrong
from shared.process.steps.call import StepType
from shared.process.template import ExpressionError, Reference, Template, parse

_RUN = {"id": "string", "process": "string", "attempt": "integer", "date": "string", "started_at": "string"}
_STEP = ("outputs", "state")
_BEFORE = ("inputs", "steps", "run")
_IN_STEPS = (*_BEFORE, "secrets")
_IN_LOOPS = (*_IN_STEPS, "item")


class _Place(NamedTuple):
    """Where an expression stands decides what it may name. `step` None: after or before all steps."""

    roots: tuple[str, ...]
    step: Written | None = None
    type: type[StepType] | None = None
    """The step's, if the expression stands in its `with`."""
    above: Path = ()


def expressions(draft: Draft) -> Iterator[Wrong]:
    """What is wrong in any `${{ … }}` of the plan."""
    places = dict(_places(draft))
    for path, text in draft.texts.items():
        if "${{" in text and (place := _place(places, path)):
            yield from _text(draft, path, text, place)
    yield from _unread(draft)


def _place(places: Mapping[Path, _Place], path: Path) -> _Place | None:
    """Of the field in which the text stands: fields with expressions lie one, three or four names deep."""
    return places.get(path[:3]) or places.get(path[:4]) or places.get(path[:1])


def _places(draft: Draft) -> Iterator[tuple[Path, _Place]]:
    for path, body, step in draft.actions():
        above = (*path, "with")
        yield above, _Place(_IN_LOOPS if step.is_loop else _IN_STEPS, step, draft.type_named(body.get("type")), above)
    for step in draft.steps:
        before = _Place(_BEFORE, step)
        if "when" in step.body:
            yield (*step.path, "when"), before
        if step.is_loop:
            yield (*step.path, "foreach", "items"), before
    yield ("outputs",), _Place(_BEFORE)
    yield ("concurrency",), _Place(("inputs", "run"))
    for index, _ in enumerate(_list(draft.body.get("triggers"))):
        yield ("triggers", index, "with"), _Place(("event", "run"))


def _text(draft: Draft, path: Path, text: str, place: _Place) -> Iterable[Wrong]:
    try:
        template = parse(text)
    except ExpressionError as error:
        return [Wrong(path, str(error), _hint(str(error)), offset=error.offset)]
    if wrong := [found for each in template.references if (found := _reference(draft, path, each, place))]:
        return wrong
    if path[-2:] == ("foreach", "items"):
        return _items(draft, path, template)
    return _kind(draft, path, template, place.type, place.above) if place.type else ()


def _reference(draft: Draft, path: Path, found: Reference, place: _Place) -> Wrong | None:
    root, rest = found.path[0], found.path[1:]
    if root not in place.roots:
        said = "`item` is known within a step with `foreach`" if root == "item" else f"`{root}` is not known here"
        return Wrong(path, said, f"here can be named: {', '.join(place.roots)}", offset=found.offset)
    names = _names(draft, root)
    if names is None or not rest:
        return None
    if rest[0] not in names:
        thing = {"inputs": "input", "steps": "step", "run": "entry of `run`"}[root]
        return Wrong(path, f"there is no {thing} `{rest[0]}`", meant(rest[0], names), offset=found.offset)
    return _step(draft, path, found, place.step) if root == "steps" else None


def _names(draft: Draft, root: str) -> Collection[str] | None:
    """What can be named there, if that is known."""
    match root:
        case "inputs":
            return draft.inputs
        case "steps":
            return draft.by_id
    return _RUN if root == "run" else None


def _step(draft: Draft, path: Path, found: Reference, step: Written | None) -> Wrong | None:
    other, rest = draft.by_id[found.path[1]], found.path[2:]
    own = step is not None and step.number == other.number and "compensate" in path
    if step is not None and not own and not draft.may_name(step, other):
        hint = f"add `needs: [{other.id}]` to `{step.id}`" if step.number != other.number else None
        said = f"`{step.id}` does not wait for `{other.id}`, so this is not there yet"
        return Wrong(path, said, hint, offset=found.offset)
    cls = draft.type_named(other.body.get("type"))
    if not rest or cls is None:
        return None
    if rest[0] not in _STEP:
        hint = f"did you mean `steps.{other.id}.outputs.{rest[0]}`?" if rest[0] in cls.outputs else None
        said = f"a step has {' and '.join(_STEP)}, no `{rest[0]}`"
        return Wrong(path, said, hint or meant(rest[0], _STEP), offset=found.offset)
    if rest[0] == "outputs" and len(rest) > 1 and rest[1] not in cls.outputs and "*" not in cls.outputs:
        said = f"`{other.id}` ({other.body['type']}) has no output `{rest[1]}`"
        return Wrong(path, said, meant(rest[1], cls.outputs) or "it has none", offset=found.offset)
    return None


def _items(draft: Draft, path: Path, template: Template) -> Iterator[Wrong]:
    kind = template.kind(lambda found: _kind_of(draft, found))
    if kind not in (None, "array"):
        yield Wrong(path, f"must be a list; this is {_called(kind)}", "write it as one expression that gives a list")


def _kind(draft: Draft, path: Path, template: Template, cls: type[StepType], above: Path) -> Iterable[Wrong]:
    gives = template.kind(lambda found: _kind_of(draft, found))
    takes = kinds(cls, _anyhow(path[len(above) :])) if gives else None
    if gives is None or takes is None or gives in takes or (gives == "integer" and "number" in takes):
        return ()
    if gives == "number" and "integer" in takes:
        return ()
    said = f"must be {' or '.join(_called(each) for each in sorted(takes))}; this is {_called(gives)}"
    return [Wrong(path, said, _converted(gives, takes))]


def _anyhow(path: Path) -> Path:
    """What may stand in a list is the same at every place of it."""
    return tuple(0 if isinstance(key, int) else key for key in path)


def _kind_of(draft: Draft, found: Reference) -> str | None:
    """What is known of a value before it is there."""
    match found.path:
        case ("inputs", name):
            return JSON_KINDS.get(draft.inputs[name].get("type", "text"))
        case ("run", name):
            return _RUN[name]
        case ("steps", _, "state") | ("secrets", _):
            return "string"
        case ("steps", id, "outputs", _) if draft.by_id[id].is_loop:
            return "array"
    return None


def _unread(draft: Draft) -> Iterator[Wrong]:
    """`items` and `when` without an expression."""
    for step in draft.steps:
        items = step.body["foreach"].get("items") if step.is_loop else None
        if isinstance(items, str) and "${{" not in items:
            said = "must be an expression that gives a list"
            yield Wrong((*step.path, "foreach", "items"), said, "write it as `${{ inputs.files }}`")


def _converted(gives: str, takes: frozenset[str]) -> str | None:
    if "string" in takes:
        return "write `${{ text(…) }}`"
    return "write `${{ number(…) }}`" if gives == "string" and takes & {"integer", "number"} else None


def _called(kind: str | None) -> str:
    known = {"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false"}
    return known.get(kind or "", {"array": "a list", "object": "an object", "null": "null"}.get(kind or "", "a value"))


def _hint(said: str) -> str | None:
    if said.startswith("there is no function `") and (name := said.split("`")[1]):
        from shared.process.functions import FUNCTIONS

        close = meant(name, FUNCTIONS)
        return close if close and close.startswith("did") else None
    return None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
