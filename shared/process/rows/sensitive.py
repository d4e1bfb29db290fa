"""What kind of personal or secret data a column holds, by its name and by what is in it; and how such a value is shown
to whoever need not see it (S4.31)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from shared.process.rows.columns import RowColumn, Sensitivity

ENCRYPTED: frozenset[Sensitivity] = frozenset(("iban", "card", "ssn", "secret", "health"))
"""What may leave in clear in an encrypted file only."""
SHARE = 0.8
"""So many of the values that are there must look like it."""
AT_ONCE = 1000
"""Rows that are looked at together: of a file that was put together of several, each part counts."""
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?:\+|00|\(0|0)[0-9][0-9 ()/.-]{5,18}[0-9]")
_SSN = re.compile(r"(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}")
_CARD = re.compile(r"[0-9](?:[ -]?[0-9]){12,18}")
_SECRET = re.compile(r"(?:sk|pk|ghp|xox[bp]|whsec)[-_][A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+")
_NAMES: Mapping[Sensitivity, str] = {
    "email": r"e-?mail|mail",
    "phone": r"phone|telephone|tel|mobile|fax|telefon|handy",
    "iban": r"iban|account ?no|account ?number|kontonummer",
    "ssn": r"ssn|social ?security( ?(no|number))?|tax ?id|steuer ?id",
    "card": r"card ?(no|number)|credit ?card|pan",
    "birth_date": r"birth ?date|date ?of ?birth|dob|birthday|geburtsdatum",
    "name": r"((first|last|full|given|family|client|patient|customer|contact) ?)?name|surname|vorname|nachname|client|"
    r"plaintiff|defendant|patient",
    "address": r"address|street|postcode|zip( ?code)?|strasse|straße|anschrift",
    "secret": r"password|passwort|secret|token|api ?key",
    "health": r"diagnosis|diagnose|medication|icd( ?10)?|disability",
}
_BY_NAME = {kind: re.compile(words) for kind, words in _NAMES.items()}


def sensitivity(column: RowColumn, values: Iterable[object]) -> Sensitivity | None:
    """As it is declared; else what the values look like; else what the name says."""
    if column.sensitive is not None:
        return column.sensitive
    texts = [each for each in values if isinstance(each, str) and each] if column.type == "text" else []
    for kind, looks in _LOOKS.items():
        if texts and _most(looks, texts):
            return kind
    words = re.sub(r"[\s_.-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.name)).strip().lower()
    if column.type in ("text", "date") or _BY_NAME["ssn"].fullmatch(words):
        return next((kind for kind, named in _BY_NAME.items() if named.fullmatch(words)), None)
    return None


class Lookout:
    """Looks at rows on their way. `kinds`: what the columns hold, as far as it has been seen; what may leave encrypted
    only counts more than anything else."""

    def __init__(self, columns: Iterable[RowColumn]) -> None:
        self._columns = list(columns)
        self.kinds: dict[str, Sensitivity] = {}
        self._look([])

    def past(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The same rows; each is handed on before it is looked at."""
        some = []
        for row in rows:
            yield row
            some.append(row)
            if len(some) >= AT_ONCE:
                self._look(some)
                some = []
        if some:
            self._look(some)

    def _look(self, some: list[Mapping[str, Any]]) -> None:
        for column in self._columns:
            found = sensitivity(column, (row[column.name] for row in some))
            if found is not None and self.kinds.get(column.name) not in ENCRYPTED:
                self.kinds[column.name] = found


def _most(looks: Callable[[str], bool], texts: list[str]) -> bool:
    """Whether enough of them look like it; nobody goes on looking when it cannot be any more."""
    spare = len(texts) - SHARE * len(texts)
    for text in texts:
        if not looks(text):
            spare -= 1
            if spare < 0:
                return False
    return True


def mask(kind: Sensitivity, value: object) -> str:
    """Enough to recognise it for who knows it, too little for who does not."""
    text = str(value)
    match kind:
        case "email":
            return f"{text[:1]}***@***"
        case "name":
            return " ".join(f"{part[:1]}." for part in text.split()[:4])
        case "phone" | "iban" | "card" | "ssn":
            return f"***{re.sub(r'[^0-9A-Za-z]', '', text)[-2:]}"
        case "birth_date":
            return f"{text[:4]}-**-**" if re.match(r"[0-9]{4}-", text) else "***"
        case _:
            return "***"


def masked(line: str) -> str:
    """A line of a log, without what looks like somebody's address, number or key."""
    for kind, pattern, looks in _IN_TEXT:
        line = pattern.sub(partial(_hidden, kind, looks), line)
    return line


def _hidden(kind: Sensitivity, looks: Callable[[str], bool], found: re.Match[str]) -> str:
    return mask(kind, found[0]) if looks(found[0]) else found[0]


def _is_iban(text: str) -> bool:
    """ISO 13616: the rest of the division by 97 is 1."""
    bare = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(bare):
        return False
    return int("".join(str(int(each, 36)) for each in bare[4:] + bare[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    """ISO/IEC 7812: the check digit of Luhn."""
    if not _CARD.fullmatch(text):
        return False
    digits = [int(each) for each in re.sub(r"[ -]", "", text)][::-1]
    return sum(digits[::2]) + sum(sum(divmod(2 * each, 10)) for each in digits[1::2]) in range(10, 1000, 10)


_LOOKS: Mapping[Sensitivity, Callable[[str], bool]] = {
    "email": lambda text: bool(_EMAIL.fullmatch(text)),
    "iban": _is_iban,
    "ssn": lambda text: bool(_SSN.fullmatch(text)),
    "card": _is_card,
    "secret": lambda text: bool(_SECRET.fullmatch(text)),
    "phone": lambda text: bool(_PHONE.fullmatch(text)),
}
_IN_TEXT: tuple[tuple[Sensitivity, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("secret", _SECRET, _LOOKS["secret"]),
    ("email", _EMAIL, _LOOKS["email"]),
    ("iban", re.compile(rf"\b{_IBAN.pattern}\b"), _is_iban),
    ("card", re.compile(rf"\b{_CARD.pattern}\b"), _is_card),
    ("ssn", re.compile(rf"\b{_SSN.pattern}\b"), _LOOKS["ssn"]),
    ("phone", re.compile(r"(?<![\w.-])\+[0-9][0-9 ()/.-]{5,18}[0-9]"), lambda text: True),
)
