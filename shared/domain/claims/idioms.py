"""Turns of phrase: what they say in plain words, or nothing at all. Sources and texts are read through one table.

Data: by what is meant, the patterns that mean it, parted by bars with spaces."""

from __future__ import annotations

import re
from functools import cache

_FIXED_EN = {
    "free": r"""
        without (?:having to )?pay(?:ing)? (?:a penny|a cent|anything|extra) |
        (?:is |are |'s |'re )?on (?:us|the house)\b | (?:without|at no|no|free of) (?:any |extra |additional
        |further )*(?:costs?|charges?|fees?) | (?:won't|doesn't|don't|will not|does not|do not)
        (?:cost|pay|charge)(?: you)? (?:a penny|a cent|anything|a thing|extra) | costs? (?:you )?nothing(?:
        extra)? | for nothing | nothing extra | (?:a |one )?(?:penny|cent) (?:more|extra) | waive\w* | let \w+
        off
    """,
    "not open": r"closed",
    "soldout": r"(?:nearly |almost |fully |already )*(?:sold out|booked out|fully booked)",
    "no obligation": r"""
        (?:doesn't |does not |won't )?commits? you to (?:nothing|anything) | no strings(?: attached)?
        | free to (?:say no|decline) | no obligations? | without (?:any )?obligation
        | without committing(?: yourself)? | no commitment
    """,
    "usually": r"""
        (?:in|on) (?:most|many) (?:cases|occasions|days) | most of the time | as a rule | more often than not
        | by and large
    """,
    "call": r"(?:give|drop) (?:us|me|\w+) a (?:ring|call|bell|shout) | (?:pick up|get on) the phone",
    "write": r"""
        (?:drop|send) (?:us|me|\w+) a (?:line|note|few lines) | (?:hit|press|click) reply | reply to this
        (?:e-?mail|message)
    """,
    "reserve": r"""
        (?:put|set|keep|lay) (?:\w+ ){1,3}(?:aside|by)\b(?! you) | (?:save|hold) (?:you )?(?:a|your)
        (?:place|seat|spot)
    """,
    "beforehand": r"in advance | ahead of time | up front",
    "ready": r"up and running",
    "discard": r"throw\w* away | thrown away | thrown out",
    "extra": r"on top(?: of (?:that|this|it))?",
    "buy": r"(?:go|goes|going|went) on sale",
    "one by one": r"one at a time",
    "around the clock nonstop": r"(?:around|round) the clock | 24/7 | day and night",
    "unlimited in time": r"""
        for as long as (?:you|they) (?:like|want|wish|please) | as long as you (?:like|want|wish|please)
    """,
    "if": r"as long as | so long as | provided that | on condition that",
    "": r"""
        good (?:morning|afternoon|evening|day) | (?:bear|keep) in mind | (?:sooner or later) | (?:once|time
        and) again | more than a little | (?:not|isn't|aren't|n't) (?:your|my|our) (?:thing|cup of tea) |
        (?:that |this )?time of (?:the )?year | on (?:its|their|the) way | at (?:long )?last | by the way | to
        be (?:honest|frank|sure|precise) | needless to say | in other words | no wonder | no doubt | why not |
        no problem | no matter | not only | not just | (?:don't|do not|no need to|never have to)
        (?:hesitate|worry|forget|wait|miss out|miss) | never mind | not to mention | nothing beats | can't
        wait | cannot wait | can hardly wait | nothing (?:like|better than) | (?:isn't|is) (?:that|it)
        (?:nice|great|lovely) | or (?:so|two)\b | (?:so|and) far so good | at (?:first|a) (?:glance|sight) |
        in (?:short|brief|a nutshell) | all in all | at the end of the day | from time to time | at your
        (?:own )?(?:pace|leisure) | in your own time | the ball is (?:now )?in your court | if you ask us |
        when it comes to | as it were | so to speak | as you (?:may |might |probably )*(?:know|remember) |
        it's no secret | back to (?:work|normal) | believe it or not | head over to | in (?:good|safe) hands |
        the (?:good|best) news is | here's (?:how|why|the thing) | in case you | good news | first (?:of
        all|things first|and foremost) | for the first time | second to none | hand in hand | the one(?:s)?
        (?:that|who|which)
    """,
}
_FIXED_DE = {
    "kostenlos": r"""
        (?:kostet|kosten) (?:sie |dich |euch )?(?:nichts|keinen cent)(?: (?:extra|mehr|zusätzlich))? |
        (?:ohne|keine) (?:weiteren? |zusätzlichen? |extra
        )*(?:kosten|gebühren|mehrkosten|aufpreis|berechnung|aufschlag) | keinen cent (?:mehr|extra) | zum
        nulltarif | auf(?:s| das) haus | geht auf uns | nichts extra | für lau | \w+frei zu (?:dir|ihnen|euch)
    """,
    "nicht geöffnet": r"geschlossen | (?:habe|haben|hat|ist|sind) (?:wir |sie )?zu(?=[.,;!]|$)",
    "ausverkauft": r"(?:fast |schon |nahezu |bereits )*(?:ausverkauft|ausgebucht|vergriffen)",
    "lebenslang": r"ein leben lang | lebenslang\w* | auf lebenszeit",
    "erstatten": r"geld(?: \w+){0,4} zurück",
    "unverbindlich": r"ohne (?:jede )?verpflichtung(?:en)? | verpflichtet (?:sie |dich |euch )?zu nichts",
    "normalerweise": r"""
        in der regel | im (?:regelfall|normalfall|allgemeinen) | in den meisten fällen | erfahrungsgemäß | für
        gewöhnlich
    """,
    "derzeit": r"z\. ?zt\. | zur ?zeit | im (?:moment|augenblick)",
    "sofort": r"an ort und stelle | auf der stelle | umgehend",
    "rund um die uhr nonstop": r"rund um die uhr | tag und nacht | 24/7",
    "folgemonat": r"(?:des |im )?(?:nächsten|folgenden|darauffolgenden) monats?",
    "": r"""
        guten (?:morgen|tag|abend) | am (?:besten|liebsten) |
        (?:ehrlich|offen|genauer|kurz) gesagt | (?:keine|ohne) sorgen? | (?:nicht|nichts)
        (?:verpassen|zögern|vergessen|warten) | kein (?:problem|ding|wunder) | warum nicht | nicht nur | nicht
        zuletzt | (?:(?:brauchen|müssen|musst|brauchst|müsst|braucht) (?:sie |du |ihr )?(?:sich |dich |euch
        )?(?:um )?(?:nichts|nicht)(?: weiter| mehr| selbst)? (?:zu )?kümmern) | (?:sich |dich |euch
        )?(?:nicht|nichts)(?: weiter| mehr| selbst)? (?:zu )?kümmern | ganz zu schweigen | nichts
        (?:geht|schöner|besser) | es gibt nichts | wie (?:sie|du|ihr) (?:vielleicht |wahrscheinlich
        )?wiss(?:t|en) | (?:vielleicht )?kennen sie das | kein geheimnis | auf den ersten blick | zum ersten
        mal | im großen und ganzen | alles in allem | unterm strich | kurz und gut | über kurz oder lang | so
        oder so | nach wie vor | hin und wieder | ab und zu | von zeit zu zeit | zu guter letzt | wie dem auch
        sei | in aller (?:ruhe|kürze) | nach herzenslust | in guten händen | (?:ein|zwei) klicks? | mit wenigen klicks |
        im handumdrehen | gesagt,? getan | egal ob | egal | damit sie eine vorstellung haben | nur einen klick
        entfernt | wir freuen uns | nicht mehr wegzudenken | nicht schlecht | kaum erwarten | gar nicht so |
        ehe man sich's versieht | mit von der partie | (?:heißt|gilt) es | was das zeug hält
    """,
}
_MEANT = [*_FIXED_EN, *_FIXED_DE]


def plain(text: str) -> str:
    """A text without turns of phrase, the typographic apostrophe as the typed one."""
    return _any().sub(lambda found: f" {_MEANT[int(str(found.lastgroup)[1:])]} ", text.replace("’", "'"))


@cache
def _any() -> re.Pattern[str]:
    """Compiled at the first use: it takes longer than the import of everything around it."""
    forms = (re.sub(r"\s+", " ", form).strip() for form in (*_FIXED_EN.values(), *_FIXED_DE.values()))
    numbered = "|".join(f"(?P<m{number}>{form.replace(' | ', '|')})" for number, form in enumerate(forms))
    return re.compile(rf"(?<!\w)(?:{numbered})(?!\w)", re.IGNORECASE)
