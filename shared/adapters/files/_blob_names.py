"""The names of blobs: `tenant/workspace/path`. They have at most 1,024 characters in 254 parts, none may end with a
dot, and clients differ in what they make of others than letters, digits and - _ . ~: those are quoted."""

from __future__ import annotations

from urllib.parse import quote, unquote

from shared.adapters.files._paths import home_of, parts_of
from shared.domain.scope import Scope

_LONGEST = 1024
_MOST_PARTS = 254


def blob_name(scope: Scope, path: str) -> str:
    """The name of a file's blob. Raises ValueError for a path that none can have."""
    parts = [_quoted(part) for part in (*home_of(scope), *parts_of(path))]
    name = "/".join(parts)
    if len(name) > _LONGEST or len(parts) > _MOST_PARTS:
        raise ValueError(f"path: {path[:40]!r}… is too long for Azure Blob storage")
    return name


def path_of(scope: Scope, name: str) -> str:
    """The path of the file that a blob is."""
    return unquote(name.removeprefix("/".join(home_of(scope)) + "/").replace("=", "%"))


def prefix_of(scope: Scope, prefix: str) -> str:
    """What begins the names of all files whose path begins with `prefix`, and perhaps of a few others."""
    *folders, begun = prefix.split("/")
    return "/".join([*home_of(scope), *(_quoted(part) for part in folders), _plain(begun).rstrip(".")])


def _quoted(part: str) -> str:
    text = _plain(part)
    return f"{text[:-1]}=2E" if text.endswith(".") else text


def _plain(part: str) -> str:
    """Percent-encoding with `=` for `%`, which some gateways decode once more."""
    return quote(part, safe="").replace("%", "=")
