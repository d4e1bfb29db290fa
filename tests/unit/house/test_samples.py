"""Twenty briefs of twenty trades, and what the built-in writer makes of them: kept as text so that it is read.

    python -m tests.unit.house.test_samples

writes docs/samples/english.md and german.md anew. Read them before you keep them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from shared.adapters.models.writer import BuiltInWriter
from shared.domain.campaign import CampaignRequest
from shared.domain.checks import review, sources_of
from shared.domain.draft import Finding
from shared.domain.scope import Scope
from shared.domain.wording import TASK, Copy
from shared.ports import Question
from shared.render.letter import lay_out
from shared.render.personal import draft_findings, with_fallbacks

SAMPLES = Path(__file__).parents[3] / "docs/samples"
BRIEFS: list[dict[str, Any]] = YAML(typ="safe").load(SAMPLES / "briefs.yaml")
PAGES = {"en": SAMPLES / "english.md", "de": SAMPLES / "german.md"}
HEAD = """# What the built-in writer makes of ten briefs ({language})

The briefs stand in [briefs.yaml](briefs.yaml); the businesses are invented. Written without a model, by
`python -m tests.unit.house.test_samples`; a test holds this page to what the writer says today. The greeting is
shown as somebody reads it whose first name is not known.
"""


def written(sample: dict[str, Any]) -> Copy:
    data = {"variant": sample["variant"], "brief": sample["brief"], "sender": sample["sender"], "change_wish": None}
    return Copy.model_validate(
        BuiltInWriter().ask(Scope("local", "main"), Question(TASK, "", data, {}, len(sample["sender"]))).data
    )


def findings(sample: dict[str, Any], copy: Copy) -> list[Finding]:
    sender = {"name": sample["sender"], "address": "hi@house-mail.com", "postal_address": "1 Mill Road, Leeds"}
    told = {"name": "n", "brief": sample["brief"], "segment": {"all": True}, "sender": sender}
    request = CampaignRequest.model_validate(told)
    draft = lay_out(copy, request, campaign="c", version=1, variant="A", written_by="built-in writer")
    return [*draft_findings(draft), *review(draft, copy.mapped(with_fallbacks), request, sources_of(request))]


def page(language: str) -> str:
    samples = [each for each in BRIEFS if each["brief"]["language"] == language]
    return HEAD.format(language={"en": "English", "de": "German"}[language]) + "".join(map(_shown, samples))


def _shown(sample: dict[str, Any]) -> str:
    copy, brief = written(sample).mapped(with_fallbacks), sample["brief"]
    asked = f"{brief['goal']} · for {brief['audience']} · {brief['tone']} · angle {sample['variant']}"
    head = f"\n## {sample['sender']}\n\n{asked}\n"
    lines = [
        f"**{copy.subject}**",
        f"*{copy.preheader}*",
        f"### {copy.headline}" if copy.headline else "",
        copy.greeting,
    ]
    points = "\n".join(f"* {point}" for point in copy.points)
    button = f"[{brief['call_to_action']['text']}]({brief['call_to_action']['url']})"
    told = [*lines, *copy.paragraphs, points, copy.closing, button, copy.sign_off.replace("\n", "  \n")]
    return (
        head
        + "".join(f"\n> {block.replace(chr(10), chr(10) + '> ')}\n>" for block in told if block).rstrip(">\n")
        + "\n"
    )


@pytest.mark.parametrize("language", PAGES)
def test_the_page_is_what_the_writer_says(language: str) -> None:
    assert PAGES[language].read_text() == page(language), "python -m tests.unit.house.test_samples"


def test_no_two_share_an_opening() -> None:
    openings = {each["sender"]: " ".join(written(each).paragraphs[0].split()[:3]).lower() for each in BRIEFS}
    assert len(openings) == 20
    assert [pair for pair in combinations(openings, 2) if openings[pair[0]] == openings[pair[1]]] == []


@pytest.mark.parametrize("sample", BRIEFS, ids=[each["sender"] for each in BRIEFS])
def test_nothing_is_invented_and_thin_facts_give_short_copy(sample: dict[str, Any]) -> None:
    copy, brief = written(sample), sample["brief"]
    assert [each for each in findings(sample, copy) if each.severity != "info"] == []
    said = sum(len(text.split()) for text in (*copy.paragraphs, *copy.points, copy.closing))
    given = sum(len(text.split()) for text in (brief["offer"], *brief["facts"]))
    assert said <= given + 25


if __name__ == "__main__":
    for _language, _page in PAGES.items():
        _page.write_text(page(_language))
