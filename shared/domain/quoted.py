"""What of a mail its writer wrote, without the mails that it quotes and without the signature. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il)\b(?=.{0,300}[\d@<]).{0,200}(?:wrote|schrieb|a écrit|escribió|ha scritto)\b.{0,100}:\s*$"
)
_BELOW = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Forwarded message|Weitergeleitete Nachricht)\s*-{2,}"
    r"|_{20,}|(?:From|Von): .{0,200}[<@].{0,200})\s*$",
    re.I,
)
_SENT_FROM = re.compile(r"^\s*(?:Sent from my|Von meinem|Gesendet mit|Get Outlook for)\b.{0,80}$", re.I)
_NUMBERED = re.compile(r"^\s*(\d{1,2})\s?[.):]\s+")
_WORDS = 12


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Place(NamedTuple):
    """The answer to the question of this number (1 is the first), from `start` to `end`."""

    number: int
    start: int
    end: int


def printable(text: str) -> str:
    """The text with a space for each character that nobody can read: as long as before."""
    return _UNPRINTABLE.sub(" ", text)


def own_words(text: str) -> str:
    """The text with everything that is not its writer's blanked: as long as before, so that places stay places."""
    return "".join(line if own else re.sub(r"[^\n]", " ", line) for own, line in _lines(text))


def answers(text: str, questions: Sequence[str]) -> list[Place]:
    """Where a mail answers numbered questions: under each one quoted, or after its number. A mail that answers one
    question answers it with all that it says."""
    found: dict[int, tuple[int, int]] = {}
    number, at = 0, 0
    for own, line in _lines(text):
        start, at = at, at + len(line)
        bare = line if own else line.lstrip("> \t")
        named = _NUMBERED.match(bare)
        if (
            named
            and 0 < int(named[1]) <= len(questions)
            and (own or _is(bare[named.end() :], questions[int(named[1]) - 1]))
        ):
            number = int(named[1])
            start += named.end() if own else 0
        if own and number and text[start:at].strip():
            first = found.get(number, (start + len(text[start:at]) - len(text[start:at].lstrip()), 0))[0]
            found[number] = first, start + len(text[start:at].rstrip())
    if not found and len(questions) == 1 and (own_text := own_words(text)).strip():
        bare = own_text.rstrip()
        return [Place(1, len(bare) - len(bare.lstrip()), len(bare))]
    return [Place(number, *place) for number, place in sorted(found.items())]


def _is(line: str, question: str) -> bool:
    """Does the quoted line begin as the question does?"""
    begins = question.split()[:_WORDS]
    said = line.split()
    return bool(said) and said[: len(begins)] == begins[: len(said)]


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Each line, and whether its writer wrote it."""
    lines, below, signed = text.splitlines(keepends=True), False, False
    quotes = [line.lstrip().startswith(">") for line in lines]
    last = max((n for n, quoted in enumerate(quotes) if quoted), default=-1)
    for n, line in enumerate(lines):
        if quotes[n]:
            signed = False
        elif _WROTE.match(line) or (n + 1 < len(lines) and _WROTE.match(line.rstrip("\r\n") + " " + lines[n + 1])):
            below = below or n > last
            yield False, line
            continue
        elif n and _WROTE.match(lines[n - 1].rstrip("\r\n") + " " + line):
            yield False, line
            continue
        below = below or bool(_BELOW.match(line))
        signed = signed or line.rstrip("\r\n") in ("--", "-- ")
        yield not (quotes[n] or below or signed or _SENT_FROM.match(line)), line
