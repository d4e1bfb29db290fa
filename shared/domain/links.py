"""Signed public links: open, click, unsubscribe, preferences, opt-in, logo, report, invitation. No login, no personal
data, cannot be forged (rules U3, S1)."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from shared.domain.scope import Scope

Purpose = Literal["u", "o", "c", "w", "p", "d", "b", "s", "a", "i", "n", "k", "q", "f", "r"]
_MAC_BYTES = 16
_PLACE = re.compile(r"([?&]baton_click=)(?=[&#]|$)")


class Link(NamedTuple):
    """What a token says: whose message it was in. `person` is the keyed hash; `target` the position of a click link, or
    the second (since 1970) in which an opt-in link ends. A logo's ("b") is nobody's: its `campaign` names the
    file. Of a client's link ("s") `person` is the share, and `target` the second in which it ends; of a question ("a")
    `person` is who was asked, by the id of the asking; of an invitation ("i") the member, `shard` which of their
    links it is, and `target` the second in which it ends. Of an invoice ("n") `campaign` is its id; of a contract ("k")
    `campaign` is its id, `shard` its version, `person` the role that signs, `target` the second in which it ends.
    Of a proposal ("q") `campaign` is its id, `shard` its version, `person` whom it was sent to, `target` its end.
    Of the form for strangers ("f") `shard` is the number of the link.
    Of questions to a client ("r") `campaign` is the deal, `person` the asking, `target` its end."""

    purpose: Purpose
    scope: Scope
    campaign: str
    shard: int
    person: str
    target: int = 0


def sign(link: Link, keys: Mapping[str, bytes]) -> str:
    """The URL-safe token, signed with the newest key (the last of `keys`)."""
    key_id = list(keys)[-1]
    payload = "|".join(
        (key_id, link.purpose, *link.scope, link.campaign, str(link.shard), link.person, str(link.target))
    )
    raw = payload.encode("ascii")
    return _text(raw + _mac(raw, keys[key_id]))


def verify(token: str, purpose: Purpose, keys: Mapping[str, bytes]) -> Link | None:
    """The link if its signature holds and it is for this purpose, else None. Never raises, whatever it is given.

    Only the spelling that `sign` writes is one: else whoever has a link had as many as they like, each with a limit of
    its own (decoders of RFC 4648 skip foreign characters, padding and spare bits, sections 3.3 and 3.5)."""
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        if _text(data) != token:
            return None
        raw, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
        key_id, found, tenant, workspace, campaign, shard, person, target = raw.decode("ascii").split("|")
        if not hmac.compare_digest(mac, _mac(raw, keys[key_id])) or found != purpose:
            return None
        return Link(purpose, Scope(tenant, workspace), campaign, int(shard), person, int(target))
    except (ValueError, KeyError):
        return None


def with_click(target: str, token: str) -> str:
    """The address with the token in it, if whoever wrote it left the place for it (`…?baton_click=`)."""
    return _PLACE.sub(rf"\g<1>{token}", target, count=1)


def door(base: str, scope: Scope, name: str, keys: Mapping[str, bytes]) -> str:
    """The address at which somebody brings news of a workspace; whoever knows it was told by its owner."""
    return f"{base}/api/v1/webhooks/{name}/{sign(Link('w', scope, '', 0, name), keys)}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _mac(raw: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"baton-link-1|" + raw, "sha256")[:_MAC_BYTES]
