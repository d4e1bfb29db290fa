"""Who writes: the homes of models that are configured, and the built-in writer, which always is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from shared.adapters._azure.identity import credential, token
from shared.adapters.models.foundry import FoundryModel
from shared.adapters.models.openai import OpenAiModel
from shared.adapters.models.writer import BuiltInWriter
from shared.domain.model_names import base_of, model_names, place_of
from shared.domain.routing import HomeName, Place
from shared.ports import Model
from shared.settings import Settings
from shared.wiring.home import Home

_AI = "https://ai.azure.com/.default"
"""For what Azure's models take tokens."""


def models(home: Home) -> dict[HomeName, Model]:
    """In the order of `made` they are asked, unless the workspace says otherwise."""
    made = [*_foundry(home), *_azure(home), *_endpoint(home), *_local(home), BuiltInWriter()]
    return {model.name: model for model in made}


def model_urls(chosen: Settings) -> dict[str, str]:
    """Where the homes of models that are configured are: setting -> URL."""
    found = {
        "BATON_MODEL_URL": chosen.model_url,
        "BATON_LOCAL_MODEL_URL": chosen.local_model_url,
        "OpenAIConnection__endpoint": chosen.openai and chosen.openai.endpoint,
        "FoundryConnection__endpoint": chosen.foundry and chosen.foundry.endpoint,
    }
    return {name: url for name, url in found.items() if url}


def _foundry(home: Home) -> list[Model]:
    where, names = home.settings.foundry, home.settings.foundry_model
    if not (where and where.endpoint and names):
        return []
    text = model_names(names).text
    return [home.closing(FoundryModel(where.endpoint, partial(credential, where), text, home.clock.pace))]


def _azure(home: Home) -> list[Model]:
    where, names = home.settings.openai, home.settings.openai_model
    if not (where and where.endpoint and names):
        return []
    return [_openai(home, "azure", "cloud", base_of(where.endpoint), token(where, _AI), names)]


def _endpoint(home: Home) -> list[Model]:
    url, names = home.settings.model_url, home.settings.model_name
    return [_openai(home, "endpoint", place_of(url), url, home.settings.model_key, names)] if url and names else []


def _local(home: Home) -> list[Model]:
    url, names = home.settings.local_model_url, home.settings.local_model_name
    return [_openai(home, "local", "local", url, None, names)] if url and names else []


def _openai(
    home: Home, name: HomeName, place: Place, url: str, key: str | Callable[[], str] | None, names: str
) -> Model:
    return home.closing(OpenAiModel(name, place, url, key, model_names(names), home.clock.pace))
