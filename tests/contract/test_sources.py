"""What every source of companies and news promises, and what each alone does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.adapters.clock.host import HostClock
from shared.adapters.sources.feed import FeedSource
from shared.adapters.sources.overpass import LICENCE, OverpassSource
from shared.adapters.sources.page import PageSource
from shared.adapters.sources.sites import HttpSites
from shared.agents.qualify.table import TableSource
from shared.ports.sources import Asked, Source, Unreadable
from shared.process.rows.raw import REJECTED
from shared.process.rows.sheets import SheetRejects
from tests.servers.provider import Asked as Request
from tests.servers.provider import ProviderServer, Reply
from tests.servers.web import Web

NAMES = ["Halm Dental", "Kern <b>& Co", "Lohe"]
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><copyright>CC BY 4.0</copyright>{}</channel></rss>'
ENTRY = (
    "<item><title>{}</title><link>https://{}.example/a</link><pubDate>Mon, 01 Mar 2027 08:00:00 GMT</pubDate>"
    "<category>teeth</category></item>"
)


class Overpass(ProviderServer):
    """Answers as the API is documented; `elements` are what is on its map."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[dict[str, object]] = []
        self.said: Reply | None = None

    def answer(self, asked: Request) -> Reply:
        query = asked.form()["data"]
        if self.said:
            return self.said
        assert query.startswith("[out:json]"), query
        most = int(query.rpartition("out tags ")[2].rstrip(";"))
        body = {"version": 0.6, "osm3s": {"copyright": "ODbL"}, "elements": self.elements[:most]}
        return Reply.of(200, body)


@dataclass
class Home:
    """A source that holds the companies, and one that holds nothing that can be read."""

    source: Source
    asked: Callable[[int], Asked]
    broken: Asked
    licence: str
    links: Sequence[str] = tuple(f"https://s{n}.example" for n in range(3))


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> HostClock:
    """One on which nothing elapses: pauses return at once."""
    file = tmp_path_factory.mktemp("clock") / "clock"
    file.write_bytes((int(datetime(2027, 3, 2, tzinfo=UTC).timestamp()) * 10**9).to_bytes(8, "little", signed=True))
    return HostClock(file)


@pytest.fixture(scope="module")
def sites(web: Web, clock: HostClock) -> HttpSites:
    return HttpSites(clock, web.allowed, resolve=web.resolve)


@pytest.fixture(scope="module")
def overpass() -> Iterator[Overpass]:
    with Overpass() as server:
        yield server


@pytest.fixture(params=["table", "feed", "page", "directory"])
def home(request: pytest.FixtureRequest, web: Web, sites: HttpSites, overpass: Overpass) -> Home:
    if request.param == "table":
        rows = "Company,Website,Land,Umsatz,Religion\n" + "".join(
            f"{name},s{n}.example,DE,5,x\n" for n, name in enumerate(NAMES)
        )
        return Home(
            TableSource(),
            lambda most: Asked(blocks=[rows.encode()], most=most),
            Asked(blocks=[b"a,b\n1,2\n"]),
            "as whoever",
        )
    if request.param == "feed":
        entries = "".join(
            ENTRY.format(name.replace("<", "&lt;").replace("&", "&amp;"), f"s{n}") for n, name in enumerate(NAMES)
        )
        at = web.site(
            "news.example", rss=Reply(200, RSS.format(entries).encode(), {"Content-Type": "application/rss+xml"})
        )
        web.sites["news.example"]["/none"] = "<html>no feed</html>"
        return Home(
            FeedSource(sites), lambda most: Asked(url=f"{at}/rss", most=most), Asked(url=f"{at}/none"), "CC BY 4.0"
        )
    if request.param == "page":
        return _page(web, PageSource(sites))
    overpass.elements = [
        {"type": "node", "id": n, "tags": {"name": name, "website": f"https://s{n}.example", "amenity": "dentist"}}
        for n, name in enumerate(NAMES)
    ]
    overpass.said = None
    wanted = {"terms": "dentist", "city": "Leeds", "country": "GB"}
    source = OverpassSource(overpass.url + "/api/interpreter")
    return Home(source, lambda most: Asked(**wanted, most=most), Asked(terms='x"];out;'), LICENCE)


def _page(web: Web, source: PageSource) -> Home:
    """Its links are to its own site; those to others, to nowhere and to scripts are none."""
    links = "".join(f'<a href="/{n}">{name.replace("<b>", "")}</a>' for n, name in enumerate(NAMES))
    odd = '<a href="javascript:x()">No</a><a href="https://other.example/">No</a><a href="/x"> </a><a href="http://[">No</a>'
    at = web.site("rival.example", home=f'<link rel="license" href="CC0"><h2></h2>{links}{odd}')
    web.sites["rival.example"]["/none"] = Reply(200, b"%PDF", {"Content-Type": "application/pdf"})
    return Home(source, lambda most: Asked(url=at, most=most), Asked(url=f"{at}/none"), "CC0", [at] * 3)


def test_it_holds_each_thing_with_where_it_is_from_and_on_which_terms(home: Home) -> None:
    reading = home.source.read(home.asked(100))
    assert [each.title.partition(" <")[0].partition(" &")[0] for each in reading.items] == [
        "Halm Dental",
        "Kern",
        "Lohe",
    ]
    assert [re.sub("/[a0-9]*$", "", each.link) for each in reading.items] == list(home.links)
    assert all(each.where for each in reading.items)
    assert reading.licence.startswith(home.licence)
    assert reading.whole
    assert reading.method


def test_it_reads_no_more_than_is_asked_for_and_says_so(home: Home) -> None:
    reading = home.source.read(home.asked(2))
    assert (len(reading.items), reading.whole) == (2, False)


def test_reading_again_gives_the_same(home: Home) -> None:
    assert home.source.read(home.asked(100)) == home.source.read(home.asked(100))


def test_what_cannot_be_read_is_told_in_words(home: Home) -> None:
    with pytest.raises(Unreadable, match=r"\w+ \w+"):
        home.source.read(home.broken)


def test_a_pasted_list_is_read_line_by_line_and_each_wrong_one_is_named() -> None:
    pasted = "halm.example\nhttps://www.kern.example/shop, lohe.example\n\n=HYPERLINK(1)\njavascript:alert(1)\n"
    reading = TableSource().read(Asked(blocks=[pasted.encode()]))
    assert [each.link for each in reading.items] == [
        "https://halm.example",
        "https://www.kern.example",
        "https://lohe.example",
    ]
    assert reading.problems == [
        "line 4: '=HYPERLINK(1)' is no web site",
        "line 5: 'javascript:alert(1)' is no web site",
    ]


def test_columns_of_ones_own_are_kept_and_what_must_not_be_weighed_is_not_read() -> None:
    rows = "Firma;Umsatz;Religion;Geburtsdatum;PLZ\nHalm;5;yes;1970;12345\n;;;;\n;7;;;\n"
    reading = TableSource().read(Asked(blocks=[rows.encode("cp1252")]))
    assert [dict(each.values) for each in reading.items] == [{"name": "Halm", "given.umsatz": "5"}]
    assert reading.problems == ["row 4: names no company"]


def test_a_workbook_is_read_as_a_table(tmp_path: Path) -> None:
    book = SheetRejects(tmp_path / "a.xlsx", ["Company", "Website"])
    book._row([*("" for _ in REJECTED), "Halm", "halm.example"])
    book.close()
    reading = TableSource().read(Asked(blocks=[(tmp_path / "a.xlsx").read_bytes()]))
    assert [dict(each.values) for each in reading.items] == [{"name": "Halm", "website": "https://halm.example"}]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(429, b"", {"Retry-After": "30"}), "answered 429; it asks to wait 30 s"),
        (Reply(200, b"<html>"), "not what its documentation says"),
        (Reply(200, b'{"elements": 1}'), "not what its documentation says"),
        (Reply(200, json.dumps({"elements": [], "remark": "runtime error: timed out"}).encode()), "runtime error"),
    ],
)
def test_a_directory_that_fails_is_told(overpass: Overpass, reply: Reply, why: str) -> None:
    overpass.said = reply
    with pytest.raises(Unreadable, match=why):
        OverpassSource(overpass.url).read(Asked(terms="dentist", city="Leeds"))


def test_a_directory_is_asked_in_its_language_and_nothing_can_be_slipped_in(overpass: Overpass) -> None:
    overpass.said, overpass.elements = None, [{"type": "way", "id": 1, "tags": {}}, {"tags": None}, "odd"]  # type: ignore[list-item]
    reading = OverpassSource(overpass.url).read(Asked(terms="Estate agent", city="Leeds", country="gb", most=5))
    assert (reading.items, reading.problems) == ([], ["2 places have no name"])
    query = overpass.asked[-1].form()["data"]
    assert 'area["ISO3166-1"="GB"][admin_level=2]->.country;area["name"="Leeds"]' in query
    assert 'nwr["office"="estate_agent"](area.country)(area.city);' in query
    for wrong in ({"terms": "dentist"}, {"city": "Leeds"}, {"terms": "a", "city": 'x"](', "country": "GB"}):
        with pytest.raises(Unreadable):
            OverpassSource(overpass.url).read(Asked(**wrong))  # type: ignore[arg-type]
