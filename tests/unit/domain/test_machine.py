from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.machine import TOO_SOON_SECONDS, Reason, is_simulated, machine_reason

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
CUBOT = "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
GMAIL_PREFETCH = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
)
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"


@pytest.mark.parametrize("agent", [PHONE, CHROME, CUBOT, GMAIL, YAHOO, "Baton-Simulator (person)", "Thunderbird/128.0"])
def test_people_and_proxies_that_wait_for_a_reader_are_people(agent: str) -> None:
    assert machine_reason(agent, "GET", 3600) is None


@pytest.mark.parametrize(
    ("agent", "method", "seconds", "reason"),
    [
        (CHROME, "HEAD", 3600, "head-request"),
        ("", "GET", 3600, "no-user-agent"),
        ("   ", "GET", 3600, "no-user-agent"),
        ("Mozilla/5.0", "GET", 3600, "privacy-proxy"),
        (GMAIL_PREFETCH, "GET", 3600, "privacy-proxy"),
        ("Baton-Simulator (proxy)", "GET", 3600, "privacy-proxy"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "GET", 3600, "scanner"),
        ("Barracuda Sentinel (EE)", "GET", 3600, "scanner"),
        ("python-requests/2.32", "GET", 3600, "scanner"),
        ("curl/8.5.0", "GET", 3600, "scanner"),
        (CHROME.replace("Chrome", "HeadlessChrome"), "GET", 3600, "scanner"),
        (CHROME, "GET", 2.5, "too-soon"),
    ],
)
def test_each_kind_of_machine_has_its_reason(agent: str, method: str, seconds: float, reason: str) -> None:
    assert machine_reason(agent, method, seconds) == reason


def test_too_soon_ends_at_its_limit_and_needs_a_known_time() -> None:
    assert machine_reason(CHROME, "GET", TOO_SOON_SECONDS - 0.001) == "too-soon"
    assert machine_reason(CHROME, "GET", TOO_SOON_SECONDS) is None
    assert machine_reason(CHROME, "GET", None) is None


@given(agent=st.text(), method=st.sampled_from(["GET", "HEAD"]), seconds=st.none() | st.floats(0, 1e6))
def test_every_request_is_either_a_persons_or_has_a_reason(agent: str, method: str, seconds: float | None) -> None:
    reason = machine_reason(agent, method, seconds)
    assert reason in (None, *get_args(Reason))
    assert method == "GET" or reason == "head-request"


def test_only_the_simulator_is_simulated() -> None:
    assert is_simulated("Baton-Simulator (proxy)")
    assert is_simulated("Baton-Simulator (person) Mozilla/5.0")
    assert not is_simulated(CHROME)
    assert not is_simulated("")
