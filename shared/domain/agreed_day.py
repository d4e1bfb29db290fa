"""A day of the calendar that people agree on."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

LAST = date(2999, 12, 31)
Day = Annotated[date, Field(le=LAST)]
"""Whatever is counted from it, such as months, reminders or how long a link can be read, is still a day of the
calendar. A field may be called date, too."""
