"""What a run that is watched wants of a person, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.cli.output import Whole
from local.cli.words import program


class Asks:
    """Says each question once, and again if the step asks anew."""

    def __init__(self, url: str, options: str) -> None:
        self._url, self._options = url, [options] if options else []
        self._said: set[tuple[Any, ...]] = set()

    def new(self, news: Mapping[str, Any]) -> Iterator[str]:
        """Lines about the questions that were not there before: what is asked, the command and the page."""
        for step in news["steps"]:
            key = (step["step"], step["item"], step["tried"], step["status"])
            if key in self._said or not _is_question(step, news["run"]):
                continue
            self._said.add(key)
            yield from self._approval(step) if step["status"] == "waiting" else self._question(step)

    def _approval(self, step: Mapping[str, Any]) -> Iterator[str]:
        place = step["step"] if step["item"] is None else f"{step['step']}.{step['item']}"
        yield f"Step {place} waits for a person: {step['inputs'].get('title') or step['title'] or 'Go on?'}"
        wanted = [
            f"--set {name}=…"
            for name, each in (step["inputs"].get("form") or {}).items()
            if each.get("default") is None
        ]
        yield Whole("  " + " ".join((program(), "process approve", step["run"], place, *wanted, *self._options)))
        yield Whole(f"  or, with what it shows, on {self._url}/approvals; to refuse: --reject --comment WHY")

    def _question(self, step: Mapping[str, Any]) -> Iterator[str]:
        item = "" if step["item"] is None else f" --item {step['item']}"
        yield f"Step {step['step']} asks what is to be done: {step['why']}"
        yield Whole(
            " ".join((f"  {program()} process settle {step['run']} {step['step']} retry{item}", *self._options))
        )
        yield Whole(f"  or done, or fail, in the place of retry; or on {self._url}/runs/{step['run']}")


def _is_question(step: Mapping[str, Any], run: Mapping[str, Any]) -> bool:
    """Of a run that is paused nothing is decided by an answer."""
    asks = step["status"] == "asking" or (step["type"] == "approve" and step["status"] == "waiting")
    return asks and not run["paused_by"]
