"""Phone numbers in the one form that providers take: E.164, as +4915123456789."""

from __future__ import annotations

from functools import lru_cache

from shared.domain.address import person_of


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
