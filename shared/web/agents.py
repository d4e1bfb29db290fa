"""Agents as the pages show them, and the form of one's settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from shared.domain.agent import AgentSettings, Version
from shared.domain.statement import AccountUse

STATES = {"off": "Switched off", "working": "Working", "idle": "Nothing to do"}


class Doing(Protocol):
    """What an agent is doing."""

    @property
    def state(self) -> str: ...
    @property
    def use(self) -> AccountUse: ...


def card(found: Version, doing: Doing) -> dict[str, Any]:
    """One agent with what it does now."""
    return {"version": found, "agent": found.agent, "doing": doing, "state": STATES[doing.state]}


def of_form(form: Mapping[str, str], before: AgentSettings) -> AgentSettings:
    """What was filled in; what the form has no field for stays. Raises ValidationError."""
    settings = before.model_dump(mode="json", exclude={"id"})
    plain = {name: form[name] for name in ("name", "instructions") if name in form}
    model = {**settings["model"], "quality": form.get("quality", settings["model"]["quality"])}
    if "home" in form:
        model["home"] = form["home"] or None
    lists = {name: _words(form[name]) for name in ("capabilities", "tools") if name in form}
    return AgentSettings.model_validate({**settings, **plain, **lists, "model": model, "enabled": "enabled" in form})


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", text) if word]
