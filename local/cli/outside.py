"""What Baton is set to reach outside: the mail server, the model, and itself as recipients reach it."""

from __future__ import annotations

import smtplib
import ssl
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import httpx2

from local.cli.settings import setting
from local.cli.verdict import Verdict, fail, ok, warn

_SECONDS = 5.0


def smtp() -> Verdict:
    """Connects and signs in; sends nothing. The password is never shown."""
    url = setting("BATON_SMTP_URL")
    if url is None:
        return ok("mail", "goes to the outbox folder (BATON_SMTP_URL is not set)")
    try:
        parts = urlsplit(url)
        place = f"{parts.hostname}:{parts.port or 587}"
    except ValueError:
        return fail("mail", "BATON_SMTP_URL is not a URL", "smtp://user:password@host:587")
    try:
        _sign_in(parts)
    except (OSError, smtplib.SMTPException) as error:
        return fail("mail", f"{place}: {_reason(error)}", "check BATON_SMTP_URL and that the server is up")
    if _is_loopback(parts.hostname or "") or (setting("BATON_PUBLIC_URL") or "").startswith("https://"):
        return ok("mail", f"{place} answers")
    return fail("mail", f"{place} answers, but recipients could not unsubscribe", "set BATON_PUBLIC_URL to https://…")


def public_url() -> Verdict:
    """Where recipients reach the links."""
    url = setting("BATON_PUBLIC_URL")
    if url is None:
        return ok("links", "lead to this machine (BATON_PUBLIC_URL is not set)")
    if not url.startswith("https://"):
        return warn("links", f"lead to {url}", "an https:// address, if other machines are to follow them")
    try:
        httpx2.get(f"{url.rstrip('/')}/api/v1/health", timeout=_SECONDS).raise_for_status()
    except httpx2.HTTPError as error:
        return warn("links", f"{url} does not lead to Baton: {_reason(error)}", "check BATON_PUBLIC_URL and the proxy")
    return ok("links", f"{url} leads to Baton")


def model() -> Verdict:
    """Asks the endpoint for its models; pays for nothing."""
    url, name = setting("BATON_MODEL_URL"), setting("BATON_MODEL_NAME")
    if url is None:
        return ok("model", "the built-in writer (BATON_MODEL_URL is not set)")
    if name is None:
        return fail("model", f"{url}, but which of its models?", "set BATON_MODEL_NAME")
    headers = {"Authorization": f"Bearer {setting('BATON_MODEL_KEY')}"} if setting("BATON_MODEL_KEY") else {}
    try:
        httpx2.get(f"{url.rstrip('/')}/models", headers=headers, timeout=_SECONDS).raise_for_status()
    except httpx2.HTTPError as error:
        return fail("model", f"{url}: {_reason(error)}", "check BATON_MODEL_URL and BATON_MODEL_KEY")
    return ok("model", f"{name} at {url}")


def _sign_in(parts: SplitResult) -> None:
    authority = parse_qs(parts.query).get("ca", [None])[0]
    with smtplib.SMTP(parts.hostname or "", parts.port or 587, timeout=_SECONDS) as server:
        server.ehlo()
        if parts.username or not _is_loopback(parts.hostname or ""):
            server.starttls(context=ssl.create_default_context(cafile=authority))
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
