"""The built-in writer's prose of a proposal: the client's own words, what was seen, what the offer says, facts as they
stand. It claims nothing else, so nothing of it is ever left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.adapters.models.writer_order import sentence
from shared.domain.proposal_text import FRAMES, FRAMES_DU
from shared.ports import Body, Question


def prose(question: Question) -> Body:
    """The three parts, in English or German; readers are addressed as the style guide says."""
    data = question.data
    du = data["language"] == "de" and data["address"] == "du"
    words = {**FRAMES["de" if data["language"] == "de" else "en"], **(FRAMES_DU if du else {})}
    said = [f"“{each.text}”" for each in question.outside]
    situation = [
        *_listed(words["told"], said),
        *_listed(words["inferred"], [f"• {each}" for each in data["inferred"]]),
        *_listed(words["seen"], data["seen"] if not du else []),
    ]
    approach = [line for item in data["items"] for line in _item(item, words["gets"])]
    why = [sentence(each) for each in data["facts"]]
    notes = ["The built-in writer quotes and lists; it tells nothing in its own words."]
    return {"situation": situation, "approach": approach or [data["offer"]], "why": why, "notes": notes}


def _listed(heading: str, lines: Sequence[str]) -> list[str]:
    return [heading, *lines] if lines else []


def _item(item: Mapping[str, object], gets: str) -> Iterator[str]:
    yield sentence(f"{item['name']}: {item['text']}")
    includes = item["includes"]
    assert isinstance(includes, list)
    yield from _listed(gets, [f"• {each}" for each in includes])
