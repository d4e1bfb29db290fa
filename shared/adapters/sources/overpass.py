"""Companies on the map: the Overpass API of OpenStreetMap (wiki.openstreetmap.org/wiki/Overpass_API). The data are
under the Open Database License: whoever shows them names OpenStreetMap."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from shared.adapters._http.wire import Answer, Limits, Lost, NotSent, Request, Wire
from shared.ports.sources import Asked, Item, Reading, Unreadable

LICENCE = "© OpenStreetMap contributors, ODbL 1.0"
_LIMITS = Limits(connect=10.0, whole=60.0, answer=20_000_000)
_MOST = 1000
_KEYS = ("shop", "office", "craft", "amenity", "healthcare", "tourism", "leisure")
"""Keys under which the map has companies."""
_TERMS = re.compile(r"[\w &'.-]{2,60}")


class OverpassSource:
    """`url`: the interpreter, as in https://overpass-api.de/api/interpreter. `costs`: for whoever pays for one."""

    def __init__(self, url: str, costs: int = 0) -> None:
        self._url, self.costs = url, costs

    def read(self, asked: Asked) -> Reading:
        """Companies of a kind (`dentist`, `hairdresser`) in a city, a country, or a city of a country."""
        for field, text in (("terms", asked.terms), ("city", asked.city)):
            if text and not _TERMS.fullmatch(text):
                raise Unreadable(f"{field}: must be 2 to 60 letters, digits, blanks and & ' . -")
        if not asked.terms or not (asked.city or asked.country):
            raise Unreadable("terms: say what is looked for, and in which city or country")
        most = min(asked.most, _MOST)
        answer = asyncio.run(self._ask(query(asked, most + 1)))
        elements = _elements(answer)
        found = [item for each in elements[:most] if (item := _item(each))]
        left = min(len(elements), most) - len(found)
        problems = [f"{left} places have no name"] if left else []
        return Reading(found, LICENCE, "looked up", len(elements) <= most, problems)

    async def _ask(self, text: str) -> Answer:
        wire = Wire(_LIMITS)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            return await wire.ask(Request("POST", self._url, headers, urlencode({"data": text}).encode()))
        except (NotSent, Lost) as fault:
            raise Unreadable(f"the directory did not answer: {fault}") from None
        finally:
            await wire.close()


def query(asked: Asked, most: int) -> str:
    """In the query language of Overpass: whatever has the kind under one of the keys of companies, with its tags."""
    areas = []
    if asked.country:
        areas.append(f'area["ISO3166-1"="{asked.country.upper()[:2]}"][admin_level=2]->.country;')
    if asked.city:
        areas.append(f'area["name"="{asked.city}"]["boundary"="administrative"]->.city;')
    within = "".join(f"(area.{name})" for name, given in (("country", asked.country), ("city", asked.city)) if given)
    kind = asked.terms.strip().lower().replace(" ", "_")
    wanted = "".join(f'nwr["{key}"="{kind}"]{within};' for key in _KEYS)
    return f"[out:json][timeout:50];{''.join(areas)}({wanted});out tags {most};"


def _elements(answer: Answer) -> list[dict[str, Any]]:
    if answer.status != 200:
        after = f"; it asks to wait {answer.retry_after:.0f} s" if answer.retry_after else ""
        raise Unreadable(f"the directory answered {answer.status}{after}")
    told = answer.json()
    if not isinstance(told, dict) or not isinstance(told.get("elements"), list):
        raise Unreadable("the directory's answer is not what its documentation says, or too long")
    if "error" in str(told.get("remark", "")).lower() and not told["elements"]:
        raise Unreadable(f"the directory said: {str(told['remark'])[:120]}")
    return [each for each in told["elements"] if isinstance(each, dict)]


def _item(element: Mapping[str, Any]) -> Item | None:
    tags = element.get("tags")
    tags = {str(name): str(value)[:200] for name, value in tags.items()} if isinstance(tags, dict) else {}
    if not tags.get("name"):
        return None
    known = {
        "name": tags["name"],
        "website": tags.get("website") or tags.get("contact:website") or tags.get("url") or "",
        "email": tags.get("email") or tags.get("contact:email") or "",
        "phone": tags.get("phone") or tags.get("contact:phone") or "",
        "city": tags.get("addr:city", ""),
        "country": tags.get("addr:country", ""),
        "industry": next((tags[key] for key in _KEYS if key in tags), ""),
    }
    where = f"https://www.openstreetmap.org/{element.get('type', 'node')}/{element.get('id', '')}"
    return Item(tags["name"], where, known["website"], {name: value for name, value in known.items() if value})
