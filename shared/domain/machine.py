"""Did a person open it, or a machine? Decided once, when it happens, and kept with its reason.

In doubt it was a person: proxies that fetch only when somebody opens (Gmail's and Yahoo's image proxies) stand for
people, or every Gmail reader would vanish. What is certainly a machine has one of the codes below.
"""

from __future__ import annotations

import re
from typing import Literal

Reason = Literal["head-request", "no-user-agent", "privacy-proxy", "scanner", "too-soon"]

TOO_SOON_SECONDS = 10.0
"""Nobody receives, notices and opens a mail this fast; scanners at the gateway and prefetching caches do."""

_PRIVACY_PROXY = re.compile(
    r"^Mozilla/5\.0$"  # Apple Mail Privacy Protection fetches every image through a proxy with this and nothing more
    r"|Edge/12\.246\b"  # Gmail's prefetch, which unlike its image proxy does not wait for a reader
    r"|^Baton-Simulator \(proxy\)"
)
_SCANNER = re.compile(  # CUBOT makes telephones
    r"(?<!cu)bot\b|crawl|spider|scan|preview|monitor|headless|phantomjs"
    r"|barracuda|proofpoint|mimecast|symantec|fortinet|sophos|trendmicro|checkpoint|safelinks|urldefense|ironport"
    r"|curl/|wget/|python-|go-http-client|java/|okhttp|libwww-perl|axios/|node-fetch|httpclient|guzzlehttp",
    re.IGNORECASE,
)


def machine_reason(user_agent: str, method: str, seconds_since_accepted: float | None) -> Reason | None:
    """Why this was a machine; None: a person. Unknown `seconds_since_accepted` are not held against them."""
    if method == "HEAD":
        return "head-request"
    if not user_agent.strip():
        return "no-user-agent"
    if _PRIVACY_PROXY.search(user_agent.strip()):
        return "privacy-proxy"
    if _SCANNER.search(user_agent):
        return "scanner"
    if seconds_since_accepted is not None and seconds_since_accepted < TOO_SOON_SECONDS:
        return "too-soon"
    return None


def is_simulated(user_agent: str) -> bool:
    """True for the people (and proxies) that the simulator plays: `Baton-Simulator`, `Baton-Simulator (proxy)`."""
    return "Baton-Simulator" in user_agent
