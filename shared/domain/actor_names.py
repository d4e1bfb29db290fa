"""What a person may not be called, for what somebody did is shown under their name: an actor of the house's own."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from shared.domain.member import ROLE_NAMES, Name
from shared.domain.names import Verb

_HOUSE = (
    "baton", "system", "books", "flow", "bus", "public", "nobody", "local", "contacts", "admin", "administrator",
    "agency", "approver", "inviter", "member", "key", "machine", "sweep", "somebody", "somebody who was let out",
    "the owner of this machine",
)  # fmt: skip
_LIKE = str.maketrans("аеорсухѕіјԁһӏкмтвнοαειυνρτκ01", "aeopcyxsijdhlkmtbhoaeiuvptkol")
"""Cyrillic and Greek letters, and digits, that look like Latin letters (the commonest of Unicode TS 39)."""
_SIGNS = frozenset("():[]{}")
"""A role in brackets stands after a name, a colon in the names of principals: nobody writes their own."""


def folded(name: str) -> str:
    """The letters and digits by which a reader tells names apart: without case, accents, signs and likenesses."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(each for each in plain.translate(_LIKE) if each.isalnum())


def _own(name: str) -> str:
    if _SIGNS & {*unicodedata.normalize("NFKC", name)}:
        raise ValueError("must be a name, without brackets and colons")
    said = folded(name)
    if not said or said in _RESERVED or said.removeprefix("the") in _RESERVED:
        raise ValueError("must be a name of your own: this one would pass for somebody else")
    return name


_RESERVED = frozenset(map(folded, (*_HOUSE, *ROLE_NAMES, *(f"{each}s" for each in ROLE_NAMES), *Verb)))
OwnName = Annotated[Name, AfterValidator(_own)]
"""What somebody calls themselves. Raises ValueError for what Baton calls an actor, however it is spelled."""
