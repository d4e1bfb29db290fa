"""A home of every kind: two clouds and a local model, each a server of its own, and the built-in writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import NamedTuple

import pytest

from shared.adapters.models.openai import OpenAiModel
from shared.adapters.models.writer import BuiltInWriter
from shared.domain.model_names import model_names
from shared.domain.routing import HomeName, Place
from shared.ports import Model, Ports
from tests.integration.agents.conftest import Hand, hand, ports
from tests.servers.models import ModelServer

__all__ = ["Hand", "hand", "ports"]


class Homes(NamedTuple):
    ports: Ports
    azure: ModelServer
    endpoint: ModelServer
    local: ModelServer
    away: Model
    """A home where nobody listens."""

    def only(self, *names: HomeName) -> Ports:
        return replace(self.ports, models={name: self.ports.models[name] for name in names})


@pytest.fixture
def homes(ports: Ports) -> Iterator[Homes]:
    with ExitStack() as stack:
        servers = [stack.enter_context(ModelServer(model=name)) for name in ("gpt-5-mini", "unlisted-model", "tiny")]

        def home(name: HomeName, place: Place, server: ModelServer) -> Model:
            names = model_names(f"{server.model} embed=vectors draw=image")
            made = OpenAiModel(name, place, server.url, None, names, lambda seconds: None)
            return stack.enter_context(closing(made))

        azure, endpoint, local = servers
        with ModelServer() as gone:
            pass
        models: dict[HomeName, Model] = {
            "azure": home("azure", "cloud", azure),
            "endpoint": home("endpoint", "cloud", endpoint),
            "local": home("local", "local", local),
            "built-in": BuiltInWriter(),
        }
        yield Homes(replace(ports, models=models), azure, endpoint, local, home("azure", "cloud", gone))
