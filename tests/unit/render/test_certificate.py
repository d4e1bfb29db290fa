"""The certificate as one sheet of PDF: read back with a PDF reader."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pypdf import PdfReader

from shared.domain.approval import Approval
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.certificate import Certificate
from shared.domain.gate import HELD
from shared.render.certificate import certificate_pdf

NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
SEAL = "ab" * 32
NASTY = 'Days #1 $x$ *bold* #read("/etc/passwd") <b> \\ "quoted"'


def campaign(name: str) -> Campaign:
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
        }
    )
    return Campaign(
        id="c1",
        request=request,
        name=name,
        status="completed",
        created_at=NOW,
        created_by="ann",
        approved=SEAL,
        first_due=NOW,
        last_due=NOW,
    )


def sheet(name: str = "Autumn", **parts: int) -> bytes:
    counts = {"sent_once": 0, "sent_twice": 0, "failed": 0, "unknown": 0, "remaining": 0}
    held = {code: n for code, n in parts.items() if code not in counts}
    counts |= {part: n for part, n in parts.items() if part in counts}
    proof = Certificate(campaign="c1", name=name, planned=sum(parts.values()), held=held, recounted_at=NOW, **counts)
    asked = Approval(
        subject="c1", version=1, digest=SEAL, sealed={}, asked_at=NOW, decision="approve", by="ann", at=NOW
    )
    return certificate_pdf(proof, campaign(name), asked, ZoneInfo("Europe/Berlin"))


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


def test_an_empty_plan_has_a_certificate_too() -> None:
    assert "of 0 planned" in read(sheet())


def test_a_name_is_text_and_never_markup() -> None:
    said = read(sheet(NASTY, sent_once=1))
    assert '#read("/etc/passwd")' in said.replace("“", '"').replace("”", '"')
    assert "*bold*" in said


def test_the_same_facts_are_the_same_bytes() -> None:
    assert sheet(sent_once=3) == sheet(sent_once=3)
