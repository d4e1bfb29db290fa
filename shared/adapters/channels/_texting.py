"""What text messages of every provider have in common: numbers, length, price."""

from __future__ import annotations

import re

from shared.adapters.channels._options import Options
from shared.domain.sms import Tariff, length
from shared.ports import Outgoing

SETTING = "BATON_SMS_URL"
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def tariff_of(options: Options) -> Tariff:
    """`cost_per_segment` in euros, `most_segments` of one message. Raises ValueError as Options does."""
    micros = round(options.number("cost_per_segment", "0", "0", "10") * 1_000_000)
    return Tariff(micros, int(options.number("most_segments", "2", "1", "10")))


def most_micros(tariff: Tariff) -> int:
    """What a message costs at most: what budgets count with."""
    return tariff.segment_micros * tariff.most_segments


def text_of(message: Outgoing, tariff: Tariff) -> str:
    """Raises ValueError for a number or a text that no provider may be given."""
    if not NUMBER.fullmatch(message.recipient):
        raise ValueError("the number is not in international form (E.164)")
    text = message.message.decode()
    if not text.strip():
        raise ValueError("there is no text")
    if (segments := length(text).segments) > tariff.most_segments:
        raise ValueError(f"it would take {segments} segments; most_segments is {tariff.most_segments}")
    return text


def cost_of(message: Outgoing, tariff: Tariff) -> int:
    return tariff.segment_micros * length(message.message.decode(errors="replace")).segments
