"""Measures in one form: number words, halves, times of day and round durations as figures."""

from __future__ import annotations

import re
from functools import cache

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EINER = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_ZEHNER = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_NUMBER = {
    **{
        f"{ten}{mark}{one}": 10 * t + o
        for t, ten in enumerate(_TENS, 2)
        for o, one in enumerate(_ONES, 1)
        for mark in "- "
    },
    **{f"{one}und{ten}": 10 * t + o for t, ten in enumerate(_ZEHNER, 2) for o, one in enumerate(_EINER, 1)},
    **{ten: 10 * t for listed in (_TENS, _ZEHNER) for t, ten in enumerate(listed, 2)},
    **{f"{one} hundred": 100 * o for o, one in enumerate(_ONES, 1)},
    **{f"{one}hundert": 100 * o for o, one in enumerate(_EINER, 1)},
    **{f"{one} thousand": 1_000 * o for o, one in enumerate(_ONES, 1)},
    **{f"{one}tausend": 1_000 * o for o, one in enumerate(_EINER, 1)},
    "a hundred": 100,
    "a thousand": 1_000,
}
_HOURS = {
    word: value
    for value, words in enumerate(
        (
            *(
                "one eins",
                "two zwei",
                "three drei",
                "four vier",
                "five fünf",
                "six sechs",
                "seven sieben",
                "eight acht",
            ),
            *("nine neun", "ten zehn", "eleven elf", "twelve zwölf"),
        ),
        1,
    )
    for word in (*words.split(), str(value))
}
HOUR = "|".join(sorted(_HOURS, key=len, reverse=True))
"""One to twelve, in words and figures."""
_CLOCK = re.compile(rf"\b(?:(half (?=past)|quarter )(past|to)|(halb|viertel (?:nach|vor)))\s+({HOUR})\b", re.IGNORECASE)
_DURATIONS = {
    "45 minutes": r"three[- ]quarters of an hour|(?:einer |eine )?dreiviertelstunde",
    "15 minutes": r"(?:a )?quarter of an hour|(?:einer |eine )?viertelstunde",
    "90 minutes": r"(?:an|one) hour and a half|one and a half hours|1[.,]5[- ](?:hours?|stunden?)|anderthalb stunden?"
    r"|eineinhalb stunden?|anderthalbstündig\w*",
    "75 minutes": r"(?:an|one) hour and a quarter|one and a quarter hours|ein(?:e|und)?einviertel stunden",
    "30 minutes": r"half[- ]an[- ]hour|half[- ]hour|(?:einer |eine )?halbe[nr]? stunden?|halbstündig\w*",
    "60 minutes": r"(?<![€$£\dp] )(?:an|one|1)[- ](?:good |full |short )?hour|hour-long"
    r"|(?:eine|einer|1) (?:gute[nr]? |knappe[nr]? |volle[nr]? |ganze[nr]? )?stunde|einstündig\w*",
    "9 months": r"three[- ]quarters of a year|(?:ein |einem )?dreivierteljahr",
    "6 months": r"half a year|six[- ]months?|(?:ein |einem |einen |eines )?halbe[ns]?[- ]jahr(?:es)?"
    r"|sechs monaten?|halbjahr",
    "14 days": r"(?:a )?fortnight|two weeks|2 weeks|(?:zwei|2) wochen|vierzehn tagen?|14 tagen?",
    "2 days": r"zweitägig\w*|48 hours|48 stunden",
    "half day": r"half a day|(?:ein |einem |einen )?halbe[nr]? tag",
    "6 ": r"half a dozen|(?:ein )?halbes dutzend",
}
_DURATIONS |= {
    "from 1 ": r"from the (?:very )?first",
    "ab 1 ": r"ab de[rmn] (?:aller)?ersten",
}
_MEANT = list(_DURATIONS)
_SHORT = re.compile(r"(?<=\d)[- ]?(?:(min)|h|hrs?|std)\b\.?", re.IGNORECASE)
_UNITS = {"kg": "kilogramm", "kilo": "kilogramm", "kilos": "kilogramm", "g": "gramm", "l": "liter", "km": "kilometer"}
_UNIT = re.compile(r"(?<=\d)\s?(kg|kilos?|g|l|km)\b")
_SHARES = {
    "50 %": r"half(?!-| (?:past|board|marathon)\b)(?: the(?= price))?|(?:die|der|zur) hälfte|halbe[nrms]?(?= preis)",
    "33 %": r"(?:a|one)[- ]third(?= of| off| more| less| on\b|[.,;!]|$)|one (?:\w+ )?in three|ein(?:em)? drittel"
    r"|jede[rs]? dritte",
    "66 %": r"two[- ]thirds|zwei drittel",
    "25 %": r"a quarter of(?! an hour)|ein(?:em)? viertel(?= der| des| aller)|one (?:\w+ )?in four|jede[rs]? vierte",
    "75 %": r"three quarters of(?! an hour)|drei viertel(?= der| des| aller)",
    "20 %": r"(?:a|one)[- ]fifth(?= of| off| more| less|[.,;!]|$)|ein(?:em)? fünftel|one (?:\w+ )?in five"
    r"|jede[rs]? fünfte",
    "40 %": r"two[- ]fifths|zwei fünftel",
    "60 %": r"three[- ]fifths|drei fünftel",
    "80 %": r"four[- ]fifths|vier fünftel",
    "10 %": r"(?:a|one)[- ]tenth(?= of| off| more| less|[.,;!]|$)|ein(?:em)? zehntel|one (?:\w+ )?in ten"
    r"|jede[rs]? zehnte",
    "5 %": r"one (?:\w+ )?in twenty|eine?r?s? von zwanzig",
    "70 %": r"seven out of ten|sieben von zehn",
    "90 %": r"nine out of ten|neun von zehn",
}
_SHARE = list(_SHARES)
_TIMES_DE = re.compile(r"\b(zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|zwanzig)mal\b", re.IGNORECASE)
_NOON = re.compile(r"\b(?:(noon|midday|12 Uhr mittags)|midnight|Mitternacht)\b(?<!afternoon)", re.IGNORECASE)
_ONE = re.compile(
    r"\b(at least|at most|up to|only|just|within|less than|more than|mindestens|höchstens|bis zu|nur|maximal|binnen)"
    r" (?:a|an|one|ein(?:e[nrms]?)?) (?=(?:day|week|month|year|hour|tag|woche|monat|jahr)\w*)",
    re.IGNORECASE,
)
_PACK = re.compile(r"(?<=\d)er-(?=[A-ZÄÖÜ])")
_SECOND = re.compile(r"\bZweit(?!äg|eil)(?=[a-zäöü]{4,})")


_IMPLIED = [
    (re.compile(r"[€$£]|\b(?:euros?|eur|dollars?|pounds?|chf|franken|cents?)\b", re.IGNORECASE), "price"),
    (re.compile(r"\b(?:19|20)\d\d\b"), "year"),
    (re.compile(r"[%]|\b(?:percent|prozent)\b", re.IGNORECASE), "percent"),
]
_OCLOCK = re.compile(
    r"\b(?:(\d{1,2})(?:[:.]\d\d)?\s*(?:-|–|to|bis)\s*)?(\d{1,2})(?:[:.]\d\d)?\s*(uhr|[ap]\.?m\b|o'clock)", re.IGNORECASE
)


def normal(text: str) -> str:
    """The text with measures as figures: half past six is 6:30, half an hour 30 minutes, twenty-five 25."""
    said = _NOON.sub(lambda found: "12:00" if found[1] else "24:00", _CLOCK.sub(_time, text))
    said = _duration().sub(lambda found: _MEANT[int(str(found.lastgroup)[1:])], said)
    said = _share().sub(lambda found: f"{_SHARE[int(str(found.lastgroup)[1:])]} ", said)
    said = _SHORT.sub(lambda found: " minutes" if found[1] else " hours", said)
    said = _UNIT.sub(lambda found: f" {_UNITS[found[1]]}", _SECOND.sub("zweite ", _PACK.sub(" ", said)))
    said = _ONE.sub(r"\1 1 ", said)
    said = _TIMES_DE.sub(r"\1 mal", said)
    return _spelt().sub(lambda found: str(_NUMBER[found[0].lower()]), said)


@cache
def _spelt() -> re.Pattern[str]:
    """Compiled at the first use, as are the durations: it takes longer than the import of everything around it."""
    return re.compile(rf"\b(?:{'|'.join(sorted(_NUMBER, key=len, reverse=True))})\b", re.IGNORECASE)


@cache
def _share() -> re.Pattern[str]:
    forms = "|".join(f"(?P<m{number}>{form})" for number, form in enumerate(_SHARES.values()))
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


@cache
def _duration() -> re.Pattern[str]:
    forms = "|".join(f"(?P<m{number}>{form})" for number, form in enumerate(_DURATIONS.values()))
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


def clock_minutes(said: str, half: str) -> int:
    """A time of day as minutes since midnight: 7.30 with pm is 1,170."""
    hour, minute = (int(each) for each in (*re.split(r"[:.]", said), "0")[:2])
    later = half.lower().startswith("p") and hour < 12
    return (hour + (12 if later else 0)) * 60 + minute


def implied(text: str) -> list[str]:
    """Words that a text says by its figures: an amount of money is a price, 7 pm is in the evening, 1911 is a year."""
    found = [word for form, word in _IMPLIED if form.search(text)]
    for first, last, half in _OCLOCK.findall(text):
        for hour in filter(None, (first, last)):
            found += _part_of_day(int(hour) + (12 if half.lower().startswith("p") and int(hour) < 12 else 0))
    return found


def _part_of_day(hour: int) -> list[str]:
    parts = {"morning": range(12), "afternoon": range(12, 18), "evening": range(17, 25)}
    return [name for name, hours in parts.items() if hour in hours]


def _time(found: re.Match[str]) -> str:
    hour, part = _HOURS[found[4].lower()], "".join(filter(None, found.group(1, 2, 3))).lower()
    if part in ("half past", "quarter past", "viertel nach"):
        return f"{hour}:{30 if part == 'half past' else 15}"
    return f"{hour - 1 or 12}:{30 if part == 'halb' else 45}"
