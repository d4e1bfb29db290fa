"""Pieces as their pages show them, and as their forms are filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.budget import added, cost_text
from shared.domain.formats import FORMATS, named
from shared.domain.piece import Piece, Plan

FORMAT_NAMES = {name: format.title for name, format in FORMATS.items()}


def total_cost(piece: Piece) -> str:
    """What planning and all its texts took, in words."""
    total = dict(piece.cost)
    for text in piece.texts:
        total = added(total, text.cost)
    return cost_text(total)


def parts_of(piece: Piece) -> dict[str, list[str]]:
    """The parts of each text that can be said otherwise."""
    return {text.id: [where for where, _ in named(text.words)] for text in piece.texts}


def request_of_form(given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The form of a new piece as the API takes it; empty fields are left out."""
    said = {name: values[-1].strip() for name, values in given.items() if values[-1].strip()}
    brief: dict[str, Any] = {
        name: said[name] for name in ("goal", "offer", "audience", "tone", "language") if name in said
    }
    brief["facts"] = _lines(said.get("facts", ""))
    brief["call_to_action"] = {"text": said.get("call"), "url": said.get("url")}
    request: dict[str, Any] = {name: said[name] for name in ("name", "sender", "plan") if name in said}
    variants = said.get("variants", 1)
    chosen = [format for format in given.get("formats", ()) if format]
    return {**request, "brief": brief, "formats": chosen, "variants": variants,
            "audiences": _lines(said.get("audiences", ""))}  # fmt: skip


def plan_of_form(plan: Plan, form: Mapping[str, str]) -> dict[str, Any]:
    """The plan with what was changed in its form: the message, the call, the points that were kept."""
    changed = plan.model_dump(mode="json")
    for name in ("message", "call"):
        changed[name] = form.get(name, "").strip() or changed[name]
    changed["angles"] = {
        variant: form.get(f"angle-{variant}", "").strip() or angle for variant, angle in plan.angles.items()
    }
    changed["points"] = [
        {"text": form[f"point-{n}"].strip(), "source": point.source}
        for n, point in enumerate(plan.points)
        if form.get(f"point-{n}", "").strip()
    ]
    return changed


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
