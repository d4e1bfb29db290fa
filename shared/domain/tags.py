"""`name=value; name=value`: the form of DKIM key records and DMARC records (RFC 6376 section 3.2)."""

from __future__ import annotations


def tags(text: str) -> dict[str, str]:
    """Names -> values, without the white space around them; of a name that is there twice, the first. What has no `=`
    is left out."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip(), value.strip())
    return found
