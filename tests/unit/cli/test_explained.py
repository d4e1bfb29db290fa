"""What `baton explain` shows."""

from __future__ import annotations

from local.cli.campaign_views import explanations


def test_the_trace_of_a_message_is_shown_where_there_is_one() -> None:
    told = {"sentence": "Ann was sent “Spring” once.", "evidence": {"verdict": {"code": "allowed", "trace": "0af765"}}}
    silent = {"sentence": "Bob was not.", "evidence": {"verdict": None}}
    shown = list(explanations({"about": "", "items": [told, silent, {"sentence": "None.", "evidence": {}}]}))
    assert shown == ["", told["sentence"], "Trace 0af765.", "", silent["sentence"], "", "None."]
