"""A home whose model is in the hands of whoever writes the documents: it does what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.models.openai import OpenAiModel
from shared.adapters.models.writer import BuiltInWriter
from shared.agents.generate import run
from shared.domain.contact import Consent
from shared.domain.model_names import ModelNames
from shared.domain.outcome import Outcome
from shared.ports import Ports
from tests.integration.agents.conftest import Hand, Walk, hand, people
from tests.integration.agents.conftest import ports as unplugged
from tests.servers.models import ModelServer, Reply

__all__ = ["hand", "people", "unplugged"]
KEY = "sk-the-key-of-the-model"
COPY = {
    "subject": "Six evenings for your back",
    "preheader": "The spring course",
    "headline": "Six evenings for your back",
    "greeting": 'Dear {{ first_name | default("friend", true) }},',
    "paragraphs": ["six evenings for your back."],
    "points": [],
    "closing": "See you there?",
    "sign_off": "Warm wishes,\nPraxis",
    "language": "en",
    "notes": [],
}


class Written(Walk):
    """A campaign that the captured model writes."""

    def generate(self) -> Outcome:
        return run(self.ports, self.order)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def ports(unplugged: Ports, server: ModelServer) -> Iterator[Ports]:
    model = OpenAiModel("endpoint", "cloud", server.url, KEY, ModelNames("captured"), lambda seconds: None)
    with closing(model):
        yield replace(unplugged, models={"endpoint": model, "built-in": BuiltInWriter()})


@pytest.fixture
def book(people: Callable[..., list[Any]]) -> set[str]:
    """Two who agreed, one who never did, one who took it back; the addresses of the two."""
    agreed = people(2)
    people(1, prefix="nobody", consent={})
    people(1, prefix="blocked", consent={"email": Consent(status="withdrawn")})
    return {each.email for each in agreed}


@pytest.fixture
def campaign(ports: Ports, hand: Hand, book: set[str]) -> Callable[..., Written]:
    return lambda **changes: Written(ports, hand, **changes)


def obeying(case: dict[str, Any]) -> Reply:
    """What the captured model answers."""
    if "tool" in case:
        return Reply(tool=(case["tool"]["name"], case["tool"]["arguments"]))
    return Reply({**COPY, "points": [case["says"]], "subject": case.get("subject", COPY["subject"])})


def outbox(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "home" / "outbox").rglob("*.eml"))
