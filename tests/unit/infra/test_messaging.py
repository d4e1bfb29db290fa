"""The queues and topics of infra/ are those that the app uses, set as the embedded host has them."""

from __future__ import annotations

import json
import re
from typing import Any

from shared.domain.names import COMMANDS, EVENTS

from .bicep import INFRA, ROOT

ENTITY = re.compile(r"\{\s*name: '(\w+)'(.*?)\}", re.DOTALL)
LINE = re.compile(r"^\s*(\w+): (.+?)\s*$", re.MULTILINE)


def section(name: str) -> dict[str, dict[str, Any]]:
    """Of the namespace: entity -> its settings."""
    text = (INFRA / "app" / "messaging.bicep").read_text()
    found = re.search(rf"\n    {name}: \[\n(.*?)\n    \]\n", text, re.DOTALL)
    assert found, name
    return {
        entity: {key: json.loads(value.replace("'", '"')) for key, value in LINE.findall(settings)}
        for entity, settings in ENTITY.findall(found[1])
    }


def test_queues_and_topics_are_set_as_on_one_machine() -> None:
    local = json.loads((ROOT / "servicebus.json").read_text())
    for name in ("queues", "topics"):
        there = section(name)
        for settings in there.values():
            assert settings.pop("requiresDuplicateDetection") is True
        assert there == local[name]


def test_the_app_receives_and_sends_by_these_names() -> None:
    assert set(section("queues")) == {COMMANDS}
    assert set(section("topics")) == {EVENTS}
    triggers = (ROOT / "functions" / "messages.py").read_text()
    assert re.findall(r"queue_name=(\w+)", triggers) == ["COMMANDS"]
    assert re.findall(r'connection="(\w+)"', triggers) == ["ServiceBusConnection"]
    assert "ServiceBusConnection__fullyQualifiedNamespace" in (INFRA / "app" / "api.bicep").read_text()
