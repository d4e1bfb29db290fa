"""Flags, host.json and local.settings.json."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.host.config import ConfigError, HostJson, load_app_settings, parse_flags, read_host_json


def write(folder: Path, name: str, content: Any) -> None:
    (folder / name).write_text(json.dumps(content), "utf-8-sig")


def test_without_host_json_the_defaults_are_azures(tmp_path: Path) -> None:
    assert read_host_json(tmp_path) == HostJson(route_prefix="api", max_activities=10, version_match="CurrentOrOlder")


def test_host_json_is_obeyed_and_the_rest_is_named(tmp_path: Path) -> None:
    durable = {
        "hubName": "Baton",
        "defaultVersion": "1.0.0",
        "maxConcurrentActivityFunctions": 3,
        "maxConcurrentEntityFunctions": 4,
        "httpSettings": {"defaultAsyncRequestSleepTimeMilliseconds": 250, "useForwardedHost": True},
        "useGracefulShutdown": True,
    }
    content = {
        "version": "2.0",
        "logging": {
            "logLevel": {"default": "Warning"},
            "applicationInsights": {"samplingSettings": {"isEnabled": True}},
        },
        "extensionBundle": {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"},
        "extensions": {"http": {"routePrefix": ""}, "durableTask": durable},
    }
    write(tmp_path, "host.json", content)
    assert read_host_json(tmp_path) == HostJson(
        route_prefix="",
        hub_name="Baton",
        default_version="1.0.0",
        max_activities=3,
        max_entities=4,
        http_poll_ms=250,
        log_level="WARNING",
        unsupported=(
            "extensions.durableTask.httpSettings.useForwardedHost",
            "extensions.durableTask.useGracefulShutdown",
        ),
    )


def test_the_name_of_the_hub_may_be_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "host.json", {"extensions": {"durableTask": {"hubName": "%HOST_TEST_HUB%"}}})
    monkeypatch.setenv("HOST_TEST_HUB", "")
    assert read_host_json(tmp_path).hub_name == "DurableFunctionsHub"
    monkeypatch.setenv("HOST_TEST_HUB", "baton")
    assert read_host_json(tmp_path).hub_name == "baton"


@pytest.mark.parametrize(("complete", "named"), [(True, ()), (False, ("extensions.serviceBus.autoCompleteMessages",))])
def test_messages_are_completed_in_any_case(tmp_path: Path, complete: bool, named: tuple[str, ...]) -> None:
    write(tmp_path, "host.json", {"extensions": {"serviceBus": {"autoCompleteMessages": complete}}})
    assert read_host_json(tmp_path).unsupported == named


@pytest.mark.parametrize(
    ("durable", "reason"),
    [
        ({"maxConcurrentActivityFunctions": "8"}, r"maxConcurrentActivityFunctions must be a int, not \"8\""),
        ({"maxConcurrentActivityFunctions": 0}, "at least 1"),
        ({"maxConcurrentEntityFunctions": 0}, r"durableTask\.maxConcurrentEntityFunctions must be at least 1, not 0"),
        ({"httpSettings": {"defaultAsyncRequestSleepTimeMilliseconds": "1"}}, r"SleepTimeMilliseconds must be a int"),
        ({"versionMatchStrategy": "Newest"}, "one of CurrentOrOlder, Strict, None"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, durable: Any, reason: str) -> None:
    write(tmp_path, "host.json", {"extensions": {"durableTask": durable}})
    with pytest.raises(ConfigError, match=reason):
        read_host_json(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "host.json").write_text(text, "latin-1")
    with pytest.raises(ConfigError, match=r"host\.json"):
        read_host_json(tmp_path)


def test_local_settings_fill_the_environment_and_never_overwrite_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_TEST_SET", "outside")
    monkeypatch.setenv("HOST_TEST_UNSET", "")
    monkeypatch.delenv("HOST_TEST_UNSET")
    write(tmp_path, "local.settings.json", {"Values": {"HOST_TEST_SET": "file", "HOST_TEST_UNSET": "file"}})
    load_app_settings(tmp_path)
    assert (os.environ["HOST_TEST_SET"], os.environ["HOST_TEST_UNSET"]) == ("outside", "file")


def test_local_settings_of_a_wrong_type_are_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, "local.settings.json", {"Values": {"DEPTH": 3}})
    with pytest.raises(ConfigError, match=r"Values\.DEPTH must be a text, not 3"):
        load_app_settings(tmp_path)


def test_encrypted_local_settings_are_refused_with_the_remedy(tmp_path: Path) -> None:
    write(tmp_path, "local.settings.json", {"IsEncrypted": True, "Values": {}})
    with pytest.raises(ConfigError, match="func settings decrypt"):
        load_app_settings(tmp_path)


def test_flags_have_sensible_defaults(tmp_path: Path) -> None:
    flags = parse_flags([str(tmp_path)])
    assert (flags.port, flags.clock, flags.state_dir) == (7071, "real", tmp_path / ".baton")
    assert (flags.sticky, flags.ordered_events) == (True, True)
    assert not parse_flags([str(tmp_path), "--events", "azure"]).ordered_events


def test_the_virtual_clock_may_begin_at_a_time(tmp_path: Path) -> None:
    assert parse_flags([str(tmp_path), "--clock", "virtual"]).clock_start is None
    flags = parse_flags([str(tmp_path), "--clock", "virtual=2026-03-13T09:00+01:00", "--sticky", "off"])
    assert (flags.clock, flags.clock_start, flags.sticky) == ("virtual", datetime(2026, 3, 13, 8, tzinfo=UTC), False)


def test_a_virtual_clock_may_hold_from_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not parse_flags([str(tmp_path), "--clock", "virtual"]).hold
    assert parse_flags([str(tmp_path), "--clock", "virtual", "--hold"]).hold
    with pytest.raises(SystemExit):
        parse_flags([str(tmp_path), "--hold"])
    assert "--clock virtual" in capsys.readouterr().err


@pytest.mark.parametrize("clock", ["fast", "virtual=soon", "real=2026-03-13"])
def test_a_clock_that_is_none_is_refused(tmp_path: Path, clock: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_flags([str(tmp_path), "--clock", clock])
    assert "--clock" in capsys.readouterr().err


def test_the_limits_of_service_bus_triggers_are_obeyed(tmp_path: Path) -> None:
    limits = {
        "maxConcurrentCalls": 2,
        "maxConcurrentSessions": 3,
        "maxMessageBatchSize": 4,
        "maxAutoLockRenewalDuration": "00:01:30",
        "prefetchCount": 100,
        "autoCompleteMessages": False,
    }
    write(tmp_path, "host.json", {"extensions": {"serviceBus": limits}})
    assert read_host_json(tmp_path) == HostJson(
        max_calls=2,
        max_sessions=3,
        max_message_batch=4,
        max_lock_renewal=timedelta(seconds=90),
        unsupported=("extensions.serviceBus.autoCompleteMessages",),
    )
    write(tmp_path, "host.json", {"extensions": {"serviceBus": {"maxAutoLockRenewalDuration": 90}}})
    with pytest.raises(ConfigError, match=r"serviceBus\.maxAutoLockRenewalDuration: "):
        read_host_json(tmp_path)
