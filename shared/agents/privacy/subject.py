"""Whom it is about: the ids and keyed hashes under which a person is found, and the words that name them in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared.agents import policy
from shared.agents.numbers import digits, e164
from shared.agents.places import country_code
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Body, Ports, Undecrypted

GONE = "[erased]"
"""What stands in the place of a name."""
_SHORTEST = 5
"""Characters of a word that names somebody: a shorter one would be found everywhere."""


@dataclass(frozen=True)
class Subject:
    """`contacts`: workspace -> the id there; `person`: the keyed hash of the address; `words`, case-folded; `hints`:
    parts of them that may be anybody's, but betray a misspelt address in a file that is not needed any more."""

    person: str
    contacts: Mapping[str, str]
    words: frozenset[str]
    hints: frozenset[str] = frozenset()

    def named_in(self, value: Any) -> bool:
        """Is the person named anywhere in it, in whatever case? Plain JSON, or a text."""
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        folded = text.casefold()
        return any(word in folded for word in self.words)

    def hinted_at_in(self, text: str) -> bool:
        """May it be about them?"""
        folded = text.casefold()
        return any(word in folded for word in self.words | self.hints)

    def taken_out(self, value: Any) -> Any:
        """The same JSON with GONE wherever a text of it names the person; names of fields stay."""
        match value:
            case Undecrypted():
                return value.with_plain(self.taken_out(value.stored)) if value.plain else value
            case str():
                return self._pattern().sub(GONE, value) if self.words else value
            case list():
                return [self.taken_out(each) for each in value]
            case dict():
                return {name: self.taken_out(each) for name, each in value.items()}
        return value

    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def subject(ports: Ports, tenant: str, person: str, contacts: Mapping[str, str]) -> Subject:
    """What is known of them now, in all these workspaces; no words, once they are gone from every address book."""
    words, hints = set[str](), set[str]()
    for workspace, id in contacts.items():
        scope = Scope(tenant, workspace)
        found = ports.documents.get(scope, Kind.CONTACT, id)
        if found and found.body.get("person") == person:
            words |= set(_words(found.body, policy.country(ports, scope)))
            hints |= set(_hints(found.body))
    return Subject(person, dict(contacts), frozenset(words), frozenset(hints))


def contacts_of(ports: Ports, scopes: Iterable[Scope], person: str) -> dict[str, str]:
    """workspace -> the id of the contact that has this address there."""
    found = {}
    for scope in scopes:
        identity = ports.documents.get(scope, Kind.IDENTITY, person)
        if identity:
            found[scope.workspace] = str(identity.body["contact"])
    return found


def _words(contact: Body, country: str | None) -> Iterable[str]:
    email, phone = str(contact.get("email") or ""), str(contact.get("phone") or "")
    name = " ".join(str(contact.get(part) or "") for part in ("first_name", "last_name")).strip()
    number = e164(phone, country_code(contact.get("country")) or country) or ""
    spellings = (email, phone, digits(phone), number, name if " " in name else "")
    return (word.casefold() for word in spellings if len(word) >= _SHORTEST)


def _hints(contact: Body) -> Iterable[str]:
    parts = (str(contact.get("email") or "").partition("@")[0], str(contact.get("last_name") or ""))
    return (part.casefold() for part in parts if len(part) >= _SHORTEST)
