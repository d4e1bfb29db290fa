"""The certificate as one sheet of PDF: read back with a PDF reader."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from shared.domain.approval import Approval
from shared.domain.campaign import Campaign, CampaignRequest, Status
from shared.domain.certificate import Certificate
from shared.domain.gate import HELD
from shared.render.certificate import certificate_pdf

NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
SEAL = "ab" * 32
NASTY = 'Days #1 $x$ *bold* #read("/etc/passwd") <b> \\ "quoted"'


def campaign(name: str, status: Status = "completed", **changes: Any) -> Campaign:
    request = CampaignRequest.model_validate(
        {
            "name": name,
            "brief": {
                "goal": "g",
                "offer": "o",
                "audience": "a",
                "call_to_action": {"text": "t", "url": "https://halm.example"},
            },
            "segment": {"all": True},
            "sender": {"name": "Halm Studio", "address": "a@halm.example", "postal_address": "14 Weavers Lane"},
            **changes,
        }
    )
    return Campaign(
        id="c1",
        request=request,
        name=name,
        status=status,
        created_at=NOW,
        created_by="ann",
        approved=SEAL,
        first_due=NOW,
        last_due=NOW,
    )


def sheet(name: str = "Autumn", of: Campaign | None = None, **parts: int) -> bytes:
    marks = {mark: parts.pop(mark) for mark in ("assumed", "sent_again") if mark in parts}
    counts = {"sent_once": 0, "sent_twice": 0, "failed": 0, "unknown": 0, "remaining": 0}
    held = {code: n for code, n in parts.items() if code not in counts}
    counts |= {part: n for part, n in parts.items() if part in counts}
    proof = Certificate(
        campaign="c1", name=name, planned=sum(parts.values()), held=held, recounted_at=NOW, **counts, **marks
    )
    asked = Approval(
        subject="c1", version=1, digest=SEAL, sealed={}, asked_at=NOW, decision="approve", by="ann", at=NOW
    )
    return certificate_pdf(proof, of or campaign(name), asked, ZoneInfo("Europe/Berlin"))


def read(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def test_it_says_every_part_who_approved_and_when_it_was_counted() -> None:
    said = read(sheet(sent_once=1355, failed=5, no_consent=80))
    for part in ("1,355", "5", "80", "1,440", HELD["no_consent"], "by ann", "Halm Studio", SEAL, "10:00:00"):
        assert part in said
    assert said.startswith("CERTIFICATE OF SENDING")


def test_while_messages_remain_it_is_called_interim() -> None:
    assert read(sheet(sent_once=1, remaining=1)).startswith("INTERIM CERTIFICATE")


def test_all_reasons_and_a_long_name_still_fit_on_one_page() -> None:
    many = {f"reason_{n}": n + 1 for n in range(40)}
    assert "for other reasons" in read(sheet("Long " * 39, sent_once=10, **many, **dict.fromkeys(HELD, 3)))


def test_what_people_decided_about_the_unknown_is_said_and_adds_nothing() -> None:
    said = read(sheet(sent_once=40, sent_twice=1, unknown=3, assumed=7, sent_again=2))
    assert "not proved: treated as sent by a person's decision 7" in said.replace("’", "'")
    assert "sent again by a person's decision, may be twice 2" in said.replace("’", "'")
    assert "Planned every one of them in exactly one part 44" in said
    assert "decision" not in read(sheet(sent_once=40))


def test_a_recalled_campaign_and_a_correction_say_what_they_are() -> None:
    recalled = read(sheet(of=campaign("Autumn", "cancelled"), sent_once=37, cancelled=412))
    assert "Stopped the campaign was recalled or cancelled" in recalled
    assert f"Held because {HELD['cancelled']} 412" in recalled
    said = read(sheet(of=campaign("Correction of Autumn", segment={"received": "c0"}), sent_once=37))
    assert "Written to those who got the messages of campaign c0" in said


@pytest.mark.parametrize(
    ("channel", "by", "who"),
    [
        ("sms", "text message", "by the provider of the text messages"),
        ("webhook", "webhook", "by the receiving server"),
        ("chat", "chat message", "by the chat service"),
        ("social", "post", "by the network that it was posted to"),
    ],
)
def test_another_channel_is_named_with_who_acknowledges_there(channel: str, by: str, who: str) -> None:
    own = {"segment": {"own": True}} if channel in ("chat", "social") else {}
    said = read(sheet(of=campaign("Autumn", channels=[channel], **own), sent_once=1))
    assert f"By {by}" in said
    assert who in said
    assert "mail server" not in said


def test_the_longest_names_without_a_space_break_and_all_of_it_stays_on_one_page() -> None:
    name, owner = "Rindfleischetikettierung" * 8, "Überwachungsaufgaben" * 10
    sender = {"name": owner, "address": "a" * 60 + "@halm.example", "postal_address": "14 Weavers Lane, " * 17}
    worst = campaign(name, "cancelled", sender=sender, segment={"received": "c0" * 16})
    pdf = sheet(name, worst, sent_once=10, assumed=1, sent_again=1, **dict.fromkeys(HELD, 3))
    lines = PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()
    whole = "".join(lines).replace("ﬂ", "fl").replace(" ", "")
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert name in whole
    assert owner in whole
    assert not any(name in line or owner in line for line in lines), "they are broken into lines"


def test_an_empty_plan_has_a_certificate_too() -> None:
    assert "of 0 planned" in read(sheet())


def test_a_name_is_text_and_never_markup() -> None:
    said = read(sheet(NASTY, sent_once=1))
    assert '#read("/etc/passwd")' in said.replace("“", '"').replace("”", '"')
    assert "*bold*" in said


def test_the_same_facts_are_the_same_bytes() -> None:
    assert sheet(sent_once=3) == sheet(sent_once=3)
