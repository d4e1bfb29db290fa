"""Where models are and which of them do what, as settings say it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.domain.routing import Place


class ModelNames(NamedTuple):
    """`text` writes; `embed` and `draw` are absent where the endpoint has no such model."""

    text: str
    embed: str | None = None
    draw: str | None = None


def model_names(said: str) -> ModelNames:
    """Of `gpt-5-mini embed=text-embedding-3-small draw=gpt-image-1`: names do not hold spaces. Raises ValueError."""
    first, *others = said.split() or [""]
    named = dict(each.partition("=")[::2] for each in others)
    if not first or "=" in first or not set(named) <= {"embed", "draw"} or not all(named.values()):
        raise ValueError("must look like MODEL, or MODEL embed=MODEL draw=MODEL")
    return ModelNames(first, **named)


def place_of(url: str) -> Place:
    """Local: an address of this machine or of a private network. A name proves nothing, so it counts as the cloud."""
    host = urlsplit(url).hostname or ""
    try:
        return "local" if host == "localhost" or ip_address(host).is_private else "cloud"
    except ValueError:
        return "cloud"


def base_of(endpoint: str) -> str:
    """The base URL of Azure OpenAI's v1 API at a resource's endpoint."""
    base = endpoint.rstrip("/")
    return base if base.endswith("/openai/v1") else f"{base}/openai/v1"
