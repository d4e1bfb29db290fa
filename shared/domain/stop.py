"""Is this text message a "no"? In the words the law names, and in any other reasonable wording (47 CFR 64.1200)."""

from __future__ import annotations

import re

_WORDS = r"stop|stopp|stopall|quit|revoke|opt ?out|cancel|unsubscribe|end|arret|baja|abmelden|kündigen"
_ALONE = re.compile(
    rf"(?:please |pls |bitte |just )?(?:{_WORDS})(?: (?:all|now|it|this|please|pls|bitte|thanks|thank you))*"
)
_ANYWHERE = re.compile(
    r"\b(?:unsubscribe|opt(?:ing)? ?(?:me )?out|revoke|remove me|take me off|delete (?:me|my number)"
    r"|stop (?:texting|messaging|sending|contacting|writing|calling|these|this|the (?:texts|messages))"
    r"|(?:do not|dont|never) (?:text|message|contact|write|send|call)|no more (?:texts|messages|sms)|leave me alone"
    r"|not interested|wrong number|keine (?:sms|nachrichten) mehr)\b"
)


def is_stop(text: str) -> bool:
    """True for STOP, QUIT, REVOKE, OPT OUT, CANCEL, UNSUBSCRIBE, END, alone or politely wrapped, and for sentences that
    cannot mean anything else. In doubt it is a no: who is asked too little comes back, who is asked too much sues."""
    words = re.sub(r"[^\w\s]|_", " ", re.sub(r"[’'`]", "", text[:1000].casefold()).replace("-", " "))
    said = " ".join(words.split())
    return bool(_ALONE.fullmatch(said) or _ANYWHERE.search(said))
