"""Which step waits for which: unknown and doubled ids, circles, steps that never begin."""

from __future__ import annotations

from collections.abc import Iterator

from shared.process.draft import Draft, Written
from shared.process.problems import meant
from shared.process.source import Wrong
from shared.process.template import ExpressionError, parse


def graph(draft: Draft) -> Iterator[Wrong]:
    """What is wrong with ids and `needs`."""
    for step in draft.steps:
        first = draft.by_id.get(step.id)
        if first and first.number != step.number:
            yield Wrong((*step.path, "id"), f"two steps have the id `{step.id}`", "give each step an id of its own")
        yield from _needs(draft, step)
        yield from _never(step)
    yield from _circle(draft)


def _needs(draft: Draft, step: Written) -> Iterator[Wrong]:
    seen: set[str] = set()
    for index, need in enumerate(step.needs):
        path = (*step.path, "needs", index)
        other = draft.by_id.get(need)
        if other is None:
            hint = meant(need, set(draft.by_id) - {step.id})
            yield Wrong(path, f"there is no step `{need}`", hint)
        elif other.last and not step.last:
            said = f"`{need}` is a step of `finally`, which begins after all others: `{step.id}` would never begin"
            yield Wrong(path, said, "leave it out, or move this step to `finally`")
        elif step.last and not other.last:
            said = "a step of `finally` begins when all others have ended"
            yield Wrong(path, f"{said}; it need not name `{need}`", "leave it out")
        elif need in seen:
            yield Wrong(path, f"`{need}` stands here twice", "leave it out")
        seen.add(need)


def _never(step: Written) -> Iterator[Wrong]:
    when = step.body.get("when")
    if not isinstance(when, str):
        return
    try:
        found = parse(when)
    except ExpressionError:
        return
    if found.constant() in (False, None) and found.sole:
        yield Wrong(
            (*step.path, "when"), f"`{step.id}` never begins: its condition is never true", "leave the step out"
        )
    elif not found.sole:
        said = "must be one expression that is true or false"
        yield Wrong((*step.path, "when"), said, "write it as `${{ inputs.count > 0 }}`")


def _circle(draft: Draft) -> Iterator[Wrong]:
    if not (ids := draft.cycle):
        return
    first = draft.by_id[ids[0]]
    way = " → ".join(f"`{each}`" for each in ids)
    place = (*first.path, "needs", first.needs.index(ids[1]))
    yield Wrong(place, f"a circle: each of these waits for the next: {way}", "take one of these `needs` away")
    stuck = set(ids)
    for step in draft.steps:
        if step.id not in stuck and any(draft.may_name(step, draft.by_id[each]) for each in ids[:-1]) and not step.last:
            said = f"`{step.id}` never begins: it waits for `{ids[0]}`, which waits for itself"
            yield Wrong((*step.path, "id"), said, None)
