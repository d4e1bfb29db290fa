"""Phone numbers in the one form that providers take (E.164, as +4915123456789), and who has one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from shared.domain.address import person_of
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports


@lru_cache(maxsize=10_000)
def e164(text: str | None, country: str | None) -> str | None:
    """The number, None if it is none that can exist. `country` (ISO 3166) is where one without a + belongs."""
    if not text:
        return None
    import phonenumbers  # its tables are loaded by who sends text messages, not by everyone

    try:
        found = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(found) or found.extension:
        return None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def plain(phone: str, country: str | None) -> str:
    """The form under which two spellings are the same number: E.164 as far as that can be told, else its digits."""
    if not phone.strip().startswith("+") or "(0)" in phone:
        return e164(phone, country) or digits(phone)
    return digits(phone)


def digits(phone: str) -> str:
    """Nothing but + and digits."""
    bare = "".join(each for each in phone if each.isascii() and each.isdigit())
    return "+" + bare.removeprefix("00") if phone.strip().startswith(("+", "00")) else bare


def number_id(phone: str | None, country: str | None, key: bytes) -> str | None:
    """The keyed hash that stands for a number, as another stands for an address; None for what is no number. A "no" by
    telephone lies under it, so it holds for everybody who has the number, now or later."""
    number = plain(phone, country) if phone else ""
    return person_of(number, key) if number.strip("+") else None


def who_has(ports: Ports, scope: Scope, number: str) -> Iterator[Document]:
    """Everybody in the address book whose number it is (as `digits` has it), however it was written down there."""
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.CONTACT, [Filter("phone", "ge", " ")], limit=500, cursor=cursor)
        for document in page.documents:
            if _same(digits(str(document.body["phone"])), number):
                yield document
        cursor = page.cursor
        if cursor is None:
            return


def _same(noted: str, number: str) -> bool:
    """A number noted without its country is the same if it ends the other, trunk zeros aside; in doubt it is a no."""
    if noted.startswith("+") and number.startswith("+"):
        return noted == number != "+"
    shorter, longer = sorted((noted.lstrip("+0"), number.lstrip("+0")), key=len)
    return len(shorter) >= 7 and longer.endswith(shorter)
