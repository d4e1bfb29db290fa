"""What the host is told from outside: flags, host.json, local.settings.json."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from local.host.schedule import time_span

Json = dict[str, Any]
VersionMatch = Literal["CurrentOrOlder", "Strict", "None"]
VersionFailure = Literal["Reject", "Fail"]


class ConfigError(Exception):
    """A file or a flag that the host cannot use; the text names the place and the reason."""


class Flags(NamedTuple):
    """The command line. `clock_start` is set only with `--clock virtual=ISO`; `port` 0 takes a free one."""

    app_dir: Path
    state_dir: Path
    port: int
    clock: Literal["real", "virtual"]
    clock_start: datetime | None
    sticky: bool
    ordered_events: bool
    log: Path | None = None
    hold: bool = False
    """The virtual clock stands still until it is told to run."""


class Cors(NamedTuple):
    """The web origins whose pages may call the app (`*`: all), and whether with cookies and other credentials."""

    origins: tuple[str, ...] = ()
    credentials: bool = False


class HostJson(NamedTuple):
    """The part of host.json that this host obeys; `unsupported` names the settings that it does not."""

    route_prefix: str = "api"
    hub_name: str = "DurableFunctionsHub"
    default_version: str | None = None
    version_match: VersionMatch = "CurrentOrOlder"
    version_failure: VersionFailure = "Reject"
    max_activities: int = 10
    max_entities: int = 8
    http_poll_ms: int = 30_000
    function_timeout: float | None = None  # seconds
    max_calls: int = 16
    max_sessions: int = 8
    max_message_batch: int = 1000
    max_lock_renewal: timedelta = timedelta(minutes=5)
    log_level: str = "INFO"
    unsupported: tuple[str, ...] = ()


def parse_flags(arguments: Sequence[str] | None = None) -> Flags:
    """Read the command line; exits with a usage text when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m local.host", description="Run an Azure Functions app on this machine."
    )
    parser.add_argument("app_dir", metavar="APP_DIR", type=Path, help="the folder that holds function_app.py")
    parser.add_argument("--port", type=_port, default=7071, help="0 takes a free port and writes it to STATE/port")
    parser.add_argument("--state", metavar="DIR", type=Path, help="where durable state lives (default: APP_DIR/.baton)")
    parser.add_argument("--clock", metavar="real|virtual[=ISO]", type=_clock, default=("real", None))
    parser.add_argument("--hold", action="store_true", help="the virtual clock stands still until it is told to run")
    parser.add_argument("--sticky", choices=("on", "off"), default="on", help="off replays every turn from the start")
    parser.add_argument(
        "--events",
        choices=("ordered", "azure"),
        default="ordered",
        help="azure loses early external events as Azure does",
    )
    parser.add_argument("--log", metavar="FILE", type=Path, help="also log there: 5 MB, then four older files are kept")
    given = parser.parse_args(arguments)
    app_dir = given.app_dir.resolve()
    if not app_dir.is_dir():
        parser.error(f"APP_DIR: {app_dir} is not a folder")
    state_dir = (given.state or app_dir / ".baton").resolve()
    mode, start = given.clock
    if given.hold and mode == "real":
        parser.error("--hold: only a virtual clock can stand still; start it with --clock virtual")
    log, ordered = given.log and given.log.resolve(), given.events == "ordered"
    return Flags(app_dir, state_dir, given.port, mode, start, given.sticky == "on", ordered, log, given.hold)


def _clock(text: str) -> tuple[str, datetime | None]:
    mode, _, start = text.partition("=")
    if mode not in ("real", "virtual") or (start and mode == "real"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither 'real' nor 'virtual' nor 'virtual=ISO time'")
    try:
        return mode, parse_time(start) if start else None
    except ValueError:
        raise argparse.ArgumentTypeError(f"{start!r} is no time such as 2026-03-13T09:00:00Z") from None


def _port(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 65535")
    return int(text)


def parse_time(text: str) -> datetime:
    """An ISO 8601 time as UTC; one without a zone is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is out of the calendar") from None


class _Setting(NamedTuple):
    field: str
    kind: type
    allowed: tuple[str, ...] = ()


_DURABLE = ("extensions", "durableTask")
_BUS = ("extensions", "serviceBus")
_OBEYED: Mapping[tuple[str, ...], _Setting] = {
    ("extensions", "http", "routePrefix"): _Setting("route_prefix", str),
    (*_DURABLE, "hubName"): _Setting("hub_name", str),
    (*_DURABLE, "defaultVersion"): _Setting("default_version", str),
    (*_DURABLE, "versionMatchStrategy"): _Setting("version_match", str, ("CurrentOrOlder", "Strict", "None")),
    (*_DURABLE, "versionFailureStrategy"): _Setting("version_failure", str, ("Reject", "Fail")),
    (*_DURABLE, "maxConcurrentActivityFunctions"): _Setting("max_activities", int),
    (*_DURABLE, "maxConcurrentEntityFunctions"): _Setting("max_entities", int),
    (*_DURABLE, "httpSettings", "defaultAsyncRequestSleepTimeMilliseconds"): _Setting("http_poll_ms", int),
    ("functionTimeout",): _Setting("function_timeout", str),
    (*_BUS, "maxConcurrentCalls"): _Setting("max_calls", int),
    (*_BUS, "maxConcurrentSessions"): _Setting("max_sessions", int),
    (*_BUS, "maxMessageBatchSize"): _Setting("max_message_batch", int),
    (*_BUS, "maxAutoLockRenewalDuration"): _Setting("max_lock_renewal", timedelta),
    ("logging", "logLevel", "default"): _Setting("log_level", str),
}
# These mean nothing on one machine: where Azure stores state, how it scales, watches and packs an app.
_HARMLESS: tuple[tuple[str, ...], ...] = (
    ("version",),
    ("extensionBundle",),
    ("managedDependency",),
    ("concurrency",),
    ("healthMonitor",),
    ("telemetryMode",),
    ("logging", "applicationInsights"),
    (*_DURABLE, "storageProvider"),
    (*_DURABLE, "tracing"),
    (*_DURABLE, "maxConcurrentOrchestratorFunctions"),
    (*_BUS, "prefetchCount"),
    (*_BUS, "transportType"),
)
# What this host does in any case; another value has no effect.
_AS_IT_IS = (((*_BUS, "autoCompleteMessages"), True),)
_LEVELS = {
    "trace": "DEBUG",
    "debug": "DEBUG",
    "information": "INFO",
    "warning": "WARNING",
    "error": "ERROR",
    "critical": "CRITICAL",
    "none": "CRITICAL",
}


def read_host_json(app_dir: Path) -> HostJson:
    """Read APP_DIR/host.json (absent: the defaults). Raises ConfigError naming the setting and the reason."""
    path = app_dir / "host.json"
    obeyed: Json = {}
    unsupported = []
    for keys, value in _leaves(_read_object(path)):
        setting = _OBEYED.get(keys)
        if setting:
            obeyed[setting.field] = _checked(value, setting, f"{path.name}: {'.'.join(keys)}")
        elif (keys, value) not in _AS_IT_IS and not any(keys[: len(prefix)] == prefix for prefix in _HARMLESS):
            unsupported.append(".".join(keys))
    if "hub_name" in obeyed:
        obeyed["hub_name"] = _resolved(obeyed["hub_name"]) or HostJson().hub_name
    if "log_level" in obeyed:
        obeyed["log_level"] = _LEVELS.get(obeyed["log_level"].lower(), "INFO")
    if "function_timeout" in obeyed:
        obeyed["function_timeout"] = _duration(obeyed["function_timeout"], f"{path.name}: functionTimeout")
    return HostJson(**obeyed, unsupported=tuple(unsupported))


def _resolved(text: str) -> str:
    """With app settings for their %NAMES%; one that is not set is nothing."""
    return re.sub(r"%([^%]+)%", lambda named: app_setting(named[1]) or "", text)


def _duration(text: str, place: str) -> float | None:
    """Seconds of a .NET time span; None for -1, which means for ever."""
    if text == "-1":
        return None
    try:
        return time_span(text).total_seconds()
    except ValueError as error:
        raise ConfigError(f"{place}: {error}") from None


def _leaves(node: Json, above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, value in node.items():
        path = (*above, key)
        found += _leaves(value, path) if isinstance(value, dict) else [(path, value)]
    return found


def _checked(value: object, setting: _Setting, place: str) -> object:
    if setting.kind is timedelta:
        return _time_span(value, place)
    if type(value) is not setting.kind:
        raise ConfigError(f"{place} must be a {setting.kind.__name__}, not {json.dumps(value)}")
    if setting.allowed and value not in setting.allowed:
        raise ConfigError(f"{place} must be one of {', '.join(setting.allowed)}, not {value!r}")
    if setting.kind is int and cast(int, value) < 1:
        raise ConfigError(f"{place} must be at least 1, not {value}")
    return value


def _time_span(value: object, place: str) -> timedelta:
    try:
        return time_span(value if isinstance(value, str) else json.dumps(value))
    except ValueError as error:
        raise ConfigError(f"{place}: {error}") from None


def load_app_settings(app_dir: Path) -> Cors:
    """Put the Values of APP_DIR/local.settings.json into the environment; what is already set there wins.

    Returns what the file says about CORS.
    """
    path = app_dir / "local.settings.json"
    settings = _read_object(path)
    if settings.get("IsEncrypted"):
        raise ConfigError(f"{path.name}: IsEncrypted is true; run 'func settings decrypt' first")
    for name, value in _section(settings, "Values", path.name).items():
        os.environ.setdefault(name, _text(value, f"{path.name}: Values.{name}"))
    host = _section(settings, "Host", path.name)
    listed = _text(host.get("CORS", ""), f"{path.name}: Host.CORS")
    origins = tuple(origin.strip() for origin in listed.split(",") if origin.strip())
    return Cors(origins, host.get("CORSCredentials", False) is True)


def _section(settings: Json, name: str, file: str) -> Json:
    section = settings.get(name, {})
    if not isinstance(section, dict):
        raise ConfigError(f"{file}: {name} must be an object, not {json.dumps(section)}")
    return section


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{place} must be a text, not {json.dumps(value)}")
    return value


def app_setting(name: str) -> str | None:
    """An app setting as Azure's hosts read it: from the environment."""
    return os.environ.get(name)


def _read_object(path: Path) -> Json:
    try:
        # Visual Studio saves these files with a byte order mark.
        content = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ConfigError(f"{path.name} is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path.name} must hold a JSON object")
    return content
