"""Settings: what the environment says, what the sample shows, what is refused."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from shared.domain.connection import Connection
from shared.domain.directories import directories_of
from shared.domain.faults import Misconfigured
from shared.settings import Settings, read

ROOT = Path(__file__).parents[3]
OF_THE_RUNTIME = {
    "FUNCTIONS_WORKER_RUNTIME",
    "AzureWebJobsDisableHomepage",
    "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING",
    "TASKHUB_NAME",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
}


DIRECTORY = "11111111-1111-1111-1111-111111111111"
MODELS = {"BATON_OPENAI_MODEL": "m", "BATON_FOUNDRY_MODEL": "m"}


def sample() -> dict[str, str]:
    values: dict[str, str] = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    return values


def _endpoint(name: str) -> str:
    return "agency.example" if name.endswith("Namespace") else "https://agency.example"


def test_the_sample_names_every_setting_and_nothing_else() -> None:
    connections = {field.name for field in fields(Settings) if field.type == "Connection | None"}
    ours = {f"BATON_{field.name.upper()}" for field in fields(Settings)} - {
        f"BATON_{each.upper()}" for each in connections
    }
    named = set(sample()) - OF_THE_RUNTIME
    assert {name for name in named if "__" not in name} == ours - {
        "BATON_HOST_CLOCK",
        "BATON_HOST_BUS",
        "BATON_HOST_KEYS",
        # Named by OpenTelemetry and by Azure.
        "BATON_OTLP",
        "BATON_INSIGHTS",
        "BATON_SITE",
    }
    of_connections = {name for name in named if "__" in name}
    settings = [read({name: _endpoint(name), **MODELS}) for name in of_connections]
    assert {each for each in connections for given in settings if getattr(given, each)} == connections
    assert len(of_connections) == len(connections)


def test_the_sample_says_what_holds_without_it() -> None:
    assert read(sample()) == read({}) == Settings()


def test_each_variable_sets_its_field() -> None:
    given = read(
        {
            "BATON_HOME": "/srv/baton",
            "BATON_KEYS": "{}",
            "BATON_OWNER_TOKEN": "mine",
            "BATON_ENTRA_TENANTS": DIRECTORY,
            "BATON_ENTRA_AUDIENCE": "our-app",
            "BATON_ENTRA_AUTHORITY": "https://login.example/",
            "BATON_PUBLIC_URL": "https://baton.example/",
            "BATON_SMTP_URL": "smtp://user:pass@mail.example:587",
            "BATON_BOOKS_URL": "stripe://k:s@api.stripe.com",
            "BATON_DKIM_KEYS": "[]",
            "BATON_SMTP_SPF": "include:spf.example",
            "BATON_DNS_SERVER": "192.0.2.53",
            "BATON_MAILBOX_URL": "maildir:///srv/returns",
            "BATON_MODEL_URL": "https://models.example/v1",
            "BATON_MODEL_KEY": "secret",
            "BATON_MODEL_NAME": "small",
            "BATON_LOCAL_MODEL_URL": "http://localhost:11434/v1",
            "BATON_LOCAL_MODEL_NAME": "tiny embed=vectors",
            "BATON_OPENAI_MODEL": "large",
            "BATON_FOUNDRY_MODEL": "larger",
            "BATON_FOLDERS": "inbox=/srv/in",
            "BATON_CALENDAR_URL": "https://name:word@dav.example/cal/{workspace}/",
            "BATON_DIRECTORY_URL": "https://overpass.example/api/interpreter",
            "BATON_TIMEZONE": "Europe/Berlin",
            "HOST_CLOCK": "/run/clock",
            "HOST_BUS": "http://127.0.0.1:7071",
            "HOST_KEYS": "/run/keys",
        }
    )
    assert given == Settings(
        home=Path("/srv/baton"),
        keys="{}",
        owner_token="mine",
        entra_tenants=DIRECTORY,
        entra_audience="our-app",
        entra_authority="https://login.example",
        public_url="https://baton.example",
        smtp_url="smtp://user:pass@mail.example:587",
        books_url="stripe://k:s@api.stripe.com",
        dkim_keys="[]",
        smtp_spf="include:spf.example",
        dns_server="192.0.2.53",
        mailbox_url="maildir:///srv/returns",
        model_url="https://models.example/v1",
        model_key="secret",
        model_name="small",
        local_model_url="http://localhost:11434/v1",
        local_model_name="tiny embed=vectors",
        openai_model="large",
        foundry_model="larger",
        folders="inbox=/srv/in",
        calendar_url="https://name:word@dav.example/cal/{workspace}/",
        directory_url="https://overpass.example/api/interpreter",
        timezone="Europe/Berlin",
        host_clock=Path("/run/clock"),
        host_bus="http://127.0.0.1:7071",
        host_keys=Path("/run/keys"),
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BATON_PUBLIC_URL", "baton.example"),
        ("BATON_SMTP_URL", "http://user:hunter2@mail.example"),
        ("BATON_SMTP_URL", "smtp://"),
        ("BATON_CALENDAR_URL", "http://name:hunter2@dav.example/cal/"),
        ("BATON_MODEL_URL", "ftp://models.example"),
        ("BATON_LOCAL_MODEL_URL", "localhost:11434"),
        ("BATON_MODEL_NAME", "small sing=hunter2"),
        ("BATON_OPENAI_MODEL", "embed=hunter2"),
        ("OpenAIConnection", "key=hunter2"),
        ("FoundryConnection__endpoint", "http://hunter2.example"),
        ("BATON_MAILBOX_URL", "pop3://user:hunter2@mail.example"),
        ("BATON_ENTRA_AUTHORITY", "http://hunter2.example"),
        ("BATON_EASY_AUTH", "hunter2"),
        ("BATON_EASY_AUTH", "on"),
        ("BATON_TIMEZONE", "Mars/Olympus"),
        ("BATON_TIMEZONE", "../etc/passwd"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_no_password_repeated(variable: str, value: str) -> None:
    with pytest.raises(Misconfigured) as wrong:
        read({variable: value})
    assert wrong.value.error.field == variable
    assert "hunter2" not in str(wrong.value)


SECRET = "AccountName=agency;AccountKey=aHVudGVyMg==;EndpointSuffix=core.windows.net"
WHERE = "https://agency.table.core.windows.net"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"": SECRET}, Connection(secret=SECRET)),
        ({"": SECRET, "__tableServiceUri": WHERE}, Connection(secret=SECRET)),
        ({"__tableServiceUri": WHERE}, Connection(endpoint=WHERE)),
        (
            {"__tableServiceUri": WHERE, "__credential": "managedidentity", "__clientId": "c1"},
            Connection(endpoint=WHERE, managed=True, client_id="c1"),
        ),
        ({"__clientId": "c1"}, None),
    ],
)
def test_a_connection_is_named_as_bindings_name_it(given: dict[str, str], meant: Connection | None) -> None:
    assert read({f"LedgerConnection{name}": value for name, value in given.items()}).ledger == meant
    assert "aHVudGVyMg" not in repr(meant)


def test_documents_have_a_connection_of_their_own() -> None:
    secret = "AccountEndpoint=https://agency.documents.azure.com:443/;AccountKey=aHVudGVyMg==;"
    assert read({"CosmosConnection": secret}).documents == Connection(secret=secret)
    where = {"CosmosConnection__accountEndpoint": "https://agency.documents.azure.com/"}
    assert read(where).documents == Connection(endpoint="https://agency.documents.azure.com/")
    assert (read({}).documents, read(where).ledger) == (None, None)


def test_the_bus_is_named_by_its_host_alone() -> None:
    where = {"ServiceBusConnection__fullyQualifiedNamespace": "agency.servicebus.windows.net"}
    assert read(where).bus == Connection(endpoint="agency.servicebus.windows.net")
    secret = "Endpoint=sb://agency.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=aHVudGVyMg=="
    assert read({"ServiceBusConnection": secret}).bus == Connection(secret=secret)


@pytest.mark.parametrize(
    ("wrong", "given"),
    [
        ("ServiceBusConnection", {"ServiceBusConnection": "hunter2"}),
        (
            "ServiceBusConnection__fullyQualifiedNamespace",
            {"ServiceBusConnection__fullyQualifiedNamespace": "sb://hunter2.example"},
        ),
        ("LedgerConnection", {"LedgerConnection": "hunter2"}),
        ("LedgerConnection__tableServiceUri", {"LedgerConnection__tableServiceUri": "http://hunter2.example"}),
        (
            "LedgerConnection__credential",
            {"LedgerConnection__tableServiceUri": WHERE, "LedgerConnection__credential": "hunter2"},
        ),
    ],
)
def test_a_connection_that_cannot_be_is_named(wrong: str, given: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as found:
        read(given)
    assert found.value.error.field == wrong
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    ("where", "which"),
    [
        ("BATON_MODEL_URL", "BATON_MODEL_NAME"),
        ("BATON_LOCAL_MODEL_URL", "BATON_LOCAL_MODEL_NAME"),
        ("OpenAIConnection__endpoint", "BATON_OPENAI_MODEL"),
        ("FoundryConnection__endpoint", "BATON_FOUNDRY_MODEL"),
    ],
)
def test_a_model_needs_its_name(where: str, which: str) -> None:
    with pytest.raises(Misconfigured, match=which):
        read({where: "https://models.example/v1"})


def test_on_azure_everything_that_lasts_has_a_home_that_does() -> None:
    lasting = {
        "BATON_KEYS": "{}",
        "CosmosConnection__accountEndpoint": "https://cosmos.example",
        "LedgerConnection__tableServiceUri": "https://tables.example",
        "JournalConnection__tableServiceUri": "https://tables.example",
        "FilesConnection": "AccountName=agency;AccountKey=key",
    }
    read({"WEBSITE_SITE_NAME": "baton", **lasting})
    for name in lasting:
        without = {each: text for each, text in lasting.items() if each != name}
        with pytest.raises(Misconfigured, match=name):
            read({"WEBSITE_SITE_NAME": "baton", **without})
        read(without)


@pytest.mark.parametrize("name", ["BATON_OWNER_TOKEN", "BATON_KEYS", "BATON_WEBHOOK_SECRET"])
def test_a_reference_to_a_vault_that_was_not_followed_is_no_secret(name: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        read({name: "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/it)"})


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"BATON_ENTRA_TENANTS": DIRECTORY}, "BATON_ENTRA_AUDIENCE"),
        ({"BATON_ENTRA_AUDIENCE": "our-app"}, "BATON_ENTRA_TENANTS"),
        ({"BATON_ENTRA_TENANTS": "common", "BATON_ENTRA_AUDIENCE": "our-app"}, "BATON_ENTRA_TENANTS"),
        ({"BATON_ENTRA_TENANTS": f"Agency={DIRECTORY}", "BATON_ENTRA_AUDIENCE": "our-app"}, "BATON_ENTRA_TENANTS"),
    ],
)
def test_whose_tokens_are_taken_is_said_completely_or_not_at_all(given: dict[str, str], named: str) -> None:
    with pytest.raises(Misconfigured) as wrong:
        read(given)
    assert wrong.value.error.field == named


def test_rule_s3_headers_of_a_platform_are_believed_on_azure_only() -> None:
    entra = {"BATON_ENTRA_TENANTS": DIRECTORY, "BATON_ENTRA_AUDIENCE": "our-app", "BATON_EASY_AUTH": "on"}
    with pytest.raises(Misconfigured) as wrong:
        read(entra)
    assert wrong.value.error.field == "BATON_EASY_AUTH"


def test_directories_are_agencies() -> None:
    other = DIRECTORY.replace("1", "2")
    assert directories_of(f"{DIRECTORY.upper()} north={other}") == {DIRECTORY: "local", other: "north"}
