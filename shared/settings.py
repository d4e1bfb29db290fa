"""The only reader of the environment (design 5). An empty value is an absent one; absence means the local home."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.domain.connection import Connection
from shared.domain.directories import directories_of
from shared.domain.faults import Misconfigured
from shared.domain.loopback import is_loopback
from shared.domain.model_names import model_names
from shared.domain.programs import programs_of

_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Settings:
    """Each field is the variable `BATON_<FIELD>`, but those that others name (`_NAMED_BY_OTHERS`), and the connections
    to Azure, which are named as bindings name theirs (`_connection`)."""

    home: Path = Path(".baton")
    keys: str | None = None
    """What `keys.json` of a home holds; on Azure, from Key Vault. And below, what its `owner.token` does."""
    owner_token: str | None = None
    site: str | None = None
    """The app's name on Azure. None: it runs on somebody's own machine."""
    entra_tenants: str | None = None
    entra_audience: str | None = None
    entra_authority: str = "https://login.microsoftonline.com"
    easy_auth: bool = False
    """The platform's sign-in stands in front of the app: its headers say who calls."""
    public_url: str = "http://127.0.0.1:7071"
    smtp_url: str | None = None
    email_url: str | None = None
    sms_url: str | None = None
    """One URL, or several separated by spaces: the later ones take over for the earlier."""
    webhook_url: str | None = None
    webhook_secret: str | None = None
    webhook_allow: str | None = None
    chat_url: str | None = None
    social_url: str | None = None
    books_url: str | None = None
    """Where clients pay: `stripe://KEY:WEBHOOK_SECRET@api.stripe.com`."""
    dkim_keys: str | None = None
    smtp_spf: str | None = None
    dns_server: str | None = None
    mailbox_url: str | None = None
    model_url: str | None = None
    model_key: str | None = None
    model_name: str | None = None
    local_model_url: str | None = None
    local_model_name: str | None = None
    openai_model: str | None = None
    foundry_model: str | None = None
    folders: str | None = None
    calendar_url: str | None = None
    """Of a calendar on a CalDAV server; `{workspace}` in it stands for the workspace. None: Baton keeps one itself."""
    directory_url: str | None = None
    """The interpreter of an Overpass API, where companies are looked up."""
    timezone: str = "UTC"
    programs: str | None = None
    host_clock: Path | None = None
    host_bus: str | None = None
    host_keys: Path | None = None
    documents: Connection | None = None
    ledger: Connection | None = None
    journal: Connection | None = None
    files: Connection | None = None
    bus: Connection | None = None
    communication: Connection | None = None
    openai: Connection | None = None
    foundry: Connection | None = None
    otlp: str | None = None
    """Where a collector of OpenTelemetry listens. The SDK reads this and its other variables (OTEL_…) by itself."""
    insights: str | None = None
    """The connection string of Application Insights."""


CONNECTIONS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "documents": ("CosmosConnection", "accountEndpoint", ("AccountEndpoint", "AccountKey")),
    "ledger": ("LedgerConnection", "tableServiceUri", ("AccountName", "AccountKey")),
    "journal": ("JournalConnection", "tableServiceUri", ("AccountName", "AccountKey")),
    "files": ("FilesConnection", "blobServiceUri", ("AccountName", "AccountKey")),
    "bus": ("ServiceBusConnection", "fullyQualifiedNamespace", ("Endpoint", "SharedAccessKey")),
    "communication": ("CommunicationConnection", "endpoint", ("endpoint", "accesskey")),
    "openai": ("OpenAIConnection", "endpoint", ()),
    "foundry": ("FoundryConnection", "endpoint", ()),
}
"""Fields that are connections: name, setting of the endpoint, and what a connection string has."""
_NAMED_BY_OTHERS = {
    "site": "WEBSITE_SITE_NAME",
    "host_clock": "HOST_CLOCK",
    "host_bus": "HOST_BUS",
    "host_keys": "HOST_KEYS",
    "otlp": "OTEL_EXPORTER_OTLP_ENDPOINT",
    "insights": "APPLICATIONINSIGHTS_CONNECTION_STRING",
}
VARIABLES: Mapping[str, str] = {
    each.name: _NAMED_BY_OTHERS.get(each.name, f"BATON_{each.name.upper()}")
    for each in fields(Settings)
    if each.name not in CONNECTIONS
}
"""Every other field, and the variable that sets it."""


def _address(text: str) -> str:
    return text.rstrip("/")


_MEANT: Mapping[str, Callable[[str], object]] = {
    "home": Path,
    "host_clock": Path,
    "host_keys": Path,
    "easy_auth": bool,
    "entra_authority": _address,
    "public_url": _address,
}
"""What the text of a variable stands for, if not for itself."""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings as they are now. Raises Misconfigured."""
    given = {name: text for name in environment if (text := environment[name])}
    _check(given)
    found: dict[str, Any] = {
        field: _MEANT.get(field, str)(given[name]) for field, name in VARIABLES.items() if name in given
    }
    found |= {field: _connection(given, *named) for field, named in CONNECTIONS.items()}
    return Settings(**found)


def _check(given: Mapping[str, str]) -> None:
    _check_resolved(given)
    _check_url(given, "BATON_PUBLIC_URL", "http", "https")
    _check_url(given, "BATON_SMTP_URL", "smtp")
    _check_url(given, "BATON_DIRECTORY_URL", "http", "https")
    _check_url(given, "OTEL_EXPORTER_OTLP_ENDPOINT", "http", "https")
    _check_mailbox(given)
    _check_calendar(given)
    _check_models(given)
    _check_access(given)
    _check_zone(given)
    _check_programs(given)
    _check_azure(given)


def _connection(given: Mapping[str, str], name: str, endpoint: str, parts: tuple[str, ...]) -> Connection | None:
    """`NAME` is a connection string that has these parts; or `NAME__<endpoint>` with, to choose the identity that asks,
    `NAME__credential` (`managedidentity`) and `NAME__clientId`. None if neither is given. No parts: identity only."""
    secret, uri = given.get(name), f"{name}__{endpoint}"
    if secret is not None:
        if not parts:
            raise Misconfigured(name, f"has no connection string: set {uri}, an identity is asked with")
        if any(f"{part}=" not in secret for part in parts):
            raise Misconfigured(name, f"must be a connection string with {' and '.join(parts)}")
        return Connection(secret=secret)
    if uri not in given:
        return None
    if endpoint == "fullyQualifiedNamespace":
        _check_host(given, uri)
    else:
        _check_url(given, uri, "https")
    if given.get(f"{name}__credential", "managedidentity") != "managedidentity":
        raise Misconfigured(f"{name}__credential", "must be managedidentity, or absent")
    managed = f"{name}__credential" in given
    return Connection(endpoint=given[uri], managed=managed, client_id=given.get(f"{name}__clientId"))


def _check_url(given: Mapping[str, str], variable: str, *schemes: str) -> None:
    parts = urlsplit(given.get(variable, f"{schemes[0]}://absent"))
    if parts.scheme not in schemes or not parts.hostname:
        raise Misconfigured(variable, f"must be a URL such as {schemes[0]}://host:port")


def _check_host(given: Mapping[str, str], variable: str) -> None:
    if not _HOST.fullmatch(given[variable]):
        raise Misconfigured(variable, "must be the name of a host such as agency.servicebus.windows.net")


def _check_mailbox(given: Mapping[str, str]) -> None:
    text = given.get("BATON_MAILBOX_URL", "")
    if text and not text.startswith(("maildir:///", "imaps://", "imap://")):
        raise Misconfigured("BATON_MAILBOX_URL", "must look like imaps://user:password@host/INBOX or maildir:///path")


def _check_calendar(given: Mapping[str, str]) -> None:
    _check_url(given, "BATON_CALENDAR_URL", "https", "http")
    parts = urlsplit(given.get("BATON_CALENDAR_URL", "https://absent"))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Misconfigured("BATON_CALENDAR_URL", "must begin with https:// unless the server is on this machine")


_MODELS = {
    "BATON_MODEL_URL": "BATON_MODEL_NAME",
    "BATON_LOCAL_MODEL_URL": "BATON_LOCAL_MODEL_NAME",
    "OpenAIConnection__endpoint": "BATON_OPENAI_MODEL",
    "FoundryConnection__endpoint": "BATON_FOUNDRY_MODEL",
}
"""Where a home of models is, and which of its models are asked."""


def _check_models(given: Mapping[str, str]) -> None:
    for where, which in _MODELS.items():
        _check_url(given, where, *(("http", "https") if where.startswith("BATON_") else ("https",)))
        if where in given and which not in given:
            raise Misconfigured(which, f"is needed beside {where}: the model to ask")
        try:
            model_names(given.get(which, "absent"))
        except ValueError as error:
            raise Misconfigured(which, str(error)) from None


def _check_access(given: Mapping[str, str]) -> None:
    """Whom tokens of Entra ID are for, and whether the headers of a platform may be believed."""
    _check_url(given, "BATON_ENTRA_AUTHORITY", "https")
    for one, other in (_ENTRA, _ENTRA[::-1]):
        if one in given and other not in given:
            raise Misconfigured(other, f"is needed beside {one}: a token is for somebody, from somewhere")
    try:
        directories_of(given.get("BATON_ENTRA_TENANTS", ""))
    except ValueError as error:
        raise Misconfigured("BATON_ENTRA_TENANTS", str(error)) from None
    if "BATON_EASY_AUTH" in given:
        if given["BATON_EASY_AUTH"] != "on":
            raise Misconfigured("BATON_EASY_AUTH", "must be on, or absent")
        if "WEBSITE_SITE_NAME" not in given or "BATON_ENTRA_TENANTS" not in given:
            # Anywhere else nobody takes such headers away from those who make them up.
            raise Misconfigured("BATON_EASY_AUTH", "is for an app on Azure, beside BATON_ENTRA_TENANTS")


_ENTRA = ("BATON_ENTRA_TENANTS", "BATON_ENTRA_AUDIENCE")


def _check_zone(given: Mapping[str, str]) -> None:
    name = given.get("BATON_TIMEZONE", Settings.timezone)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Misconfigured("BATON_TIMEZONE", f"names no time zone: {name!r}; one is Europe/Berlin") from None


def _check_programs(given: Mapping[str, str]) -> None:
    try:
        programs_of(given.get("BATON_PROGRAMS", ""))
    except ValueError as error:
        raise Misconfigured("BATON_PROGRAMS", str(error)) from None


_LASTING = (
    "BATON_KEYS",
    "CosmosConnection__accountEndpoint",
    "LedgerConnection__tableServiceUri",
    "JournalConnection__tableServiceUri",
    "FilesConnection__blobServiceUri",
)


def _check_azure(given: Mapping[str, str]) -> None:
    """An instance on Azure loses its disk with its life, and has others beside it: nothing that lasts may lie there."""
    if "WEBSITE_SITE_NAME" in given:
        for name in _LASTING:
            if name not in given and name.partition("__")[0] not in given:
                raise Misconfigured(name, "is needed on Azure, where what lies in BATON_HOME is gone with the instance")


def _check_resolved(given: Mapping[str, str]) -> None:
    """Where a reference to Key Vault cannot be followed, the app is given the reference itself: as a token or a key it
    would be one that anybody can guess."""
    for name, text in given.items():
        if name.startswith("BATON_") and text.startswith("@Microsoft.KeyVault("):
            raise Misconfigured(name, "is a reference to Key Vault that was not followed: is the secret there?")
