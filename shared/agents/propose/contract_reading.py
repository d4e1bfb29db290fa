"""What a contract looks like to the client, and where it stands in a sentence for them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.agents import brand as brands
from shared.agents.propose.contract_paper import said
from shared.agents.propose.contract_post import link_of
from shared.agents.propose.contracts import content_of
from shared.agents.propose.signing import Seen
from shared.domain.brand import look_of
from shared.domain.contract_words import WORDS, consent_of
from shared.domain.faults import Conflict
from shared.domain.offer import Language
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.contract_page import client_page
from shared.render.document_words import day


def page(ports: Ports, scope: Scope, seen: Seen) -> str:
    """The client's page."""
    found = seen.contract
    open = seen.standing == "sent" and not seen.newer and found.signed_by("client") is None
    named = found.of_version(seen.sending.version)
    return client_page(
        said(ports, scope, found, seen.sending.version),
        look_of(brands.read(ports, scope)[0]),
        status(ports, seen),
        current_link(ports, scope, seen),
        consent_of(found, seen.content, "client") if open else "",
        named.document if named else "",
        sealed=bool(found.sealed) and not seen.newer,
    )


def current_link(ports: Ports, scope: Scope, seen: Seen) -> str:
    """Where the version is that counts; empty if this is it."""
    current = seen.contract.current
    if not seen.newer or seen.over or current is None:
        return ""
    content = content_of(ports, scope, seen.contract, current.version)
    return link_of(ports, scope, seen.contract.id, current.version, content)


def status(ports: Ports, seen: Seen) -> str:
    """Where it stands, in a sentence for the client."""
    language, found = seen.content.language, seen.contract
    words = WORDS[language]
    if seen.newer:
        return words["s_newer"]
    mine = found.signed_by("client")
    if seen.standing == "sent" and mine:
        return words["s_waits"].format(day=_day(ports, mine.at, language), name=mine.name)
    when = _day(ports, found.declined.at, language) if found.declined else day(seen.content.sign_by, language)
    return words[f"s_{seen.standing}"].format(day=when)


def refusal(ports: Ports, seen: Seen, why: Conflict) -> str:
    """Why what the client did does not count, in their language."""
    words, (code, _, who) = WORDS[seen.content.language], why.error.reason.partition(":")
    said = {"archived": words["closed"], "signed-already": words["two"].format(name=who), "other": words["other"]}
    said["scope"] = words["s_scope"]
    return said.get(code) or status(ports, seen)


def _day(ports: Ports, at: datetime, language: Language) -> str:
    return day(at.astimezone(ZoneInfo(ports.timezone)).date(), language)
