"""The verb analyze: what came back from a campaign, counted as it comes and reported at any time."""

from shared.agents.analyze.final import run
from shared.agents.analyze.report import report
from shared.agents.analyze.tracking import click_target, track

__all__ = ["click_target", "report", "run", "track"]
