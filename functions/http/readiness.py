"""Whether each home answers, asked now, all at once, with little patience. Imported at the first call."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from urllib.parse import urlsplit

from shared.domain.names import COMMANDS, Kind
from shared.domain.scope import Scope
from shared.ports import Channel, Ports
from shared.redaction import blank

PATIENCE = 3.0
"""Seconds for all of them together."""
_NOTHING = "ready"
"""What is asked for: the name of something that need not be there."""
_PORTS = {"http": 80, "https": 443}
_FIX = {
    "documents": "check CosmosConnection__accountEndpoint and its role; without it, that BATON_HOME can be written",
    "ledger": "check LedgerConnection__tableServiceUri and its role; without it, that BATON_HOME can be written",
    "journal": "check JournalConnection__tableServiceUri and its role; without it, that BATON_HOME can be written",
    "files": "check FilesConnection__blobServiceUri and its role; without it, that BATON_HOME can be written",
    "bus": f"check ServiceBusConnection__fullyQualifiedNamespace, its role, and that the queue {COMMANDS} is there",
    "email": "check BATON_SMTP_URL or BATON_EMAIL_URL, and that the server is up",
    "sms": "check BATON_SMS_URL, and that the provider is up",
    "webhook": "check BATON_WEBHOOK_URL, and that its server is up",
    "chat": "check BATON_CHAT_URL, and that its server is up",
    "social": "check BATON_SOCIAL_URL, and that its server is up",
}


def look(ports: Ports, scope: Scope, models: Mapping[str, str]) -> dict[str, str]:
    """`ok`, or what is wrong and what mends it, of every home; `models` by setting (a model is connected to, not asked:
    that would cost). Nothing is written."""
    probes: dict[str, Callable[[], str | None]] = {
        "documents": lambda: _silent(ports.documents.get(scope, Kind.SCOPE, _NOTHING)),
        "ledger": lambda: _silent(ports.ledger.tally(scope, _NOTHING)),
        "journal": lambda: _silent(ports.journal.read(scope, _NOTHING, limit=1)),
        "files": lambda: _silent(ports.files.size(scope, _NOTHING)),
        **{name: partial(_channel, name, channel, scope) for name, channel in ports.channels.items()},
        **{setting: partial(_connect, url) for setting, url in models.items()},
    }
    found: dict[str, str] = {}
    if bus := ports.bus:
        probes["bus"] = lambda: _silent(bus.dead_letters(scope, COMMANDS, limit=1))
    pool = ThreadPoolExecutor(len(probes), "ready")
    wait([pool.submit(_note, found, name, ask) for name, ask in probes.items()], PATIENCE)
    pool.shutdown(wait=False)
    return {name: found.get(name, _mended(name, f"does not answer within {PATIENCE:g} s")) for name in probes}


def _note(found: dict[str, str], name: str, ask: Callable[[], str | None]) -> None:
    try:
        found[name] = ask() or "ok"
    except Exception as fault:  # whatever it is, it is the answer
        found[name] = _mended(name, f"cannot be used: {type(fault).__name__}: {blank(str(fault))[:200]}")


def _mended(name: str, wrong: str) -> str:
    return f"{wrong}; {_FIX.get(name, f'check {name}')}"


def _silent(_: object) -> None:
    """It answered; what, does not matter."""


def _channel(name: str, channel: Channel, scope: Scope) -> str | None:
    """Its refusal has the fix in it."""
    if (why := channel.refusal()) is not None:
        return why
    with channel.session(scope) as session:
        why = session.unreachable()
    return _mended(name, blank(why)) if why else None


def _connect(url: str) -> str | None:
    parts = urlsplit(url)
    place = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    with socket.create_connection(place, PATIENCE):
        return None
