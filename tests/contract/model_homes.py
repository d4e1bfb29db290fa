"""The homes of models that the contract suite runs against, all over real HTTPS on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, get_args

from shared.adapters.models.foundry import FoundryModel
from shared.adapters.models.openai import OpenAiModel
from shared.adapters.models.writer import BuiltInWriter
from shared.domain.model_names import base_of, model_names
from shared.domain.routing import Ability
from shared.ports import Model
from tests.servers.models import ModelServer

HOMES = ("foundry", "azure", "endpoint", "built-in")
ASKING = HOMES[:3]
"""Those that ask somebody."""
ALL: frozenset[Ability] = frozenset(get_args(Ability))
NAMES = "test-model embed=test-embedding draw=test-image"


@contextmanager
def opened(home: str, server: ModelServer, timeout: float = 20, names: str = NAMES) -> Iterator[Model]:
    """The home as wiring makes it; it waits for nobody."""
    if home == "built-in":
        yield BuiltInWriter()
        return
    from azure.identity import ManagedIdentityCredential

    with ManagedIdentityCredential() as identity, closing(_made(home, server, timeout, names, identity)) as model:
        yield model


def _made(home: str, server: ModelServer, timeout: float, names: str, identity: Any) -> FoundryModel | OpenAiModel:
    from azure.identity import get_bearer_token_provider

    def pace(seconds: float) -> None:
        """The virtual clock's: nothing elapses."""

    named = model_names(names)
    if home == "foundry":
        return FoundryModel(server.project, lambda: identity, named.text, pace, timeout)
    if home == "azure":
        key: Any = get_bearer_token_provider(identity, "https://ai.azure.com/.default")
        return OpenAiModel("azure", "cloud", base_of(server.azure), key, named, pace, timeout)
    return OpenAiModel("endpoint", "cloud", server.url, "secret", named, pace, timeout)
