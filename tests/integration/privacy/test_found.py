"""Rule G10: where data come from that a person did not give is kept with them, and the person is told in time."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from shared.agents import campaigns
from shared.agents.contacts import find_by_address, get_import
from shared.agents.contacts.notices import record_told
from shared.agents.privacy import export
from shared.agents.schedule.forecast import forecast
from shared.domain.contact import Contact
from shared.domain.draft import draft_id
from shared.domain.faults import Conflict
from shared.domain.found import Told
from shared.domain.names import Kind
from shared.domain.wording import Copy
from shared.ports import Ports
from shared.render.letter import lay_out
from tests.integration.agents.conftest import SCOPE, START, Hand, Walk
from tests.integration.contacts.home import bring_in

WHERE = "https://kanzlei.example/team?a=1&b=<2>"
FOUND = (
    "email,first_name,company,beruf,consent,found_at,found_on,found_by,found_licence\n"
    f'ann@kanzlei.example,Ann,Kanzlei,Anwältin,yes,"{WHERE}",2027-03-01,read by hand,CC BY 4.0\n'
    "bob@people.example,Bob,,,yes,,,,\n"
)
Walks = Callable[..., Walk]


def ann(ports: Ports, address: str = "ann@kanzlei.example") -> Contact:
    found = find_by_address(ports, SCOPE, address)
    assert found is not None
    return found


def lay(ports: Ports, walk: Walk, language: str = "en") -> None:
    """Drafts as the real layout makes them."""
    walk.write()
    copy = Copy(
        subject="Six evenings", preheader="p", headline="", greeting="Hello", paragraphs=["Come."], points=[],
        closing="Bye", sign_off="Praxis", language=language, notes=[],
    )  # fmt: skip
    made = lay_out(copy, walk.campaign.request, campaign=walk.id, version=1, variant="A", written_by="a test")
    ports.documents.put(
        SCOPE,
        Kind.DRAFT,
        draft_id(walk.id, 1, "A"),
        made.model_copy(update={"words": copy}).model_dump(mode="json"),
        "*",
    )


def planned(ports: Ports, walk: Walk, language: str = "en") -> Walk:
    lay(ports, walk, language)
    walk.approve()
    walk.schedule()
    return walk


def mails(walk: Walk, tmp_path: Path) -> dict[str, EmailMessage]:
    read = (email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in walk.outbox(tmp_path))
    return {str(each["To"]).partition("<")[2].strip("> "): each for each in read}  # type: ignore[misc]


def test_rule_g10_each_field_that_was_found_keeps_where_when_how_and_on_which_terms(ports: Ports) -> None:
    bring_in(ports, FOUND.encode())
    (source,) = ann(ports).found
    assert source.fields == ["email", "first_name", "company", "attributes.beruf"]
    assert (source.source, source.at.date().isoformat()) == (WHERE, "2027-03-01")
    assert (source.by, source.licence, source.told_at) == ("read by hand", "CC BY 4.0", None)
    assert ann(ports, "bob@people.example").found == []

    assert bring_in(ports, FOUND.encode()).unchanged == 2, "the same file again"
    bring_in(ports, b"email,company\nann@kanzlei.example,Ann's own firm\n")
    assert "company" not in ann(ports).found[0].fields, "what they gave themselves was not found"
    other = b"email,city,first_name,found_at,found_on\nbob@people.example,Ulm,Bob,a register,2027-03-01\n"
    bring_in(ports, other)
    assert ann(ports, "bob@people.example").found[0].fields == ["city"], "what was known already was not found"


def test_rule_g10_a_row_without_where_or_when_is_refused_with_the_reason(ports: Ports) -> None:
    rows = (
        "email,found_at,found_on,found_by\n"
        "a@people.example,https://x.example,,\nb@people.example,,2027-03-01,\n"
        "c@people.example,,,a robot\nd@people.example,https://x.example,2027-04-01,\n"
        "e@people.example,https://x.example,soon,\n"
    )
    done = get_import(ports, SCOPE, bring_in(ports, rows.encode()).id)
    assert [(each.line, each.field) for each in done.errors] == [
        (2, "found_on"), (3, "found_at"), (4, "found_at"), (4, "found_on"), (5, "found_on"), (6, "found_on"),
    ]  # fmt: skip
    assert "lies in the future" in done.errors[4].reason


def test_rule_g10_the_first_mail_tells_them_and_no_later_one_does(ports: Ports, walk: Walks, tmp_path: Path) -> None:
    bring_in(ports, FOUND.encode())
    spring = planned(ports, walk())
    assert campaigns.preview(ports, SCOPE, spring.id, "A", ann(ports).id).text.count("CC BY 4.0") == 1
    spring.send_all()
    sent = mails(spring, tmp_path)
    for kind in ("plain", "html"):
        said = sent["ann@kanzlei.example"].get_body((kind,))
        assert said is not None
        text = " ".join(said.get_content().split())
        assert "We did not get these data from you: name, e-mail address, company and role, further details" in text
        assert "2027-03-01, terms: CC BY 4.0" in text
        assert "Praxis uses them to write to you" in text
        assert "/api/u/" in text.partition("object at any time")[2]
        if kind == "html":
            assert "team?a=1&amp;b=&lt;2&gt;" in text
        other = sent["bob@people.example"].get_body((kind,))
        assert other is not None
        assert "did not get these data" not in other.get_content()
        assert "{{" not in other.get_content()
    (source,) = ann(ports).found
    assert (source.told_by, source.told_at) != (None, None)
    why = campaigns.explain(ports, SCOPE, spring.id, ann(ports).id)
    assert (
        f"came from {WHERE} on 1 March 2027 (read by hand; CC BY 4.0); they were told so by this message"
        in why.sentence
    )
    assert why.evidence["found"][0]["source"] == WHERE
    handed = export.everything_about(ports, SCOPE, ann(ports).id, START)
    assert handed["contact"]["found"][0]["told_by"] == f"campaign {spring.id}"
    for each in spring.outbox(tmp_path):
        each.unlink()
    summer = planned(ports, walk(name="Summer"))
    summer.send_all()
    assert b"did not get these data" not in b"".join(each.read_bytes() for each in summer.outbox(tmp_path))


def test_rule_g10_it_is_told_in_the_language_of_the_mail(ports: Ports, walk: Walks) -> None:
    bring_in(ports, FOUND.encode())
    spring = walk()
    told = set()
    for language in ("de", "es", "fr", "it"):
        lay(ports, spring, language)
        text = campaigns.preview(ports, SCOPE, spring.id, "A", ann(ports).id).text
        assert "did not get" not in text
        assert "{" not in text
        assert text.count(WHERE) == 1
        assert text.count("Praxis") >= 3
        told.add(text)
    assert len(told) == 4


def test_rule_g10_a_message_without_the_notice_is_held(ports: Ports, walk: Walks, tmp_path: Path) -> None:
    bring_in(ports, FOUND.encode())
    spring = walk()
    spring.plan()
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"no_notice": 1}
    assert [*mails(spring, tmp_path)] == ["bob@people.example"]
    assert "due by 1 April 2027" in campaigns.explain(ports, SCOPE, spring.id, ann(ports).id).sentence


def test_rule_g10_after_a_month_nothing_leaves_until_they_were_told_otherwise(
    ports: Ports, walk: Walks, hand: Hand, tmp_path: Path
) -> None:
    bring_in(ports, FOUND.encode())
    hand.forward(days=31)
    late = planned(ports, walk())
    foreseen = forecast(ports, SCOPE, late.campaign)
    assert [(each.code, each.count) for each in foreseen.groups] == [("notice_late", 1)]
    late.send_all()
    assert campaigns.certificate(ports, SCOPE, late.id).held == {"notice_late": 1}

    record_told(ports, SCOPE, ann(ports).id, "owner", Told(how="letter", at=hand.now() - timedelta(hours=1)))
    with pytest.raises(Conflict):
        record_told(ports, SCOPE, ann(ports).id, "owner", Told(how="letter"))
    again = planned(ports, walk(name="Again"))
    again.send_all()
    assert "ann@kanzlei.example" in mails(again, tmp_path)
    assert ports.journal.read(SCOPE, f"contact/{ann(ports).id}")[-1].what == "told_where_found"
