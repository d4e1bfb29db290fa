"""How a house writes: what is kept of it, how mails of its own show it, and where a text sounds otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import quantiles
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.claims.sentences import sentences
from shared.domain.draft import Finding
from shared.domain.texts import Line, Plain

Register = Literal["warm", "formal", "lively"]
Mail = Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=20_000), Plain]
LONGER = 1.25
"""A sentence is noticed when it is by a quarter longer than what the house writes."""
_DU = re.compile(r"\b(?:du|dich|dir|deine?[rsmn]?)\b", re.IGNORECASE)
_SIE = re.compile(r"(?<=[a-zäöüß,] )(?:Sie|Ihnen|Ihre?[rsmn]?)\b")
_GERMAN = re.compile(r"\b(?:und|der|die|das|ist|wir|nicht|ein|eine|mit|für)\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:and|the|is|we|not|an?|with|for|of|to)\b", re.IGNORECASE)
_GREETING = re.compile(
    r"^(dear|hi|hello|hey|good (?:morning|day|afternoon)|hallo|hey|moin|servus|grüß gott|guten (?:tag|morgen)"
    r"|liebe[rs]?|sehr geehrte[rs]?)\b[^.?]{0,60}$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^(?:[\w' ]{0,30}\b(?:regards|wishes|best|cheers|thanks|sincerely|faithfully|love|care|soon)"
    r"|[\wäöüß ]{0,30}\b(?:grüße|gruß|grüßen|dank|bald|dahin))\b[^.?]{0,12}$",
    re.IGNORECASE,
)
_BY_GENDER = re.compile(r"^(?:liebe[rs]?|sehr geehrte[rs]?)$", re.IGNORECASE)
_FORMAL = re.compile(r"^(?:dear|good|guten tag|sehr geehrte|grüß gott)", re.IGNORECASE)
_CONTRACTED = re.compile(r"\b\w+['’](?:s|re|ll|ve|t|d|m)\b")
_STOCK = {
    "en": "amazing, awesome, best-in-class, cutting-edge, exciting, exclusive, game-changer, incredible, innovative, "
    "leverage, next level, revolutionary, seamless, solution, state-of-the-art, stunning, synergy, ultimate, unique, "
    "unleash, world-class",
    "de": "attraktiv, begeistern, einmalig, einzigartig, erstklassig, exklusiv, ganzheitlich, innovativ, "
    "maßgeschneidert, nachhaltig, Lösung, optimal, perfekt, revolutionär, spannend, unvergesslich, unschlagbar, "
    "zukunftsweisend",
}
"""What mails of marketing are full of. Whether a house ever says it, its own mails tell."""


class Voice(BaseModel):
    """How a house sounds. What is null is as the tone of the brief suggests."""

    model_config = ConfigDict(extra="forbid")

    tone: Register | None = None
    greeting: Line | None = None
    """The words before the name: `Hello`, `Guten Tag`."""
    sign_off: Line | None = None
    """The words above the sender's name: `Best wishes`."""
    sentence_words: Annotated[int, Field(ge=5, le=60)] | None = None
    """Words; hardly a sentence of the house is longer."""
    exclamations: bool | None = None


class Mails(BaseModel):
    """The body of POST /api/v1/style-guide/voice: mails that the house is content with. They are read, never kept."""

    model_config = ConfigDict(extra="forbid")

    mails: Annotated[list[Mail], Field(min_length=3, max_length=20)]


class Heard(BaseModel):
    """What the mails show, with what each finding rests on; nothing of it holds before somebody saves it."""

    language: Literal["en", "de"]
    voice: Voice
    address: Literal["du", "Sie"] | None
    never: list[str]
    """Stock words of marketing that stand in none of the mails."""
    because: dict[str, str]


class _Letter(NamedTuple):
    greeting: str
    sign_off: str
    body: str


def heard(mails: Sequence[str]) -> Heard:
    """Read a voice from mails. What fewer than half of them agree on stays open."""
    text, letters = "\n".join(mails), [_parted(mail) for mail in mails]
    language: Literal["en", "de"] = "de" if len(_GERMAN.findall(text)) > len(_ENGLISH.findall(text)) else "en"
    said = [sentence for letter in letters for sentence in sentences(letter.body)]
    address = _address(text) if language == "de" else None
    because: dict[str, str] = {}
    voice = Voice(
        greeting=_usual("greeting", [_greeted(letter) for letter in letters], because),
        sign_off=_usual("sign_off", [letter.sign_off for letter in letters], because),
        sentence_words=_longest([len(each.split()) for each in said], because),
        exclamations=_exclaims([letter.body for letter in letters], because),
    )
    voice.tone, because["tone"] = _tone(voice, address, text)
    if address:
        because["address"] = f"du {len(_DU.findall(text))} times, Sie {len(_SIE.findall(text))} times"
    never = [word for word in _STOCK[language].split(", ") if not re.search(rf"\b{word}", text, re.IGNORECASE)]
    because["never"] = f"in none of the {len(mails)} mails; stock words of marketing"
    return Heard(language=language, voice=voice, address=address, never=never, because=because)


def voice_findings(voice: Voice, parts: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """What a text says otherwise than the house would; `parts` are (where, text). Only ever warnings."""
    for where, text in parts:
        if voice.exclamations is False and "!" in text:
            yield _warning("voice-exclamation", where, "the house writes without exclamation marks")
        if voice.sentence_words:
            yield from _too_long(voice.sentence_words, where, text)


def _too_long(most: int, where: str, text: str) -> Iterator[Finding]:
    for each in sentences(text):
        if (words := len(each.split())) > most * LONGER:
            yield _warning("voice-sentence", where, f"a sentence of {words} words; the house hardly writes over {most}")
            return


def _warning(rule: str, where: str, reason: str) -> Finding:
    return Finding(severity="warning", rule=rule, where=where, reason=reason)


def _parted(mail: str) -> _Letter:
    """Greeting, sign-off and what stands between; either may be missing."""
    lines = [line.strip() for line in mail.splitlines() if line.strip()]
    greeting = lines[0] if _GREETING.match(lines[0]) else ""
    end = next((n for n in range(len(lines) - 1, max(0, len(lines) - 7), -1) if _SIGN_OFF.match(lines[n])), len(lines))
    sign_off = lines[end].rstrip(",.! ") if end < len(lines) else ""
    return _Letter(greeting, sign_off, "\n".join(lines[1 if greeting else 0 : end]))


def _greeted(letter: _Letter) -> str:
    """The words before the name. One that changes with the reader's gender cannot be kept."""
    found = _GREETING.match(letter.greeting)
    return "" if not found or _BY_GENDER.match(found[1]) else found[1][:1].upper() + found[1][1:]


def _usual(what: str, said: Sequence[str], because: dict[str, str]) -> str | None:
    found, times = Counter(each for each in said if each).most_common(1)[0] if any(said) else ("", 0)
    if times * 2 < len(said):
        return None
    because[what] = f"{times} of {len(said)} mails"
    return found


def _longest(lengths: Sequence[int], because: dict[str, str]) -> int | None:
    """Nine of ten sentences are no longer; too few say nothing."""
    if len(lengths) < 5:
        return None
    most = round(quantiles(lengths, n=10, method="inclusive")[-1])
    average = sum(lengths) / len(lengths)
    because["sentence_words"] = f"{len(lengths)} sentences, {average:.0f} words on average, nine of ten at most {most}"
    return min(60, max(5, most))


def _exclaims(bodies: Sequence[str], because: dict[str, str]) -> bool:
    times = sum(body.count("!") for body in bodies)
    because["exclamations"] = f"{times or 'no'} exclamation mark{'' if times == 1 else 's'}, greetings aside"
    return times > 0


def _tone(voice: Voice, address: str | None, text: str) -> tuple[Register, str]:
    """How they sound, and by what."""
    if address == "du":
        return "lively", "readers are addressed with du"
    if voice.greeting and _FORMAL.match(voice.greeting):
        return "formal", f"they begin with {voice.greeting}"
    if text.count("!") * 3 > len([*sentences(text)]):
        return "lively", "every third sentence is an exclamation"
    return "warm", "they speak as one talks (it's, we'll)" if _CONTRACTED.search(
        text
    ) else "nothing stiff, nothing loud"


def _address(text: str) -> Literal["du", "Sie"] | None:
    du, sie = len(_DU.findall(text)), len(_SIE.findall(text))
    return None if du == sie else "du" if du > sie else "Sie"
