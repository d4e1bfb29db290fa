"""Which bindings are Azure's, and what they name there."""

from __future__ import annotations

import asyncio

import pytest
from azure.functions.decorators.servicebus import (
    ServiceBusQueueOutput,
    ServiceBusQueueTrigger,
    ServiceBusTopicOutput,
    ServiceBusTopicTrigger,
)

from local.host.namespaces import configured, entity_of, receiver, receiving

SECRET = "Endpoint=sb://agency.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=aGlkZGVu"
WHERE = "agency.servicebus.windows.net"


@pytest.mark.parametrize("setting", ["BusConnection", "BusConnection__fullyQualifiedNamespace"])
def test_a_binding_is_azures_when_its_connection_is_configured(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    binding = ServiceBusQueueOutput("m", "BusConnection", "done")
    monkeypatch.setenv(setting, "")
    assert configured(binding) == ""
    monkeypatch.setenv(setting, SECRET)
    assert configured(binding) == "BusConnection"
    assert configured(ServiceBusQueueOutput("m", "OtherConnection", "done")) == ""


def test_an_entity_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "Orders")
    assert entity_of(ServiceBusQueueTrigger("m", "B", "%NAME%")) == "Orders"
    assert entity_of(ServiceBusTopicTrigger("m", "B", "Leads", "warm")) == "leads/subscriptions/warm"
    assert entity_of(ServiceBusTopicOutput("m", "B", "news")) == "news"


@pytest.mark.parametrize(
    "settings",
    [
        {"BusConnection": SECRET},
        {"BusConnection__fullyQualifiedNamespace": WHERE},
        {
            "BusConnection__fullyQualifiedNamespace": WHERE,
            "BusConnection__credential": "managedidentity",
            "BusConnection__clientId": "c1",
        },
    ],
)
def test_a_client_speaks_to_the_namespace_of_its_connection(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    async def look() -> tuple[str, str, str]:
        async with receiving("BusConnection") as client:
            found = [receiver(client, source).entity_path for source in ("q/$DeadLetterQueue", "t/subscriptions/s")]
            return client.fully_qualified_namespace, found[0], found[1]

    assert asyncio.run(look()) == (WHERE, "q/$DeadLetterQueue", "t/Subscriptions/s")
