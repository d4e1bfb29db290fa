"""What e-mail needs beside a channel: keys that sign it, the DNS that vouches for it, the mailbox it comes back to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.adapters.dkim.folder import FolderDkimKeys
from shared.adapters.dkim.setting import SettingDkimKeys
from shared.adapters.dns.resolver import DnsResolver, server_of
from shared.adapters.mailboxes.imap import ImapMailbox
from shared.adapters.mailboxes.maildir import Maildir
from shared.domain.faults import Misconfigured
from shared.domain.relay import Relay, relays_of
from shared.ports import DkimKeys, Mailbox, Resolver
from shared.settings import Settings


def dkim(chosen: Settings) -> DkimKeys:
    if chosen.dkim_keys is None:
        return FolderDkimKeys(chosen.home / "dkim")
    try:
        return SettingDkimKeys("BATON_DKIM_KEYS", chosen.dkim_keys)
    except ValueError as error:
        raise Misconfigured("BATON_DKIM_KEYS", str(error)) from None


def resolver(chosen: Settings) -> Resolver:
    try:
        return DnsResolver(server_of(chosen.dns_server) if chosen.dns_server else None)
    except ValueError as error:
        raise Misconfigured("BATON_DNS_SERVER", str(error)) from None


def relays(chosen: Settings) -> list[Relay]:
    """The servers that hand mail on, as SPF has to name them."""
    try:
        return relays_of(chosen.smtp_url, chosen.smtp_spf, chosen.email_url, chosen.communication)
    except ValueError as error:
        raise Misconfigured("BATON_SMTP_SPF", str(error)) from None


def mailbox(chosen: Settings) -> Mailbox | None:
    url = chosen.mailbox_url
    if url is None:
        return None
    if url.startswith("maildir://"):
        return Maildir(Path(unquote(urlsplit(url).path)))
    try:
        return ImapMailbox(url)
    except ValueError as error:
        raise Misconfigured("BATON_MAILBOX_URL", str(error).removeprefix("BATON_MAILBOX_URL: ")) from None
