"""Over what messages leave: e-mail, text messages, webhooks, chat, social networks."""

from __future__ import annotations

from functools import partial

from shared.adapters.channels.acs_email import AcsEmailChannel
from shared.adapters.channels.acs_sms import AcsSmsChannel
from shared.adapters.channels.chat import ChatChannel
from shared.adapters.channels.failover import FailoverChannel
from shared.adapters.channels.mastodon import MastodonChannel
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.channels.smtp import SmtpChannel
from shared.adapters.channels.twilio import TwilioChannel
from shared.adapters.channels.webhook import WebhookChannel
from shared.domain.faults import Misconfigured
from shared.domain.links import door
from shared.domain.scope import Scope
from shared.ports import Channel
from shared.settings import Settings
from shared.wiring.home import Home
from shared.wiring.stores import keys


def channels(home: Home) -> dict[str, Channel]:
    """The channels that are configured. Raises Misconfigured."""
    chosen = home.settings
    try:
        found: dict[str, Channel | None] = {
            "email": _email(home),
            "sms": _sms(home),
            "webhook": _webhook(home),
            "chat": ChatChannel(chosen.chat_url) if chosen.chat_url else None,
            "social": MastodonChannel(chosen.social_url) if chosen.social_url else None,
        }
        return {name: channel for name, channel in found.items() if channel is not None}
    except ValueError as error:
        setting, _, reason = str(error).partition(": ")
        raise Misconfigured(setting, reason) from None


def outbox(chosen: Settings) -> OutboxChannel:
    """The folder that takes e-mail while nothing else does."""
    return OutboxChannel(chosen.home / "outbox")


def _email(home: Home) -> Channel | None:
    """On Azure the folder would be gone with the instance, and the mails in it: there e-mail is set up or absent."""
    chosen, found = home.settings, list[Channel]()
    if chosen.smtp_url is not None:
        found.append(SmtpChannel(chosen.smtp_url, chosen.public_url))
    if chosen.email_url is not None:
        found.append(AcsEmailChannel(chosen.email_url, chosen.communication, chosen.public_url, home.clock.now))
    if found:
        return _together(found)
    return None if chosen.site else outbox(chosen)


def _sms(home: Home) -> Channel | None:
    chosen = home.settings
    found: list[Channel] = [
        TwilioChannel(url, callback=partial(_texts_door, home))
        if url.startswith("twilio")
        else AcsSmsChannel(url, chosen.communication, home.clock.now)
        for url in (chosen.sms_url or "").split()
    ]
    return _together(found) if found else None


def _texts_door(home: Home, scope: Scope) -> str:
    """Where Twilio tells what becomes of text messages of a scope."""
    return door(home.settings.public_url, scope, "texts", keys(home).link)


def _webhook(home: Home) -> Channel | None:
    chosen = home.settings
    if chosen.webhook_url is None:
        return None
    return WebhookChannel(chosen.webhook_url, chosen.webhook_secret, home.clock.now)


def _together(channels: list[Channel]) -> Channel:
    return channels[0] if len(channels) == 1 else FailoverChannel(channels)
