"""The only chooser of adapters: settings in, ports out. What is not configured has its home on this machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from threading import RLock
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from shared import home, settings
from shared.access.entra import Entra
from shared.access.pace import Paces
from shared.access.principal import Credentials
from shared.access.signing_keys import SigningKeys
from shared.adapters._azure import identity
from shared.adapters._azure.blobs import blob_service
from shared.adapters._azure.cosmos import cosmos_client
from shared.adapters._azure.identity import credential, token
from shared.adapters._azure.service_bus import service_bus
from shared.adapters._azure.tables import table_service
from shared.adapters._http.fetch import fetch
from shared.adapters._sqlite.database import Database
from shared.adapters.bus.host import HostBus
from shared.adapters.bus.service_bus import ServiceBus
from shared.adapters.channels.acs_email import AcsEmailChannel
from shared.adapters.channels.acs_sms import AcsSmsChannel
from shared.adapters.channels.chat import ChatChannel
from shared.adapters.channels.failover import FailoverChannel
from shared.adapters.channels.mastodon import MastodonChannel
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.channels.smtp import SmtpChannel
from shared.adapters.channels.twilio import TwilioChannel, twilio_tokens
from shared.adapters.channels.webhook import WebhookChannel
from shared.adapters.clock.host import HostClock
from shared.adapters.dkim.folder import FolderDkimKeys
from shared.adapters.dkim.setting import SettingDkimKeys
from shared.adapters.dns.resolver import DnsResolver, server_of
from shared.adapters.documents.cosmos import CosmosDocuments
from shared.adapters.documents.encrypted import EncryptedDocuments
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.endpoints.guarded import GuardedEndpoints
from shared.adapters.files.blob import BlobFiles
from shared.adapters.files.folder import FolderFiles
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.journal.tables import TablesJournal
from shared.adapters.knowledge.published import PublishedKnowledge
from shared.adapters.knowledge.reader import ChildReader
from shared.adapters.knowledge.sqlite import SqliteKnowledge
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.ledger.tables import TablesLedger
from shared.adapters.mailboxes.imap import ImapMailbox
from shared.adapters.mailboxes.maildir import Maildir
from shared.adapters.models.foundry import FoundryModel
from shared.adapters.models.openai import OpenAiModel
from shared.adapters.models.writer import BuiltInWriter
from shared.domain.directories import LOCAL, directories_of
from shared.domain.faults import Misconfigured
from shared.domain.links import door
from shared.domain.model_names import base_of, model_names, place_of
from shared.domain.relay import Relay, relays_of
from shared.domain.routing import HomeName, Place
from shared.domain.scope import Scope
from shared.ports import (
    Bus,
    Channel,
    DkimKeys,
    Documents,
    Endpoints,
    Files,
    Journal,
    Keys,
    Knowledge,
    Ledger,
    Mailbox,
    Model,
    Ports,
    Resolver,
)
from shared.settings import Settings
from shared.telemetry import SILENT, Telemetry

_LOCAL, _AZURE = "local", "azure"
"""The replicas that documents are `changed_by`."""
_MAKING = RLock()
"""Two first callers must not open the home twice: `cache` alone would let both in."""
_OPEN = ExitStack()
"""What is to be closed with the home."""
_KILLED = timedelta(hours=1)
"""What has been unfinished for so long was left by a process that is gone."""
_AI = "https://ai.azure.com/.default"
"""For what Azure's models take tokens."""
Closable = TypeVar("Closable", FoundryModel, OpenAiModel)


def ports() -> Ports:
    """Everything an agent may touch, made at the first call and kept for the life of the process."""
    with _MAKING:
        return _ports()


def telemetry() -> Telemetry:
    """What is told of the work; `SILENT`, and no SDK is loaded, where nothing listens or settings cannot be read."""
    with _MAKING:
        try:
            return _telemetry()
        except Misconfigured:
            return SILENT


def model_urls() -> dict[str, str]:
    """Where the homes of models that are configured are: setting -> URL."""
    chosen = _settings()
    found = {
        "BATON_MODEL_URL": chosen.model_url,
        "BATON_LOCAL_MODEL_URL": chosen.local_model_url,
        "OpenAIConnection__endpoint": chosen.openai and chosen.openai.endpoint,
        "FoundryConnection__endpoint": chosen.foundry and chosen.foundry.endpoint,
    }
    return {name: url for name, url in found.items() if url}


def owner_token() -> str:
    """The token that the owner shows; made with the home."""
    with _MAKING:
        given = _settings().owner_token
        return given.strip() if given else home.owner_token(_settings().home)


def credentials() -> Credentials:
    """What callers are checked against."""
    with _MAKING:
        home = _ports()
        return Credentials(owner_token(), home.keys.field, home.documents, _entra(), _settings().easy_auth)


def paces() -> Paces:
    """How often anybody may call, counted in this process."""
    with _MAKING:
        return _paces()


@cache
def _entra() -> Entra | None:
    chosen = _settings()
    if chosen.entra_tenants is None or chosen.entra_audience is None:
        return None
    keys = SigningKeys(chosen.entra_authority, fetch)
    return Entra(directories_of(chosen.entra_tenants), chosen.entra_audience.split(), keys)


@cache
def _paces() -> Paces:
    return Paces()


@cache
def _ports() -> Ports:
    chosen, clock = _settings(), HostClock(_settings().host_clock)
    files = _files(chosen, clock)
    made = Ports(
        documents=_documents(chosen, clock),
        ledger=_ledger(chosen, clock),
        journal=_journal(chosen, clock),
        files=files,
        models=_models(chosen, clock),
        channels=_channels(chosen, clock),
        clock=clock,
        keys=_keys(chosen),
        dkim=_dkim(chosen),
        resolver=_resolver(chosen),
        relays=_relays(chosen),
        public_url=chosen.public_url,
        timezone=chosen.timezone,
        knowledge=_knowledge(chosen, files),
        reader=ChildReader(),
        mailbox=_mailbox(chosen),
        fonts=(chosen.home / "fonts",),
        bus=_bus(chosen),
        endpoints=_endpoints(chosen),
        text_signers=twilio_tokens(chosen.sms_url),
        tenants=sorted({LOCAL, *directories_of(chosen.entra_tenants or "").values()}),
        outbox=OutboxChannel(chosen.home / "outbox"),
        scrub=_scrub(chosen),
    )
    if not _telemetry().listens:
        return made
    from shared.telemetry.watched import watched

    return watched(made, _telemetry())


@cache
def _telemetry() -> Telemetry:
    chosen = _settings()
    if not (chosen.otlp or chosen.insights):
        return SILENT
    from shared.telemetry.exporters import metric_exporters, span_exporters
    from shared.telemetry.sdk import OpenTelemetry

    try:
        spans, metrics = span_exporters(chosen.otlp, chosen.insights), metric_exporters(chosen.otlp, chosen.insights)
    except ValueError as error:
        raise Misconfigured("APPLICATIONINSIGHTS_CONNECTION_STRING", str(error)) from None
    return _OPEN.enter_context(closing(OpenTelemetry(spans, metrics, "baton")))


def _keys(chosen: Settings) -> Keys:
    if chosen.keys is None:
        return home.keys(chosen.home)
    try:
        return home.read_keys(chosen.keys, "it")
    except ValueError as error:
        raise Misconfigured("BATON_KEYS", str(error).removeprefix("it ")) from None


def _mailbox(chosen: Settings) -> Mailbox | None:
    url = chosen.mailbox_url
    if url is None:
        return None
    if url.startswith("maildir://"):
        return Maildir(Path(unquote(urlsplit(url).path)))
    try:
        return ImapMailbox(url)
    except ValueError as error:
        raise Misconfigured("BATON_MAILBOX_URL", str(error).removeprefix("BATON_MAILBOX_URL: ")) from None


def close() -> None:
    """Let go of the home; the next call opens it again, with the settings of then."""
    with _MAKING:
        _OPEN.close()
        identity.close()
        for made in (_ports, _telemetry, _database, _entra, _paces, _settings):
            made.cache_clear()


@cache
def _settings() -> Settings:
    return settings.read()


@cache
def _database() -> Database:
    where = _settings().home
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _OPEN.enter_context(closing(Database(where / "baton.db")))


def _closing(model: Closable) -> Closable:
    return _OPEN.enter_context(closing(model))


def _documents(chosen: Settings, clock: HostClock) -> Documents:
    """Whichever the home is, marked fields reach it encrypted."""
    field = _keys(chosen).field
    ring = home.FieldRing(chosen.home) if chosen.keys is None else lambda: field
    return EncryptedDocuments(_plain_documents(chosen, clock), ring)


def _plain_documents(chosen: Settings, clock: HostClock) -> Documents:
    if chosen.documents is None:
        return SqliteDocuments(_database(), clock=clock, replica=_LOCAL)
    connect = partial(cosmos_client, chosen.documents)
    return _OPEN.enter_context(closing(CosmosDocuments(connect, clock=clock, replica=_AZURE)))


def _scrub(chosen: Settings) -> Callable[[], None] | None:
    """Whatever of the three lies in the file is gone from it then."""
    return _database().scrub if None in (chosen.documents, chosen.ledger, chosen.journal) else None


def _ledger(chosen: Settings, clock: HostClock) -> Ledger:
    if chosen.ledger is None:
        return SqliteLedger(_database())
    return _OPEN.enter_context(closing(TablesLedger(partial(table_service, chosen.ledger), clock.pace)))


def _journal(chosen: Settings, clock: HostClock) -> Journal:
    if chosen.journal is None:
        return SqliteJournal(_database())
    return _OPEN.enter_context(closing(TablesJournal(partial(table_service, chosen.journal), clock.pace)))


def _files(chosen: Settings, clock: HostClock) -> Files:
    if chosen.files is None:
        files = FolderFiles(chosen.home / "files")
        files.sweep(clock.now() - _KILLED)
        return files
    return _OPEN.enter_context(closing(BlobFiles(partial(blob_service, chosen.files), clock)))


def _bus(chosen: Settings) -> Bus | None:
    if chosen.bus is not None:
        return _OPEN.enter_context(closing(ServiceBus(partial(service_bus, chosen.bus))))
    if chosen.host_bus is None or chosen.host_keys is None:
        return None
    return _OPEN.enter_context(closing(HostBus(chosen.host_bus, chosen.host_keys)))


def _endpoints(chosen: Settings) -> Endpoints:
    try:
        return GuardedEndpoints(chosen.webhook_allow or "")
    except ValueError as error:
        raise Misconfigured("BATON_WEBHOOK_ALLOW", str(error)) from None


def _knowledge(chosen: Settings, files: Files) -> Knowledge:
    """Documents in Cosmos DB have many machines before them: then the index is published for all of them."""
    if chosen.documents is not None:
        return PublishedKnowledge(files, chosen.home / "knowledge")
    return _OPEN.enter_context(closing(SqliteKnowledge(chosen.home / "knowledge")))


def _models(chosen: Settings, clock: HostClock) -> dict[HomeName, Model]:
    """The homes of models that are configured, and the built-in writer, which always is."""
    made: list[Model] = []
    if chosen.foundry and chosen.foundry.endpoint and chosen.foundry_model:
        made.append(
            _closing(
                FoundryModel(
                    chosen.foundry.endpoint,
                    partial(credential, chosen.foundry),
                    model_names(chosen.foundry_model).text,
                    clock.pace,
                )
            )
        )
    if chosen.openai and chosen.openai.endpoint and chosen.openai_model:
        made.append(
            _endpoint(
                "azure", "cloud", base_of(chosen.openai.endpoint), token(chosen.openai, _AI), chosen.openai_model, clock
            )
        )
    if chosen.model_url and chosen.model_name:
        place = place_of(chosen.model_url)
        made.append(_endpoint("endpoint", place, chosen.model_url, chosen.model_key, chosen.model_name, clock))
    if chosen.local_model_url and chosen.local_model_name:
        made.append(_endpoint("local", "local", chosen.local_model_url, None, chosen.local_model_name, clock))
    return {model.name: model for model in [*made, BuiltInWriter()]}


def _endpoint(
    home: HomeName, place: Place, url: str, key: str | Callable[[], str] | None, names: str, clock: HostClock
) -> OpenAiModel:
    return _closing(OpenAiModel(home, place, url, key, model_names(names), clock.pace))


def _channels(chosen: Settings, clock: HostClock) -> dict[str, Channel]:
    """The channels that are configured. Raises Misconfigured."""
    try:
        found: dict[str, Channel | None] = {
            "email": _email(chosen, clock),
            "sms": _sms(chosen, clock),
            "webhook": _webhook(chosen, clock),
            "chat": ChatChannel(chosen.chat_url) if chosen.chat_url else None,
            "social": MastodonChannel(chosen.social_url) if chosen.social_url else None,
        }
        return {name: channel for name, channel in found.items() if channel is not None}
    except ValueError as error:
        setting, _, reason = str(error).partition(": ")
        raise Misconfigured(setting, reason) from None


def _email(chosen: Settings, clock: HostClock) -> Channel:
    found: list[Channel] = []
    if chosen.smtp_url is not None:
        found.append(SmtpChannel(chosen.smtp_url, chosen.public_url))
    if chosen.email_url is not None:
        found.append(AcsEmailChannel(chosen.email_url, chosen.communication, chosen.public_url, clock.now))
    return _together(found) if found else OutboxChannel(chosen.home / "outbox")


def _sms(chosen: Settings, clock: HostClock) -> Channel | None:
    found: list[Channel] = [
        TwilioChannel(url, callback=_texts_door)
        if url.startswith("twilio")
        else AcsSmsChannel(url, chosen.communication, clock.now)
        for url in (chosen.sms_url or "").split()
    ]
    return _together(found) if found else None


def _texts_door(scope: Scope) -> str:
    """Where Twilio tells what becomes of text messages of a scope."""
    return door(_settings().public_url, scope, "texts", _keys(_settings()).link)


def _webhook(chosen: Settings, clock: HostClock) -> Channel | None:
    if chosen.webhook_url is None:
        return None
    return WebhookChannel(chosen.webhook_url, chosen.webhook_secret, clock.now)


def _together(channels: list[Channel]) -> Channel:
    return channels[0] if len(channels) == 1 else FailoverChannel(channels)


def _dkim(chosen: Settings) -> DkimKeys:
    if chosen.dkim_keys is None:
        return FolderDkimKeys(chosen.home / "dkim")
    try:
        return SettingDkimKeys("BATON_DKIM_KEYS", chosen.dkim_keys)
    except ValueError as error:
        raise Misconfigured("BATON_DKIM_KEYS", str(error)) from None


def _resolver(chosen: Settings) -> Resolver:
    try:
        return DnsResolver(server_of(chosen.dns_server) if chosen.dns_server else None)
    except ValueError as error:
        raise Misconfigured("BATON_DNS_SERVER", str(error)) from None


def _relays(chosen: Settings) -> list[Relay]:
    try:
        return relays_of(chosen.smtp_url, chosen.smtp_spf, chosen.email_url, chosen.communication)
    except ValueError as error:
        raise Misconfigured("BATON_SMTP_SPF", str(error)) from None
