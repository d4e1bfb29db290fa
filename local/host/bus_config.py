"""The entities of an app: those that its bindings name, with the details of servicebus.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from local.host.bus_model import DEAD_LETTERS, Namespace, Queue, Rule, subscription_path
from local.host.config import ConfigError, app_setting

_DURATION = re.compile(
    r"P(?!$)(?:(?P<days>\d{1,6})D)?(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,6})S)?)?"
)
_SETTING = re.compile(r"%([^%]+)%")


class _Detail(NamedTuple):
    field: str
    kind: type


# Named as in Azure's templates.
_OF_BOTH = {
    "defaultMessageTimeToLive": _Detail("time_to_live", timedelta),
    "duplicateDetectionHistoryTimeWindow": _Detail("duplicate_window", timedelta),
}
_OF_SUBSCRIPTIONS = {
    "requiresSession": _Detail("requires_session", bool),
    "maxDeliveryCount": _Detail("max_delivery_count", int),
    "lockDuration": _Detail("lock_duration", timedelta),
    "defaultMessageTimeToLive": _Detail("time_to_live", timedelta),
    "deadLetteringOnMessageExpiration": _Detail("dead_letter_expired", bool),
}
_CORRELATION = {
    "correlationId": "correlation_id",
    "messageId": "message_id",
    "to": "to",
    "replyTo": "reply_to",
    "label": "subject",
    "sessionId": "session_id",
    "replyToSessionId": "reply_to_session_id",
    "contentType": "content_type",
}


def read_namespace(app_dir: Path) -> Namespace:
    """Read APP_DIR/servicebus.json (absent: no entities yet). Raises ConfigError naming the entry and the reason."""
    namespace = Namespace()
    try:
        content = json.loads((app_dir / "servicebus.json").read_text("utf-8-sig"))
    except FileNotFoundError:
        return namespace
    except ValueError as error:
        raise ConfigError(f"servicebus.json is not valid JSON: {error}") from error
    sections = _known(content, {"queues", "topics"}, "")
    for name, details in _entries(sections.get("queues", {}), "queues"):
        namespace.queues[name.lower()] = _queue(details, {**_OF_BOTH, **_OF_SUBSCRIPTIONS}, f"queues.{name}")
    for name, details in _entries(sections.get("topics", {}), "topics"):
        _add_topic(namespace, name, details)
    return namespace


def declare(namespace: Namespace, binding: Any) -> str:
    """Let the entity of a trigger or output binding exist; returns its path. ConfigError: a setting is not there."""
    topic = getattr(binding, "topic_name", None)
    name = resolved(topic or binding.queue_name).lower()
    if binding.type == "serviceBus":
        if topic:
            namespace.topics.setdefault(name, Queue())
        elif name not in namespace.topics:
            namespace.queues.setdefault(name, Queue())
        return name
    return _declare_source(namespace, name, topic and resolved(binding.subscription_name), binding.is_sessions_enabled)


def _declare_source(namespace: Namespace, name: str, subscription: str | None, sessions: bool | None) -> str:
    path = name
    if subscription:
        namespace.topics.setdefault(name, Queue())
        path = subscription_path(name, subscription)
    namespace.consumed.add(path)
    if path.endswith(DEAD_LETTERS):
        return path  # the dead letters of an entity are there when it is
    queue = namespace.queues.setdefault(path, Queue())
    if sessions:
        namespace.queues[path] = queue._replace(requires_session=True)
    return path


def resolved(text: str) -> str:
    """The text with each %NAME% replaced by the app setting."""
    return _SETTING.sub(lambda match: _look_up(match[1]), text)


def _look_up(name: str) -> str:
    value = app_setting(name)
    if value is None:
        raise ConfigError(f"the app setting {name}, which names a queue or topic, is not set")
    return value


def _add_topic(namespace: Namespace, name: str, details: dict[str, Any]) -> None:
    place, subscriptions = f"topics.{name}", details.pop("subscriptions", {})
    namespace.topics[name.lower()] = _queue(details, _OF_BOTH, place)
    for subscription, more in _entries(subscriptions, f"{place}.subscriptions"):
        where = f"{place}.subscriptions.{subscription}"
        rules = _rules(more.pop("rules", []), f"{where}.rules")
        queue = _queue(more, _OF_SUBSCRIPTIONS, where)
        path = subscription_path(name, subscription)
        namespace.queues[path] = queue._replace(rules=rules)


def _queue(details: dict[str, Any], known: Mapping[str, _Detail], place: str) -> Queue:
    _known(details, known, place)
    values: dict[str, Any] = {
        known[key].field: _value(given, known[key], f"{place}.{key}") for key, given in details.items()
    }
    return Queue(**values)


def _value(given: object, detail: _Detail, place: str) -> object:
    if detail.kind is timedelta:
        return _duration(given, place)
    if type(given) is not detail.kind or (detail.kind is int and not int(str(given)) > 0):
        expected = "true or false" if detail.kind is bool else "a number from 1 on"
        raise ConfigError(f"servicebus.json: {place} must be {expected}, not {json.dumps(given)}")
    return given


def _duration(given: object, place: str) -> timedelta:
    found = _DURATION.fullmatch(given) if isinstance(given, str) else None
    span = timedelta(**{unit: int(count or 0) for unit, count in found.groupdict().items()}) if found else None
    if not span:
        raise ConfigError(f"servicebus.json: {place} must be a duration such as PT5M or P14D, not {json.dumps(given)}")
    return span


def _rules(given: object, place: str) -> tuple[Rule, ...] | None:
    if not isinstance(given, list):
        raise ConfigError(f"servicebus.json: {place} must be a list, not {json.dumps(given)}")
    return tuple(_rule(rule, place) for rule in given) or None


def _rule(given: object, place: str) -> Rule:
    content = dict(_known(given, {*_CORRELATION, "properties"}, place))
    properties = _known(content.pop("properties", {}), None, f"{place}.properties")
    if not (content or properties) or any(not isinstance(value, str) for value in content.values()):
        raise ConfigError(f"servicebus.json: {place} needs fields with texts, or properties, to compare with")
    return Rule({_CORRELATION[key]: str(value) for key, value in content.items()}, properties)


def _entries(given: object, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, details in _known(given, None, place).items():
        yield name, dict(_known(details, None, f"{place}.{name}"))


def _known(given: object, names: Any, place: str) -> dict[str, Any]:
    """The object, if it is one and (unless `names` is None) holds nothing else than these."""
    if not isinstance(given, dict):
        raise ConfigError(f"servicebus.json: {place or 'it'} must be an object, not {json.dumps(given)}")
    for name in given:
        if names is not None and name not in names:
            raise ConfigError(
                f"servicebus.json: {place and place + '.'}{name} is not known; known are {', '.join(sorted(names))}"
            )
    return given
