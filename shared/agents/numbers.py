"""Phone numbers in the one form that providers take: E.164, as +4915123456789."""

from __future__ import annotations

from functools import lru_cache


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
