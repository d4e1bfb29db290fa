"""Templates into pages. Everything is escaped; a missing value is an error, not a gap."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.domain.budget import cost_text
from shared.domain.deal import STAGES
from shared.domain.figures import between, people, percent, spread
from shared.domain.forecast import REPAIRS
from shared.domain.money import spelled
from shared.domain.revenue import told
from shared.web import run_words, words
from shared.web.deals import worth
from shared.web.navigation import GROUPS, group_of

HERE = Path(__file__).parent

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
"""Content-Security-Policy of every page: nothing from elsewhere, also not inside a previewed mail."""


def page(template: str, zone: str, **values: Any) -> str:
    """The page of a template (without its .html); times are shown in `zone`."""
    return _templates(zone).get_template(f"{template}.html").render(**values)


@cache
def _templates(zone: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    where = ZoneInfo(zone)
    made.filters |= {
        "moment": lambda at: words.moment(_time(at), where),
        "day": "{:%a %-d %b}".format,
        "number": "{:,}".format,
        "money": words.money,
        "price": spelled,
        "cost": cost_text,
        "sum_of": told,
        "source": words.source,
        "people": people,
        "percent": percent,
        "between": between,
        "spread": spread,
        "held": words.held,
        "clock": lambda at: f"{_time(at).astimezone(where):%H:%M:%S}",
        "duration": run_words.duration,
    }
    made.globals |= {
        "status_words": words.STATUS,
        "consent_words": words.CONSENT,
        "channel_words": words.CHANNELS,
        "repairs": REPAIRS,
        "deal_stages": STAGES,
        "worth": worth,
        "navigation": GROUPS,
        "group_of": group_of,
    }
    made.globals["domain_words"] = words.DOMAIN
    made.globals["state_words"] = words.STATES
    made.globals["timezone"] = zone
    made.globals |= {
        "run_words": run_words.RUN_WORDS,
        "step_words": run_words.STEP_WORDS,
        "kind_words": run_words.KINDS,
        "begun_by": run_words.begun_by,
        "lasted": run_words.lasted,
    }
    return made


def _time(at: datetime | str) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)
