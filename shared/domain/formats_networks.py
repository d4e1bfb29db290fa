"""The rules of each network, as it or those who publish through it state them: data with source and day. They change;
what is newer is entered here, nowhere else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from shared.domain.placeholders import URL

Counting = Literal["characters", "x", "mastodon"]
"""characters: code points. x: weights of two for what is not common in Western writing, 23 for an address.
mastodon: 23 for an address, of a mention only the name."""


class Network(NamedTuple):
    """One network. `fold`: what is seen before a reader opens the post. `hashtags`: at most; `advised`: as many as are
    read gladly. `links`: an address in the text can be tapped. `mentions`: naming an account with @ links to it."""

    most: int
    counting: Counting
    fold: int
    hashtags: int
    advised: int
    links: bool
    mentions: bool
    source: str
    as_of: date


NETWORKS: Mapping[str, Network] = {
    "linkedin": Network(
        most=3000, counting="characters", fold=210, hashtags=30, advised=5, links=True, mentions=False,
        source="https://www.ayrshare.com/docs/apis/post/social-networks/linkedin", as_of=date(2026, 11, 21),
    ),
    "x": Network(
        most=280, counting="x", fold=280, hashtags=10, advised=2, links=True, mentions=True,
        source="https://docs.x.com/fundamentals/counting-characters", as_of=date(2026, 11, 21),
    ),
    "facebook": Network(
        most=63_206, counting="characters", fold=400, hashtags=30, advised=2, links=True, mentions=False,
        source="https://socialpreviewhub.com/guides/character-counter", as_of=date(2026, 4, 11),
    ),
    "instagram": Network(
        most=2200, counting="characters", fold=125, hashtags=5, advised=5, links=False, mentions=True,
        source="https://www.ayrshare.com/docs/apis/post/social-networks/instagram", as_of=date(2026, 11, 21),
    ),
    "mastodon": Network(
        most=500, counting="mastodon", fold=500, hashtags=10, advised=3, links=True, mentions=True,
        source="https://docs.joinmastodon.org/user/posting/", as_of=date(2026, 11, 21),
    ),
}  # fmt: skip
_ADDRESS_TAKES = 23
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that X counts once; all others twice."""
_JOINED = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]|\u200d[\\S]")
"""What belongs to the emoji before it: X counts a whole sequence as one emoji."""
_MENTION = re.compile(r"(?<!\w)@(\w+)@[\w.-]+\w")


def counted(text: str, counting: Counting) -> int:
    """How long a network takes a post to be."""
    if counting == "characters":
        return len(text)
    links = len(URL.findall(text))
    rest = URL.sub("", unicodedata.normalize("NFC", text))
    if counting == "mastodon":
        return _ADDRESS_TAKES * links + len(_MENTION.sub(r"@\1", rest))
    return _ADDRESS_TAKES * links + sum(map(_weight, _JOINED.sub("", rest)))


def _weight(character: str) -> int:
    return 1 if any(first <= ord(character) <= last for first, last in _LIGHT) else 2
