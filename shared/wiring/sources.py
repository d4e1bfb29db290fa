"""Where companies are found: web sites, feeds, and a directory if one is named."""

from __future__ import annotations

from shared.adapters.endpoints.guarded import opened
from shared.adapters.sources.feed import FeedSource
from shared.adapters.sources.overpass import OverpassSource
from shared.adapters.sources.page import PageSource
from shared.adapters.sources.sites import HttpSites
from shared.domain.faults import Misconfigured
from shared.ports import Sites, Source, SourceName
from shared.wiring.home import Home


def sites(home: Home) -> Sites:
    """Whoever opens addresses to webhooks opens them to this reader, too."""
    try:
        return HttpSites(home.clock, opened(home.settings.webhook_allow or ""))
    except ValueError as error:
        raise Misconfigured("BATON_WEBHOOK_ALLOW", str(error)) from None


def sources(home: Home, sites: Sites) -> dict[SourceName, Source]:
    """Feeds and pages always; the directory where BATON_DIRECTORY_URL names one."""
    found: dict[SourceName, Source] = {"feed": FeedSource(sites), "page": PageSource(sites)}
    if home.settings.directory_url:
        found["directory"] = OverpassSource(home.settings.directory_url)
    return found
