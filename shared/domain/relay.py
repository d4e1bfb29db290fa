"""Through whom e-mail leaves for the world: what receivers must find about that server in the sender's DNS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.domain.connection import Connection
from shared.domain.loopback import is_loopback
from shared.domain.spf import Source, source_of

_INCLUDES: tuple[tuple[str, str], ...] = (
    (".sendgrid.net", "sendgrid.net"),
    (".amazonaws.com", "amazonses.com"),
    (".mailgun.org", "mailgun.org"),
    (".postmarkapp.com", "spf.mtasv.net"),
    (".office365.com", "spf.protection.outlook.com"),
    (".azurecomm.net", "spf.protection.outlook.com"),
    (".gmail.com", "_spf.google.com"),
    (".google.com", "_spf.google.com"),
)
"""End of a submission server's name -> what customers of that provider include: mail does not leave from the address
that takes it in."""
ACS_SELECTORS = ("selector1-azurecomm-prod-net", "selector2-azurecomm-prod-net")
"""Azure Communication Services signs by itself; a domain points these names to `azurecomm.net`."""


@dataclass(frozen=True)
class Relay:
    """`spf`: from where its mail reaches receivers; empty: from its own addresses. `signs`: the selectors under which
    it signs by itself; empty: Baton's key signs."""

    host: str
    spf: tuple[Source, ...] = ()
    signs: tuple[str, ...] = ()


def relays_of(
    smtp_url: str | None, smtp_spf: str | None, email_url: str | None, communication: Connection | None
) -> list[Relay]:
    """The servers that are configured and not on this machine. Raises ValueError for wrong terms in `smtp_spf`."""
    found = []
    if smtp_url and not is_loopback(host := urlsplit(smtp_url).hostname or ""):
        found.append(Relay(host, tuple(map(source_of, (smtp_spf or "").split())) or _known(host)))
    if email_url and communication and not is_loopback(host := _endpoint(communication)):
        found.append(Relay(host, (Source(include="spf.protection.outlook.com"),), ACS_SELECTORS))
    return found


def _known(host: str) -> tuple[Source, ...]:
    names: Iterable[str] = (include for end, include in _INCLUDES if host.lower().endswith(end))
    return tuple(Source(include=name) for name in names)


def _endpoint(connection: Connection) -> str:
    given = connection.endpoint or (re.findall(r"endpoint=([^;]+)", connection.secret or "", re.IGNORECASE) or [""])[0]
    return urlsplit(given).hostname or ""
