"""A text message that says no: it holds for everything this agency sends, on every channel (rules U5, U7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.agents.contacts.suppression import suppress
from shared.domain.address import person_of
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.stop import is_stop
from shared.ports import Ports


def take_text(ports: Ports, scopes: Sequence[Scope], phone: str, text: str) -> bool:
    """True if it was a no, and now nothing reaches the number, nor anybody who has it in one of these workspaces."""
    if not is_stop(text):
        return False
    number = digits(phone)
    suppress(ports, scopes[0], person_of(number, ports.keys.address), "stopped")
    for scope in scopes:
        for person in _who_has(ports, scope, number):
            suppress(ports, scope, person, "stopped")
    return True


def digits(phone: str) -> str:
    """The form under which two spellings are the same number: + and digits."""
    bare = "".join(each for each in phone if each.isascii() and each.isdigit())
    return "+" + bare.removeprefix("00") if phone.strip().startswith(("+", "00")) else bare


def _who_has(ports: Ports, scope: Scope, number: str) -> Iterator[str]:
    """Everybody in the address book whose number it is, however it was written down there."""
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.CONTACT, [Filter("phone", "ge", " ")], limit=500, cursor=cursor)
        for document in page.documents:
            if _same(digits(str(document.body["phone"])), number):
                yield str(document.body["person"])
        cursor = page.cursor
        if cursor is None:
            return


def _same(noted: str, number: str) -> bool:
    """A number noted without its country is the same if it ends the other, trunk zeros aside; in doubt it is a no."""
    if noted.startswith("+") and number.startswith("+"):
        return noted == number
    shorter, longer = sorted((noted.lstrip("+0"), number.lstrip("+0")), key=len)
    return len(shorter) >= 7 and longer.endswith(shorter)
