from __future__ import annotations

from typing import Any

import pytest

from shared.domain.campaign import CampaignRequest
from shared.domain.checks import review, sources_of
from shared.domain.draft import Draft, Finding
from shared.domain.wording import Copy
from shared.render.letter import lay_out

REQUEST = CampaignRequest.model_validate(
    {
        "name": "Spring",
        "brief": {
            "goal": "Fill the course",
            "offer": "Six evenings for €49 in a BATON studio",
            "audience": "Former patients",
            "call_to_action": {"text": "Book a place", "url": "https://www.practice.example/course"},
            "facts": ["It starts on Tue 3 March at 18:30"],
        },
        "segment": {"all": True},
        "sender": {"name": "Tom & Co", "address": "hi@tom.co", "postal_address": "1 Mill Road\nLeeds LS1"},
    }
)
GOOD = Copy(
    subject="Six evenings for your back",
    preheader="It starts on Tuesday",
    headline="Six evenings",
    greeting="Hi there,",
    paragraphs=["Six evenings for €49."],
    points=["It starts on Tuesday 3 March at 18:30."],
    closing="See you there?",
    sign_off="Warm wishes,\nTom & Co",
    language="en",
    notes=[],
)


def reviewed(change: dict[str, Any] | None = None, wish: str = "", by: str = "model", **copy: Any) -> list[Finding]:
    """The findings on the good copy with some of it changed, and parts of its draft overwritten by `change`."""
    words = GOOD.model_copy(update=copy)
    draft = lay_out(words, REQUEST, campaign="c", version=1, variant="A", written_by=by)
    return review(draft.model_copy(update=change or {}), words, REQUEST, sources_of(REQUEST, wish))


def good_draft() -> Draft:
    return lay_out(GOOD, REQUEST, campaign="c", version=1, variant="A", written_by="model")


def test_a_good_mail_has_no_findings():
    assert reviewed() == []


@pytest.mark.parametrize(
    ("severity", "rule", "where", "copy"),
    [
        ("error", "subject-empty", "subject", {"subject": "  "}),
        ("error", "subject-lines", "subject", {"subject": "Six\nevenings"}),
        ("error", "subject-deceptive", "subject", {"subject": "Re: your question"}),
        ("error", "subject-deceptive", "subject", {"subject": "FWD : Six evenings"}),
        ("error", "subject-deceptive", "subject", {"subject": "AW: Sechs Abende"}),
        ("warning", "subject-long", "subject", {"subject": "Six evenings " * 5}),
        ("error", "number-invented", "headline", {"headline": "20% off"}),
        ("warning", "number-invented", "text", {"paragraphs": ["Loved by seven neighbours."]}),
        ("error", "date-invented", "preheader", {"preheader": "Also on Friday"}),
        ("error", "claim-invented", "text", {"closing": "It is free of charge."}),
        ("error", "link-foreign", "text", {"points": ["See https://evil.example/x"]}),
        ("error", "link-foreign", "text", {"points": ["See evil.example"]}),
        ("error", "body-empty", "text", {"paragraphs": [], "points": [" "]}),
        ("error", "leftover", "text", {"greeting": "Dear [Your Name],"}),
        ("error", "leftover", "text", {"paragraphs": ["<b>Six</b> evenings"]}),
        ("error", "leftover", "text", {"paragraphs": ["Lorem ipsum"]}),
        ("warning", "spam-phrase", "text", {"closing": "Click here"}),
        ("warning", "shouting", "subject", {"subject": "COME to us"}),
        ("warning", "exclamation", "text", {"subject": "Come!!"}),
        ("warning", "exclamation", "text", {"closing": "Come! Now! Yes! Do!"}),
        ("info", "readability", "text", {"paragraphs": ["word " * 26]}),
        ("error", "language", "text", {"language": "de"}),
        ("info", "writer-note", "text", {"notes": ["I could not rhyme."]}),
    ],
)
def test_each_rule_of_the_copy_finds_its_fault(severity: str, rule: str, where: str, copy: dict[str, Any]):
    found = [finding for finding in reviewed(**copy) if finding.rule == rule]
    assert [(finding.severity, finding.where) for finding in found] == [(severity, where)]


@pytest.mark.parametrize(
    ("severity", "rule", "where", "change"),
    [
        ("error", "unsubscribe-missing", "html", {"html": good_draft().html.replace("{{ unsubscribe }}", "#")}),
        ("error", "unsubscribe-missing", "text", {"text": good_draft().text.replace("{{ unsubscribe }}", "#")}),
        ("error", "postal-missing", "html", {"html": good_draft().html.replace("Mill Road", "")}),
        ("error", "postal-missing", "text", {"text": good_draft().text.replace("Leeds LS1", "Leeds")}),
        ("error", "disclosure-missing", "html", {"html": good_draft().html.replace("Written with AI", "")}),
        ("error", "disclosure-missing", "html", {"html": good_draft().html.replace("Written with AI", "<style>p")}),
        ("error", "disclosure-missing", "text", {"text": good_draft().text.replace("Written with AI", "")}),
        ("error", "html-size", "html", {"html": good_draft().html + "x" * 100_000}),
        ("warning", "html-large", "html", {"html": good_draft().html + "x" * 60_000}),
        ("info", "alt-missing", "html", {"html": good_draft().html + '<img src="x">'}),
    ],
)
def test_each_rule_of_the_laid_out_mail_finds_its_fault(severity: str, rule: str, where: str, change: dict[str, Any]):
    found = [finding for finding in reviewed(change) if finding.rule == rule]
    assert [(finding.severity, finding.where) for finding in found] == [(severity, where)]


def test_the_built_in_writer_may_fall_back_to_english():
    found = [finding for finding in reviewed(by="built-in writer", language="de") if finding.rule == "language"]
    assert [finding.severity for finding in found] == ["info"]


def test_the_approvers_own_words_ground_the_copy_too():
    assert [finding.rule for finding in reviewed(closing="Now €39")] == ["number-invented"]
    assert reviewed(closing="Now €39", wish="Say that it costs €39") == []


def test_a_word_in_capitals_that_the_brief_writes_so_is_a_name():
    assert reviewed(headline="The BATON studio") == []


def test_todo_is_a_gap_in_capitals_and_a_word_otherwise():
    assert {"leftover", "shouting"} <= {finding.rule for finding in reviewed(closing="TODO")}
    assert "leftover" not in {finding.rule for finding in reviewed(closing="Todo va bien")}


def test_the_same_invention_is_said_once():
    assert len(reviewed(headline="€39", closing="€39")) == 1


def test_notes_are_cut_and_counted():
    found = reviewed(notes=["x" * 1000] * 9)
    assert [len(finding.reason) for finding in found] == [300] * 5
