"""Who else is given data of people by this home as it is set up: processors in the sense of GDPR Article 28."""

from __future__ import annotations

from urllib.parse import urlsplit

from shared.ports import Ports

_HERE = ("outbox",)


def outside(ports: Ports) -> list[str]:
    """What and through whom, in words; nothing that stays on this machine."""
    channels = (f"{name}: {channel.name}" for name, channel in ports.channels.items() if channel.name not in _HERE)
    relays = (f"mail server: {relay.host}" for relay in ports.relays)
    models = (f"model: {name}" for name, model in ports.models.items() if model.place != "local")
    box = ["mailbox for what comes back"] if ports.mailbox else []
    return sorted({*channels, *relays, *models, *box, *_hosting(ports)})


def _hosting(ports: Ports) -> list[str]:
    host = urlsplit(ports.public_url).hostname or ""
    return [] if host in ("127.0.0.1", "localhost", "::1") else [f"public address: {host}"]


def does(name: str) -> str:
    """What whoever `outside` names is given data for."""
    kind = name.partition(":")[0]
    return _DOES.get(kind, "carries messages: address or number, and the text")


_DOES = {
    **dict.fromkeys(("documents", "ledger", "journal", "files"), "keeps it: what the table of docs/data-use.md says"),
    "mail server": "carries mail: address, name, the text",
    "model": "writes and answers: what a task or a mail says of people",
    "mailbox for what comes back": "takes mail that comes back: address, what the server or person wrote",
    "public address": "carries links: who unsubscribes, opens, clicks, chooses",
}
