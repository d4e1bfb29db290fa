"""What is asked of DNS, and a record as it is to be entered there (RFC 1035)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

RecordType = Literal["TXT", "A", "AAAA", "MX"]
Lookup = Callable[[str, RecordType], Sequence[str]]
"""name and type -> values, none if the name or such a record does not exist. A TXT record is one text, an MX record the
name of its host. Raises Unanswered."""
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.IGNORECASE)
_STRING = 255


class Unanswered(Exception):
    """DNS did not say whether there is such a record: no server answered, or it failed."""


class Record(BaseModel):
    """A record as the domain's owner enters it: name and value for a form, `line` for a zone file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: Literal["TXT", "CNAME"] = "TXT"
    value: str
    line: str


def txt(name: str, value: str) -> Record:
    """The record; a string in a zone file has at most 255 octets (RFC 1035 section 3.3)."""
    strings = " ".join(f'"{value[at : at + _STRING]}"' for at in range(0, len(value), _STRING))
    return Record(name=name, value=value, line=f"{name}. IN TXT {strings}")


def alias(name: str, target: str) -> Record:
    """A CNAME record."""
    return Record(name=name, type="CNAME", value=target, line=f"{name}. IN CNAME {target}.")


def is_name(text: str) -> bool:
    """True for what can be asked of DNS, names with an underscore included."""
    return len(text) <= 253 and _NAME.fullmatch(text) is not None
