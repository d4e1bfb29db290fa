"""The only chooser of adapters: settings in, ports out. What is not configured has its home on this machine.

`stores` where data lies · `models` who writes · `channels` over what messages leave · `mail` what e-mail needs beside
that · `books` who tells of payments · `calendars` when nothing leaves · `events` how other systems are told · `callers`
who may call · `listeners` who is told of the work · `sources` where companies are found · `home` what all share."""

from __future__ import annotations

from functools import cache
from threading import RLock

from shared.access.entra import Entra
from shared.access.pace import Paces
from shared.access.principal import Credentials
from shared.adapters._azure import identity
from shared.adapters.channels.twilio import twilio_tokens
from shared.adapters.knowledge.reader import ChildReader
from shared.domain.faults import Misconfigured
from shared.domain.programs import programs_of
from shared.ports import Ports
from shared.telemetry import SILENT, Telemetry
from shared.wiring import books, calendars, callers, channels, events, listeners, mail, models, sources, stores
from shared.wiring.home import Home

_MAKING = RLock()
"""Two first callers must not open the home twice: `cache` alone would let both in."""


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
    with _MAKING:
        return models.model_urls(_home().settings)


def owner_token() -> str | None:
    """The token that the owner shows. None: there is no owner here, all come with a token of Entra ID or a key."""
    with _MAKING:
        return callers.owner_token(_home().settings)


def credentials() -> Credentials:
    """What callers are checked against."""
    with _MAKING:
        made, easy_auth = _ports(), _home().settings.easy_auth
        return Credentials(owner_token(), made.keys.field, made.documents, _entra(), easy_auth, made.tenants)


def paces() -> Paces:
    """How often anybody may call, counted in this process."""
    with _MAKING:
        return _paces()


def close() -> None:
    """Let go of the home; the next call opens it again, with the settings of then."""
    with _MAKING:
        if _home.cache_info().currsize:
            _home().close()
        identity.close()
        for made in (_ports, _telemetry, _entra, _paces, _home):
            made.cache_clear()


@cache
def _home() -> Home:
    return Home()


@cache
def _ports() -> Ports:
    home = _home()
    chosen, files, documents = home.settings, stores.files(home), stores.documents(home)
    calendar_files = calendars.files(home)
    sites = sources.sites(home)
    made = Ports(
        documents=documents,
        sites=sites,
        sources=sources.sources(home, sites),
        encryption=documents,
        rings=home.key_file,
        ledger=stores.ledger(home),
        journal=stores.journal(home),
        files=files,
        folders=stores.folders(home),
        knowledge=stores.knowledge(home, files),
        scrub=stores.scrub(home),
        hosts=stores.hosts(chosen),
        keys=stores.keys(home),
        models=models.models(home),
        channels=channels.channels(home),
        outbox=channels.outbox(chosen),
        text_signers=twilio_tokens(chosen.sms_url),
        dkim=mail.dkim(chosen),
        resolver=mail.resolver(chosen),
        relays=mail.relays(chosen),
        mailbox=mail.mailbox(chosen),
        books=books.books(home),
        bus=events.bus(home),
        endpoints=events.endpoints(chosen),
        calendar=calendars.calendar(home, documents, calendar_files),
        calendar_files=calendar_files,
        tenants=callers.tenants(chosen),
        reader=ChildReader(),
        clock=home.clock,
        public_url=chosen.public_url,
        timezone=chosen.timezone,
        programs=programs_of(chosen.programs or ""),
        fonts=(chosen.home / "fonts",),
        work=chosen.home / "work",
    )
    if not _telemetry().listens:
        return made
    from shared.telemetry.watched import watched

    return watched(made, _telemetry())


@cache
def _telemetry() -> Telemetry:
    return listeners.telemetry(_home())


@cache
def _entra() -> Entra | None:
    return callers.entra(_home().settings)


@cache
def _paces() -> Paces:
    return Paces()
