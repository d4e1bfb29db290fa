"""A contract over HTTP: written, approved, signed by the client behind a link, signed here, checked offline."""

from __future__ import annotations

import email
import re
from email import policy
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from local.cli.sealed import Examined, examined, lines
from shared.domain.contract import Evidence
from shared.render.pades import fingerprint, make_seal_key, sealed
from tests.e2e.cli.command import baton
from tests.integration.books.conftest import BUYER, TERMS

from .conftest import Answered, Edge
from .test_offer_terms import bring
from .test_pieces import FORM, HTML
from .test_proposals import CLIENT, SENDER, accept, form_of, mails, sent, stage

DATES = {"parts": [{"title": "Deposit", "percent": "40"}, {"title": "Rest", "percent": "60", "on": "2099-04-30"}]}


@pytest.fixture
def accepted(edge: Edge, home: Path) -> tuple[str, str]:
    """A deal, and the proposal that its client has accepted."""
    bring(edge)
    edge.ask("PUT", "/api/v1/house", {"sender": SENDER})
    assert edge.ask("PUT", "/api/v1/billing", TERMS).status == 200
    deal = str(edge.ask("POST", "/api/v1/deals", {"name": "Praxis Holm"}).json["id"])
    body = {
        "deal": deal, "to": CLIENT, "recipient": {"name": "Maja Holm"}, "title": "A new website", "offer": "web",
        "chosen": [{"item": "website", "quantity": "6"}],
    }  # fmt: skip
    proposal = str(edge.ask("POST", "/api/v1/proposals", body).json["id"])
    assert accept(edge, sent(edge, proposal, home)).status == 200
    return deal, proposal


def begun(edge: Edge, proposal: str, **more: Any) -> Answered:
    return edge.ask(
        "POST", "/api/v1/contracts", {"proposal": proposal, "client": BUYER, "to": CLIENT, "dates": DATES, **more}
    )


def link_of(home: Path) -> str:
    newest = max((home / "outbox").rglob("*.eml"), key=lambda each: each.stat().st_mtime_ns)
    body = email.message_from_bytes(newest.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+/api/k/\S+", body.get_content())
    assert found is not None
    return urlsplit(found[0]).path


def approved(edge: Edge, id: str, home: Path) -> str:
    """Put up for approval, approved; the path of the client's link."""
    asked = edge.ask("POST", f"/api/v1/contracts/{id}/submit")
    assert asked.status == 200, asked.json
    [question] = [each for each in edge.ask("GET", "/api/v1/approvals").json["items"] if each["subject"] == id]
    decision = {"decision": "approve", "digest": question["digest"]}
    assert edge.ask("POST", f"/api/v1/approvals/{id}", decision).json["status"] == "sent"
    return link_of(home)


def filled(edge: Edge, link: str, **fields: str) -> Answered:
    return edge.ask("POST", link, urlencode(fields).encode(), token=None, **FORM, **{"X-Forwarded-For": "203.0.113.7"})


def document_of(page: str) -> str:
    found = re.search(r'name="document" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


def test_from_accepted_to_a_sealed_file_that_anybody_can_check(
    edge: Edge, accepted: tuple[str, str], home: Path
) -> None:
    deal, proposal = accepted
    made = begun(edge, proposal)
    assert (made.status, made.json["wrong"], "no" in made.json["content"]["note"]) == (201, [], True)
    id, before = made.json["id"], len(mails(home))
    assert edge.ask("GET", f"/api/v1/contracts/{id}/contract.pdf").body[:4] == b"%PDF"
    assert len(mails(home)) == before, "nothing is seen before it is sent"
    assert edge.ask("GET", f"/api/v1/contracts/{id}/sealed.pdf").status == 409
    early = {"name": "Anna", "consent": "yes", "document": "0" * 64}
    assert "have it sent first" in edge.ask("POST", f"/api/v1/contracts/{id}/sign", early).json["detail"]

    link = approved(edge, id, home)
    page = edge.ask("GET", link, token=None)
    text = unescape(page.body.decode())
    assert (page.status, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    said = ("3,213.00\u00a0EUR", "when both have signed", "legal advice")
    assert [each in text for each in said] == [True, True, False]
    assert edge.ask("GET", f"{link}?format=pdf", token=None).body[:4] == b"%PDF"
    document = document_of(text)
    assert filled(edge, link, do="sign", name="Maja Holm", document=document).status == 400, "no box ticked"
    long = filled(edge, link, do="sign", name="M" * 10_000, consent="yes", document=document)
    assert (long.status, "name" in long.fields) == (400, True)
    assert filled(edge, link, do="sign", name="Maja", consent="yes", document="0" * 64).status == 409
    assert filled(edge, link, do="sign", name="Maja Holm", consent="yes", document=document).status == 200
    again = filled(edge, link, do="sign", name="Maja Holm", consent="yes", document=document)
    assert (again.status, "signed for your side already" in again.body.decode()) == (409, True)
    assert document_of(edge.ask("GET", link, token=None).body.decode()) == "", "there is no form any more"
    assert f'href="/contracts/{id}#sign"' in edge.ask("GET", "/approvals", **HTML).body.decode()
    signed = {"name": "Anna Nord", "consent": "yes", "document": document}
    assert edge.ask("POST", f"/api/v1/contracts/{id}/sign", signed).json["status"] == "signed"
    assert stage(edge, deal) == "signed"
    [plan] = edge.ask("GET", "/api/v1/invoice-plans").json["items"]
    assert (plan["id"], plan["contract"], len(plan["instalments"])) == (id, id, 2)

    whole = edge.ask("GET", f"{link}?format=sealed", token=None).body
    assert whole == edge.ask("GET", f"/api/v1/contracts/{id}/sealed.pdf").body
    found = examined(whole)
    told = "\n".join(lines(found))
    assert (found.intact, found.wrong) == (True, [])
    for word in ("Maja Holm", "Anna Nord", "203.0.113.7", document, "not who made it"):
        assert word in told
    other = bytes([whole[300] ^ 1])
    for changed in (
        whole[:300] + other + whole[301:],
        whole.replace(b"/Reason", b"/Seasor", 1),
        whole[:-40] + b"%" * 40,
        whole + b"\n%%EOF\n",
        whole[: found.evidence.octets if found.evidence else 0],
        b"%PDF-1.7 no more",
        b"",
    ):
        checked = examined(changed)
        assert (checked.intact, bool(checked.wrong)) == (False, True), checked

    [own] = edge.ask("GET", "/api/v1/contract-certificates").json["items"]
    assert own["sha256"] in edge.ask("GET", "/contracts", **HTML).body.decode()
    file = home / "sealed.pdf"
    file.write_bytes(whole)
    copied = own["sha256"].upper()
    checks = [baton("contract", "verify", str(file), "--certificate", sha) for sha in (copied, "0" * 64, "abc")]
    assert [each.code for each in checks] == [0, 1, 2]
    assert "It is the certificate that you expect." in checks[0].text
    assert "another certificate than the one that you expect" in checks[1].text
    assert found.evidence is not None
    forged(whole[: found.evidence.octets], found.evidence)


def forged(document: bytes, real: Evidence) -> None:
    """What a stranger seals in the name of the house is told from it by its certificate, or does not hold together."""
    key = make_seal_key(real.agency, real.sealed_at.replace(microsecond=0))

    def made(**changed: Any) -> Examined:
        said = real.model_copy(update=changed).model_dump_json().encode()
        whole = sealed(document, document, said, key, real.sealed_at, "x")
        return examined(whole, fingerprint(key.certificate))

    empty = sha256(b"").hexdigest()
    nothing = [each.model_copy(update={"document": empty}) for each in real.signatures]
    assert (made().intact, made().expected) == (True, True)
    assert not made(octets=0, document=empty, signatures=nothing).intact
    assert not made(signatures=[*real.signatures, *real.signatures]).intact


def test_who_declines_says_why_and_older_links_lead_to_the_current_version(
    edge: Edge, accepted: tuple[str, str], home: Path
) -> None:
    id = begun(edge, accepted[1]).json["id"]
    first = approved(edge, id, home)
    changed = edge.ask("PUT", f"/api/v1/contracts/{id}", {"fields": {"notice": "two months"}, "seen": 1})
    assert (changed.status, changed.json["version"]) == (200, 2)
    assert edge.ask("PUT", f"/api/v1/contracts/{id}", {"sign_by": "2099-01-01", "seen": 1}).status == 409
    second = approved(edge, id, home)
    old = edge.ask("GET", first, token=None).body.decode()
    assert (second in unescape(old), document_of(old)) == (True, "")
    filled_old = filled(edge, first, do="sign", name="Maja", consent="yes", document="0" * 64)
    assert (filled_old.status, second in unescape(filled_old.body.decode())) == (409, True)
    assert filled(edge, second, do="decline", reason="Too <b>long</b>").status == 200
    assert stage(edge, accepted[0]) == "contract", "a person decides what that means"
    page = edge.ask("GET", f"/contracts/{id}", **HTML).body.decode()
    assert "Too &lt;b&gt;long&lt;/b&gt;" in page
    waits = edge.ask("GET", "/approvals", **HTML).body.decode()
    assert "The client has declined version 2." in waits
    assert "1 contract was answered by a client." in waits
    assert edge.ask("POST", f"/api/v1/contracts/{id}/cancel").json["status"] == "cancelled"
    assert edge.ask("GET", second, token=None).status == 410
    assert edge.ask("GET", f"{second[:-2]}xx", token=None).status == 404


def test_a_template_of_ones_own_is_checked_and_used(edge: Edge, accepted: tuple[str, str]) -> None:
    own = edge.ask("GET", "/api/v1/contract-templates/services-en").json
    given = {name: own[name] for name in ("name", "language", "title", "note", "fields", "sections")}
    wrong = {**given, "sections": [{"heading": "A", "text": "{{ client.nam }}"}]}
    refused = edge.ask("PUT", "/api/v1/contract-templates/services-en", wrong)
    assert (refused.status, "there is no field 'client.nam'" in str(refused.fields)) == (400, True)
    section = {"heading": "All", "text": "{{ client.name }} pays {{ once.gross }}. {{ extra }}", "show": "dates"}
    mine = {**given, "fields": {"extra": "{{ title }} stays as it is"}, "sections": [section]}
    assert edge.ask("PUT", "/api/v1/contract-templates/services-en", mine).json["version"] == 1
    listed = edge.ask("GET", "/api/v1/contract-templates").json["items"]
    assert [(each["template"], each["version"]) for each in listed] == [("services-de", 0), ("services-en", 1)]
    made = begun(edge, accepted[1]).json["content"]
    said = f"{BUYER['name']} pays 3,213.00\u00a0EUR. {{{{ title }}}} stays as it is"
    assert (made["sections"][0]["text"], made["template_version"]) == (said, 1)


def test_the_form_keeps_what_was_typed_and_takes_for_changed_only_what_is(
    edge: Edge, accepted: tuple[str, str]
) -> None:
    buyer = {**BUYER, "tax_number": "12/345/67890"}
    made = begun(edge, accepted[1], client=buyer).json
    where, own = f"/contracts/{made['id']}", "What we talked about.\nWord for word."

    def saved(status: int = 303, **typed: str) -> Any:
        fields = {**form_of(edge.ask("GET", where, **HTML).body.decode()), **typed}
        body = urlencode({name: text.replace("\n", "\r\n") for name, text in fields.items()}).encode()
        answer = edge.ask("POST", where, body, **FORM)
        assert answer.status == status, answer.body
        return edge.ask("GET", f"/api/v1{where}").json["content"] if status == 303 else [*answer.fields]

    later = saved(sign_by="2099-01-02")
    first = made["content"]["sections"][:5]
    assert (later["own"], later["fields"], later["sections"][:5]) == (False, {}, first)
    assert later["client"]["tax_number"] == buyer["tax_number"]
    assert saved(**{"field.notice": "two weeks"})["fields"] == {"notice": "two weeks"}
    assert saved(**{"s3.text": own})["sections"][3]["text"] == own, "nobody has to tick anything"
    kept = saved(sign_by="2099-01-03")
    assert (kept["own"], kept["sections"][3]["text"]) == (True, own)
    assert saved(400, template="services-de", **{"s3.text": "Other words"}) == ["template"]
    anew = saved(anew="yes")
    assert (anew["own"], anew["fields"], own in str(anew["sections"])) == (False, {"notice": "two weeks"}, False)
    german = saved(template="services-de")
    assert (german["language"], german["fields"], "month to the end" in str(german)) == ("de", {}, False)
    assert 'name="sign_by"' not in edge.ask("GET", f"{where}?version=1", **HTML).body.decode(), "the newest is changed"
