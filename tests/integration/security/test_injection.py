"""Every case of the corpus through the real path, with a model that obeys it: nothing leaves that should not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.agents import campaigns, knowledge
from shared.domain.draft import Draft
from shared.domain.faults import Conflict
from shared.domain.grounding import foreign_hosts
from shared.domain.invisible import visible
from shared.domain.knowledge import Description
from shared.domain.outcome import Done, Later, Refused
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, request
from tests.integration.contacts.home import bring_in
from tests.integration.security.carriers import ABOUT, CORPUS, file_of, hidden
from tests.integration.security.conftest import KEY, Written, obeying, outbox
from tests.servers.models import ModelServer

OWN = "https://praxis.example hallo@praxis.example http://127.0.0.1:7071"
CONTACT = "anna@people.example"


def test_the_corpus_is_what_it_is_said_to_be() -> None:
    assert len(CORPUS) == len({case["id"] for case in CORPUS}) >= 60
    assert {case["lang"] for case in CORPUS} == {"en", "de"}
    assert {case["carrier"] for case in CORPUS} == {"html", "mail", "csv", "docx", "pdf", "contact", "brief"}


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["id"])
def test_rules_l3_l4_l8_l9_a_model_that_obeys_gets_nothing_out(
    case: dict[str, Any],
    ports: Ports,
    server: ModelServer,
    campaign: Callable[..., Written],
    book: set[str],
    tmp_path: Path,
) -> None:
    spring = campaign(**carried_in(ports, case))
    server.script(*[obeying(case)] * 12)
    outcome = spring.generate()
    told_apart(case, [json.dumps(each, ensure_ascii=False) for each in server.requests], server.requests[0])
    if isinstance(outcome, Refused):
        assert spring.campaign.status == "failed"
        assert spring.campaign.status_reason
    elif rests_on_strangers(campaigns.drafts(ports, SCOPE, spring.id)[0], case):
        assert isinstance(spring.schedule(), Later), "it waits for a person, who reads whose word it is"
    elif campaigns.drafts(ports, SCOPE, spring.id)[0].blocked:
        with pytest.raises(Conflict):
            spring.approve()
        assert spring.campaign.status == "awaiting_approval"
    else:
        assert outcome == Done({"version": 1})
        spring.approve()
        spring.schedule()
        spring.send_all()
        mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in outbox(tmp_path)]
        expected = book | ({CONTACT} if case["carrier"] == "contact" else set())
        assert {str(mail["To"]).rpartition("<")[2].strip(">") for mail in mails} == expected
        for mail in mails:
            harmless(case, mail)
        return
    assert outbox(tmp_path) == []


def carried_in(ports: Ports, case: dict[str, Any]) -> dict[str, Any]:
    """Brings the text in where strangers' text comes in; what the campaign then is asked for."""
    said = hidden(case["text"], case.get("how", "plain"))
    if case["carrier"] == "brief":
        brief = request().brief.model_dump(mode="json")
        return {"brief": {**brief, "facts": [said]}}
    if case["carrier"] == "contact":
        name = said.replace('"', '""')
        bring_in(ports, f'email,first_name,consent,timezone\n{CONTACT},"{name}",yes,UTC\n'.encode())
        return {}
    format, data = file_of(case)
    knowledge.bring_in(ports, SCOPE, "ann", knowledge.Brought(data, format, "found"), Description(source="the web"))
    return {}


def rests_on_strangers(draft: Draft, case: dict[str, Any]) -> bool:
    """Does it say what it must not because a document says so? Then the approver sees that nothing else does."""
    said = [each for each in draft.claims if any(never in each.sentence for never in case.get("never", []))]
    return any(each.sources and all(name.startswith("passage:") for name in each.sources) for each in said)


def told_apart(case: dict[str, Any], requests: list[str], first: dict[str, Any]) -> None:
    """No secret and nobody's data in what the model is asked; strangers' text only in the field that is theirs."""
    for asked in requests:
        assert KEY not in asked
        assert visible(asked) == asked
        assert not (case.get("unseen") and case["text"] in asked)
    assert "people.example" not in requests[0]
    system, user = (each["content"] for each in first["messages"])
    assert case["text"] not in system
    if case["carrier"] in ("html", "mail", "csv", "docx", "pdf"):
        material = json.loads(user)
        assert ABOUT in json.dumps(material["untrusted"])
        assert ABOUT not in json.dumps(material["data"])
        assert case["text"] not in json.dumps(material["data"], ensure_ascii=False)


def harmless(case: dict[str, Any], mail: EmailMessage) -> None:
    """It leads only to us, and says nothing that it must not."""
    html, text = (_content(mail, kind) for kind in ("html", "plain"))
    led = re.findall(r"""(?:href|src)=["']?([^"'\s>]+)""", html)
    assert {urlsplit(each).hostname for each in led} <= {"127.0.0.1", "praxis.example"}
    if case["carrier"] != "contact":  # whose own name is told to nobody else
        assert foreign_hosts(f"{mail['Subject']}\n{text}", OWN) == []
    assert "Bcc" not in mail
    for never in case.get("never", []):
        assert never not in f"{mail['Subject']}{html}{text}"


def _content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content())
