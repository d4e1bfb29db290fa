"""A proposal from the first draft to what is agreed: edited, approved, sent once, answered by the client."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email import policy
from html import unescape
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from functions.sweep import tell
from shared import wiring
from shared.agents.distribute.alone import send_alone
from shared.agents.propose import agreed, client, mailing, sending
from shared.agents.propose.messages import waits
from shared.agents.propose.proposals import PROPOSALS
from shared.agents.thread import thread
from shared.domain.faults import Conflict
from shared.domain.links import verify
from shared.domain.names import Kind
from shared.domain.offer_examples import EXAMPLE
from shared.domain.proposal import Acceptance
from shared.domain.scope import Scope

from .conftest import Answered, Edge
from .test_offer_terms import bring
from .test_pieces import FORM, HTML

SCOPE = Scope("local", "main")
SENDER = {"name": "Nordlicht", "address": "hallo@nordlicht.example", "postal_address": "Speersort 1, 20095 Hamburg"}
CLIENT = "maja@praxis.example"


@pytest.fixture
def deal(edge: Edge) -> str:
    bring(edge)
    edge.ask("PUT", "/api/v1/house", {"sender": SENDER})
    return str(edge.ask("POST", "/api/v1/deals", {"name": "Praxis Holm"}).json["id"])


def made(edge: Edge, deal: str, **more: Any) -> dict[str, Any]:
    body = {
        "deal": deal,
        "to": CLIENT,
        "recipient": {"name": "Maja Holm", "company": "Praxis Holm"},
        "title": "A new website",
        "offer": "web",
        "chosen": [{"item": "website", "quantity": "6"}],
        "needs": ["Patients <b>book</b> at night"],
        **more,
    }
    answer = edge.ask("POST", "/api/v1/proposals", body)
    assert answer.status == 201, answer.json
    return dict(answer.json)


def edited(edge: Edge, found: dict[str, Any], **more: Any) -> Answered:
    content = {**found["content"], **more}
    return edge.ask("PUT", f"/api/v1/proposals/{found['id']}/content", {"content": content})


def sent(edge: Edge, id: str, home: Path) -> str:
    """Put up for approval, approved; the path of the client's link in the last mail."""
    asked = edge.ask("POST", f"/api/v1/proposals/{id}/submit")
    assert asked.status == 200, asked.json
    approve(edge, id)
    return mails(home)[-1][2]


def approve(edge: Edge, id: str) -> None:
    [asked] = [each for each in edge.ask("GET", "/api/v1/approvals").json["items"] if each["subject"] == id]
    decision = {"decision": "approve", "digest": asked["digest"]}
    assert edge.ask("POST", f"/api/v1/approvals/{id}", decision).json["status"] == "sent"


def mails(home: Path) -> list[tuple[str, str, str]]:
    """To whom, subject, and the path of the link, in the order in which they left."""
    found = []
    for file in sorted((home / "outbox").rglob("*.eml"), key=lambda each: each.stat().st_mtime_ns):
        mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        link = re.search(r"https?://\S+/api/q/\S+", body.get_content())
        found.append((str(mail["To"]), str(mail["Subject"]), urlsplit(link[0]).path if link else ""))
    return found


def filled(edge: Edge, link: str, **fields: str) -> Answered:
    return edge.ask("POST", link, urlencode(fields).encode(), token=None, **FORM)


def accept(edge: Edge, link: str, option: str = "offer", name: str = "Maja Holm") -> Answered:
    page = edge.ask("GET", link, token=None).body.decode()
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    return filled(edge, link, do="accept", option=option, name=name, consent="yes", digest=digest[1] if digest else "")


def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **passed: float) -> None:
    clock, now = tmp_path / "clock", wiring.ports().clock.now() + timedelta(**passed)
    clock.write_bytes((int(now.timestamp()) * 1_000_000_000).to_bytes(8, "little", signed=True))
    monkeypatch.setenv("HOST_CLOCK", str(clock))
    wiring.close()


def stage(edge: Edge, deal: str) -> str:
    return str(edge.ask("GET", f"/api/v1/deals/{deal}").json["stage"])


def test_from_draft_to_what_is_agreed(edge: Edge, deal: str, home: Path) -> None:
    found = made(edge, deal, tiers=True)
    assert [each["id"] for each in found["options"]] == ["good", "better", "best"]
    assert "“Patients <b>book</b> at night”" in found["content"]["paragraphs"][0]["text"]
    assert mails(home) == [], "nothing is seen before it is sent"
    link = sent(edge, found["id"], home)
    assert (mails(home)[0][0], stage(edge, deal)) == (CLIENT, "proposed")
    page = edge.ask("GET", link, token=None)
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert "3,927.00\u00a0EUR" in page.body.decode()
    assert "Patients &lt;b&gt;book" in page.body.decode()
    assert edge.ask("GET", f"{link}?format=pdf", token=None).body[:4] == b"%PDF"
    assert filled(edge, link, do="accept", option="better", name="", consent="yes", digest="").status == 400
    assert accept(edge, link, "better").status == 200
    scope = agreed(wiring.ports(), SCOPE, found["id"])
    assert [(each.title, str(each.unit_net)) for each in scope.lines] == [
        ("Website", "450.00"),
        ("Photographs", "600.00"),
    ]
    assert (scope.option, scope.accepted_by, scope.digest) == ("better", "Maja Holm", found["versions"][0]["digest"])
    assert "3,927.00\u00a0EUR once" in scope.consent
    assert stage(edge, deal) == "contract"
    assert edge.ask("GET", f"/api/v1/proposals/{found['id']}/agreed").json["option"] == "better"
    told = [each.title for each in thread(wiring.ports(), SCOPE, deal) if each.what == "proposal"]
    assert told == ["Proposal accepted: Better", "Version 1 of the proposal sent", "Proposal begun"]
    assert edited(edge, found, title="Another").status == 409, "what is accepted stays"


def test_an_old_version_cannot_be_accepted_and_leads_to_the_current_one(edge: Edge, deal: str, home: Path) -> None:
    found = made(edge, deal)
    first = sent(edge, found["id"], home)
    lines = [{"item": "website", "quantity": "6", "price": "400"}]
    newer = edited(
        edge, found, title="A better website", options=[{"id": "offer", "name": "Our offer", "lines": lines}]
    )
    assert newer.json["version"] == 2
    assert "450.00" in edge.ask("GET", first, token=None).body.decode(), "the client sees what was sent, not the draft"
    second = sent(edge, found["id"], home)
    assert mails(home)[-1][1] == "New version: A better website"
    old = filled(
        edge, first, do="accept", option="offer", name="M", consent="yes", digest=found["versions"][0]["digest"]
    )
    assert (old.status, second in unescape(old.body.decode())) == (409, True)
    assert second in unescape(edge.ask("GET", first, token=None).body.decode())
    compared = edge.ask("GET", f"/api/v1/proposals/{found['id']}/changes").json["changes"]
    assert [each["where"] for each in compared] == ["Title", "offer, line 1", "offer, paid once"]
    assert [each["text"] for each in compared[0]["stretches"] if each["kind"] == "new"] == ["better"]
    assert accept(edge, second).status == 200


def test_of_two_who_accept_at_once_one_does(edge: Edge, deal: str, home: Path) -> None:
    found = made(edge, deal)
    token = sent(edge, found["id"], home).rpartition("/")[2]
    ports, results = wiring.ports(), []
    link = verify(token, "q", ports.keys.link)
    assert link is not None
    seen = client.opened(ports, link)
    assert seen is not None

    def take(name: str) -> None:
        given = Acceptance(option="offer", name=name, consent="yes", digest=seen.sending.digest)
        try:
            client.accept(ports, link, seen, given)
            results.append(name)
        except Conflict as why:
            results.append(why.error.reason)

    both = [Thread(target=take, args=(name,)) for name in ("Maja", "Tom")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    winner = agreed(ports, SCOPE, found["id"]).accepted_by
    assert sorted(results) == sorted([winner, f"accepted-already:{winner}"])
    told = accept(edge, f"/api/q/{token}")
    assert (told.status, winner in told.body.decode()) == (409, True)


def test_what_is_below_the_floor_is_past_or_promises_another_price_is_not_sent(
    edge: Edge, deal: str, home: Path
) -> None:
    found = made(edge, deal)
    option = {"id": "offer", "name": "O", "lines": [{"item": "website", "quantity": "6"}]}
    price, whole = "options[0].lines[0].price", {"item": "website", "quantity": "6"}
    stacked = [{"name": "a", "percent": "15"}, {"name": "b", "percent": "6"}]
    for wrong, field in (
        ({"options": [{**option, "lines": [{**whole, "price": "359.99"}]}]}, price),
        ({"discounts": stacked}, price),
        ({"currency": "CHF", "options": [{**option, "lines": [{**whole, "price": "341.99"}]}]}, price),
        ({"terms": "For you 99 EUR in all."}, "terms"),
        ({"paragraphs": [{"heading": "Now", "text": "20 % off until Friday"}]}, "paragraphs[0].text"),
        ({"answer_by": "2020-01-01"}, "answer_by"),
        ({"title": "\u5bb4"}, "title"),
    ):  # fmt: skip
        assert edited(edge, found, **wrong).status == 200
        refused = edge.ask("POST", f"/api/v1/proposals/{found['id']}/submit")
        assert (refused.status, list(refused.fields)) == (400, [field])
    assert made_refused(edge, deal, answer_by="2020-01-01").fields.keys() == {"answer_by"}
    assert edited(edge, found).status == 200
    edge.ask("POST", f"/api/v1/proposals/{found['id']}/submit")
    bring(edge, EXAMPLE.replace("price: 450.00", "price: 500.00").replace("floor: 360.00", "floor: 460.00"))
    [asked] = edge.ask("GET", "/api/v1/approvals").json["items"]
    late = edge.ask("POST", f"/api/v1/approvals/{found['id']}", {"decision": "approve", "digest": asked["digest"]})
    assert "below its floor of 460.00" in late.fields["options[0].lines[0].price"], (
        "an old version is judged by the new floor"
    )
    bring(edge, EXAMPLE.replace("    price: 450.00\n", ""))
    lost = edge.ask("POST", f"/api/v1/proposals/{found['id']}/submit")
    assert "no price" in lost.fields["options[0].lines[0].item"]
    assert made_refused(edge, deal, offer=None, chosen=[], like=found["id"]).status == 400
    assert mails(home) == []


def made_refused(edge: Edge, deal: str, **more: Any) -> Answered:
    body = {"deal": deal, "to": CLIENT, "recipient": {"name": "M"}, "title": "T", "offer": "web",
            "chosen": [{"item": "website", "quantity": "6"}], **more}  # fmt: skip
    return edge.ask("POST", "/api/v1/proposals", body)


def test_more_than_a_proposal_holds_is_refused_by_its_field(edge: Edge, deal: str) -> None:
    wanted = {"item": "website", "quantity": "6"}
    for more, field in (({"needs": ["a" * 1999] * 5}, "needs"), ({"chosen": [wanted] * 60, "tiers": True}, "tiers")):
        refused = made_refused(edge, deal, **more)
        assert (refused.status, set(refused.fields)) == (400, {field})


def test_who_is_silent_is_reminded_and_when_time_is_over_their_reply_is_kept(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = made(edge, deal)
    link = sent(edge, found["id"], home)
    for days, subjects in ((8, 2), (6, 3), (2, 3)):
        later(monkeypatch, tmp_path, days=days)
        for _ in range(2):
            sending.look_after(wiring.ports(), SCOPE)
        assert len(mails(home)) == subjects, days
    assert mails(home)[1][1] == "Reminder: A new website"
    assert edge.ask("GET", f"/api/v1/proposals/{found['id']}").json["status"] == "expired"
    refused = accept(edge, link)
    assert (refused.status, "was over on" in refused.body.decode()) == (409, True)
    kept = filled(edge, link, do="say", text="We would have said yes.", name="Maja")
    assert (kept.status, "although this proposal is closed" in kept.body.decode()) == (200, True)
    [said] = edge.ask("GET", f"/api/v1/proposals/{found['id']}/messages").json["items"]
    assert (said["after_end"], said["waits"]) == (True, True)
    answered = edge.ask("POST", f"/api/v1/proposals/{found['id']}/messages/{said['id']}/answer", {"text": "Gladly."})
    assert (answered.json["mail"], mails(home)[-1][1]) == ("accepted", "Your question about: A new website")
    assert "Gladly." in edge.ask("GET", link, token=None).body.decode()


def test_in_an_archived_workspace_nobody_is_reminded_and_nothing_can_be_answered(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    link = sent(edge, made(edge, deal)["id"], home)
    ports = wiring.ports()
    assert "A new website" in edge.ask("PATCH", "/api/v1/workspaces/main", {"archived": True}).fields["archived"]
    ports.documents.put(
        SCOPE.agency, Kind.SCOPE, "main", {"workspace": "main", "archived_at": "2026-01-01T00:00:00Z"}, "*"
    )
    later(monkeypatch, tmp_path, days=8)
    assert tell(wiring.ports())
    assert len(mails(home)) == 1
    for answer in (
        accept(edge, link),
        filled(edge, link, do="decline", reason="x"),
        filled(edge, link, do="say", text="x"),
    ):
        assert (answer.status, "This has ended" in answer.body.decode()) == (409, True)
    wiring.ports().documents.put(SCOPE.agency, Kind.SCOPE, "main", {"workspace": "main"}, "*")
    assert tell(wiring.ports())
    assert len(mails(home)) == 2


def test_a_counter_offer_is_answered_with_options_above_the_floor_and_waits_for_a_person(
    edge: Edge, deal: str, home: Path
) -> None:
    found = made(edge, deal, chosen=[{"item": "website", "quantity": "6"}, {"item": "photos"}])
    link = sent(edge, found["id"], home)
    path = f"/api/v1/proposals/{found['id']}/messages"
    assert filled(edge, link, do="say", text="Too much.", wanted="1500").status == 200
    assert stage(edge, deal) == "negotiating"
    [low] = edge.ask("GET", path).json["items"]
    room = edge.ask("GET", f"{path}/{low['id']}/alternatives").json
    assert (room["possible"], len(mails(home))) == (False, 1), "nothing is answered by itself"
    assert {each["id"] for each in room["alternatives"]} == {"advance", "reference", "all-trades", "without-0"}
    promise = edge.ask("POST", f"{path}/{low['id']}/answer", {"text": "All of it for 1500 EUR, agreed."})
    assert list(promise.fields) == ["text"]
    assert edge.ask("POST", f"{path}/{low['id']}/answer", {"text": room["answer"]}).json["mail"] == "accepted"
    high = edge.ask("POST", path, {"text": "By telephone", "wanted": "3200"}).json
    assert edge.ask("GET", f"{path}/{high['id']}/alternatives").json["possible"] is True
    taken = edge.ask("POST", f"{path}/{high['id']}/alternatives", {"alternative": "price"})
    assert (taken.json["version"], taken.json["below"]) == (2, [])
    engagement = taken.json["options"][0]["once"]["net"]
    assert 3200 <= float(engagement) < 3201
    assert accept(edge, sent(edge, found["id"], home)).status == 200


def test_every_part_is_edited_in_the_browser_and_sums_are_made_by_the_server(edge: Edge, deal: str, home: Path) -> None:
    given = {"deal": deal, "title": "Site", "recipient.name": "Maja", "to": CLIENT, "offer": "web",
             "needs": "Book at night",
             "choose.web.website": "6", "choose.web.care": "1", "choose.other.photos": "1"}  # fmt: skip
    where = edge.ask("POST", "/proposals", urlencode(given).encode(), **FORM).headers["Location"]
    fields = form_of(edge.ask("GET", where, **HTML).body.decode())
    fields = {name: text.replace("\n", "\r\n") for name, text in fields.items()}  # as browsers send it
    fields |= {"o0.l0.quantity": "7", "o0.l1.drop": "yes", "p0.text": "All of it.", "do": "recalculate"}
    preview = edge.ask("POST", where, urlencode(fields).encode(), **FORM).body.decode()
    assert "3,150.00 EUR" in preview
    assert "Not saved yet" in preview
    assert edge.ask("GET", f"/api/v1{where}").json["version"] == 1
    assert edge.ask("POST", where, urlencode({**fields, "do": "save"}).encode(), **FORM).status == 303
    saved = edge.ask("GET", f"/api/v1{where}").json
    assert (saved["version"], saved["options"][0]["once"]["net"]) == (2, "3150.00")
    assert [each["text"].count("\r") for each in saved["content"]["paragraphs"]] == [0, 0]
    assert saved["content"]["paragraphs"][0]["text"] == "All of it."
    stale = edge.ask("POST", where, urlencode({**fields, "do": "save"}).encode(), **FORM)
    assert list(stale.fields) == ["seen"], "what somebody else saved meanwhile is not written over"
    odd = edge.ask("POST", where, urlencode({**fields, "do": "save", "seen": "\u00b2"}).encode(), **FORM)
    assert (odd.status, [*odd.fields]) == (400, ["seen"]), "a digit, and no number"
    assert edge.ask("POST", where, b"do=submit", **FORM).status == 303
    assert "Approve and send" in edge.ask("GET", where, **HTML).body.decode()
    assert "Read and decide" in edge.ask("GET", "/approvals", **HTML).body.decode()
    assert "what changed" in edge.ask("GET", f"{where}?old=1&new=2", **HTML).body.decode()
    like = made(edge, deal, offer=None, chosen=[], needs=[], like=where.rpartition("/")[2], title="For another")
    assert like["options"][0]["once"]["net"] == "3150.00"
    assert "For another" in edge.ask("GET", "/proposals", **HTML).body.decode()


def form_of(page: str) -> dict[str, str]:
    """The fields of the form that edits, as a browser would send them."""
    form = page.split('name="seen"')[1].split("</form>")[0]
    fields = {"seen": re.search(r'name="seen" value="(\d+)"', page)[1]}  # type: ignore[index]
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            fields[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options) or re.search(
            r'<option(?: value="([^"]*)")?>([^<]*)', options
        )
        assert chosen
        fields[name] = chosen[1] if chosen[1] is not None else chosen[2]
    return fields


def test_declined_or_taken_back_it_is_over_and_says_so(edge: Edge, deal: str, home: Path) -> None:
    found = made(edge, deal, language="de")
    link = sent(edge, found["id"], home)
    assert filled(edge, link, do="decline", reason="Zu spät").status == 200
    assert stage(edge, deal) == "lost"
    assert "abgelehnt" in accept(edge, link).body.decode()
    assert accept(edge, link).status == 409
    again = sent(edge, edited(edge, found, title="Noch einmal").json["id"], home)
    assert stage(edge, deal) == "proposed", "a lost deal comes back"
    assert edge.ask("POST", f"/api/v1/proposals/{found['id']}/withdraw").json["status"] == "withdrawn"
    gone = accept(edge, again)
    assert (gone.status, "zurückgezogen" in gone.body.decode()) == (410, True)
    assert edge.ask("GET", again, token=None).status == 410
    assert edge.ask("GET", again[:-4] + "AAAA", token=None).status == 404


def test_reminder_and_answer_go_to_whom_the_sending_was_approved_for(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = made(edge, deal)
    link = sent(edge, found["id"], home)
    draft = {"content": {**found["content"], "title": "A draft"}, "to": "rival@other.example"}
    assert edge.ask("PUT", f"/api/v1/proposals/{found['id']}/content", draft).status == 200
    later(monkeypatch, tmp_path, days=8)
    sending.look_after(wiring.ports(), SCOPE)
    filled(edge, link, do="say", text="When?")
    [said] = edge.ask("GET", f"/api/v1/proposals/{found['id']}/messages").json["items"]
    edge.ask("POST", f"/api/v1/proposals/{found['id']}/messages/{said['id']}/answer", {"text": "In March."})
    assert [to for to, _, _ in mails(home)] == [CLIENT] * 3


@pytest.mark.parametrize(("word", "kept"), [("no", "declined"), ("withdraw", "withdrawn")])
def test_what_is_said_while_the_sending_is_noted_stands(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, word: str, kept: str
) -> None:
    """Two hosts deliver at once: the mail leaves, the quicker one notes it, and an answer comes before the other."""
    ports, id, real = wiring.ports(), made(edge, deal)["id"], send_alone
    assert edge.ask("POST", f"/api/v1/proposals/{id}/submit").status == 200

    def slow(*given: Any) -> Any:
        row = real(*given)
        monkeypatch.setattr(mailing, "send_alone", real)
        mailing.deliver(ports, SCOPE, id)
        if word == "no":
            assert filled(edge, mails(home)[-1][2], do="decline", reason="Too dear").status == 200
        else:
            sending.withdraw(ports, SCOPE, id, "bob")
        return row

    monkeypatch.setattr(mailing, "send_alone", slow)
    [asked] = edge.ask("GET", "/api/v1/approvals").json["items"]
    after = sending.decide(ports, SCOPE, id, "anna", "approve", asked["digest"], None)
    assert (after.status, bool(after.declined), len(after.sendings), len(mails(home))) == (kept, word == "no", 1, 1)


def test_a_link_is_only_for_whom_it_was_approved_for_and_ends(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = made(edge, deal, to="wrong@else.example")
    first = sent(edge, found["id"], home)
    filled(edge, first, do="say", text="Who are you?")
    draft = {"content": {**found["content"], "title": "For Maja"}, "to": CLIENT}
    assert edge.ask("PUT", f"/api/v1/proposals/{found['id']}/content", draft).status == 200
    second = sent(edge, found["id"], home)
    for gone in (edge.ask("GET", first, token=None), edge.ask("GET", f"{first}?format=pdf", token=None),
                 filled(edge, first, do="say", text="x"), accept(edge, first)):  # fmt: skip
        assert gone.status == 410
        assert second not in unescape(gone.body.decode())
    page = edge.ask("GET", second, token=None)
    assert (page.status, "Who are you?" in page.body.decode()) == (200, False)
    later(monkeypatch, tmp_path, days=300)
    assert edge.ask("GET", second, token=None).status == 410


def test_all_proposals_are_looked_after_though_one_is_broken(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = made(edge, deal)
    sent(edge, found["id"], home)
    ports = wiring.ports()
    base = PROPOSALS.load(ports, SCOPE, found["id"])
    for n in range(102):
        copy = base.model_copy(deep=True, update={"id": f"{n:032x}", "told": "" if n else "x"})
        ports.documents.put(SCOPE, Kind.PROPOSAL, copy.id, copy.model_dump(mode="json"))
    broken = ports.documents.get(SCOPE, Kind.PROPOSAL, f"{0:032x}")
    assert broken
    body = {**broken.body, "version": "none"}
    ports.documents.put(SCOPE, Kind.PROPOSAL, broken.id, body, "*")
    later(monkeypatch, tmp_path, days=30)
    assert [*sending.look_after(wiring.ports(), SCOPE)] == [broken.id]
    standing = [
        each.body["status"] for each in wiring.ports().documents.find(SCOPE, Kind.PROPOSAL, [], limit=200).documents
    ]
    assert sorted(standing) == ["expired"] * 102 + ["sent"]


def test_who_accepts_while_the_reminder_is_made_gets_none(
    edge: Edge, deal: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    link = sent(edge, made(edge, deal)["id"], home)
    later(monkeypatch, tmp_path, days=8)
    real = waits

    def slow(*given: Any) -> bool:
        assert accept(edge, link).status == 200
        return real(*given)

    monkeypatch.setattr(sending, "waits", slow)
    sending.look_after(wiring.ports(), SCOPE)
    assert len(mails(home)) == 1
