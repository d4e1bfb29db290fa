"""Whether a percentage in a text is called a discount, by the words right beside it, in English and German."""

from __future__ import annotations

import re

_NEAR = 60
"""Characters on either side that are looked at."""
_NOUN = (
    r"(?:\w{0,20}(?:discount|rabatt)\w{0,6}|reductions?|rebates?|mark-?downs?|price[ -](?:cut|drop)s?|skonto"
    r"|\w{0,20}(?<!steuer)nachl(?:a|ä)(?:ss|ß)\w{0,2}|\w{0,20}(?<!steuer)erm(?:ä|ae)(?:ß|ss|sz)ig(?:ung(?:en)?|t)\b"
    r"|preis(?:reduktion|reduzierung|senkung|minderung|vorteil)(?:en|s)?)"
)
_COMPARED = r"(?:\boff\b|\bless\b|\bcheaper|g(?:ü|ue)nstiger|billiger|weniger)"
_PRICE = r"\b(?:(?:price|fee|honorar)s?|\w{0,20}preis(?:e[ns]?)?|invoice|bill|rechnung|(?:end|gesamt)summe)\b"
_ALL = r"\b(?:auf|on|of|von|vom)\s(?:alles|everything|all(?:e|es)?\s(?:pri|prei|leist|serv|item|posten)\w*)"
_LOWER = r"(?:lower(?:ed)?|reduced|reduziert\w{0,2}|gesenkt\w{0,2}|gek(?:ü|ue)rzt|herabgesetzt\w{0,2}|verringert)"
_SAVE = r"\b(?:minus|sav(?:e|es|ed|ing)|spar(?:e|en|st|t))\b"
_SELF = r"(?:(?:you|sie|du|ihr|euch|dir|sich|a|full|whole|ganze|volle|up|to|bis|zu|über|over|noch)\s){0,4}"
_OPEN = r"[\s:=(*_–-]{1,4}"
_GAP = r"[\s:*_]{1,3}"
_WITHIN = r"(?:(?:of|by|up|to|at|is|are|an?|the|another|von|um|in|höhe|bis|zu|ist|beträgt|über|noch)\s){0,5}"
_ENDS = (
    rf"(?=[\s*_]*(?:\Z|[.,;:!?)\n]|(?:off|today|heute|now|jetzt|until|bis|if|when|wenn)\b|(?:\w+\s){{1,4}}?{_PRICE}))"
)
_SIGN = r"\s?(?:%|per ?cent|Prozent|v\. ?H\.)(?:-|iger?[nms]?\b)?[\s*_)]{0,4}"
_AFTER = re.compile(
    rf"{_SIGN}(?:(?:\w+[\s*_-]{{1,3}})?(?:{_NOUN}|{_COMPARED})|{_ALL}|lower\s{_PRICE}|reduced\s{_PRICE}"
    rf"|(?:zu\s)?(?:sparen|gespart|saved)\b{_ENDS})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<![^\W_])(?:{_NOUN}{_OPEN}(?:\w+\s)?|{_COMPARED}{_GAP}(?:\w+\s)?|{_NOUN}{_OPEN}{_WITHIN}|\b(?:abzüglich|abzgl\.)\s{_WITHIN}"
    rf"|{_PRICE}[^.!?\n]{{0,30}}\b(?:{_LOWER}|sinkt|fällt|drops|falls)\s(?:by|um)\s)\Z",
    re.IGNORECASE,
)
_SAVES = re.compile(rf"{_SAVE}[\s:]{{1,3}}{_SELF}\Z", re.IGNORECASE)
_END = re.compile(rf"{_SIGN}{_ENDS}", re.IGNORECASE)
_LOWERED = re.compile(rf"{_SIGN}{_LOWER}", re.IGNORECASE)
_OF_PRICE = re.compile(rf"{_PRICE}[^.!?\n]{{0,40}}\Z", re.IGNORECASE)


def is_discount(text: str, start: int, end: int, after: int) -> int:
    """Where that what says so ends, or 0 if nothing does. The number stands from `start` to `end`; what is before
    `after` belongs to another."""
    first, last = max(after, start - _NEAR), end + _NEAR
    if found := _AFTER.match(text, end, last):
        return found.end()
    if _BEFORE.search(text, first, start):
        return end
    if (found := _END.match(text, end, last)) and _SAVES.search(text, first, start):
        return found.end()
    if (found := _LOWERED.match(text, end, last)) and _OF_PRICE.search(text, first, start):
        return found.end()
    return 0
