"""Double opt-in through the real host: the mail leaves by itself, once, whatever is killed; its button confirms."""

from __future__ import annotations

import json
import quopri
import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.host.process import ROOT, wait_for
from tests.servers.smtp_sink import count, kept

from .baton import CAMPAIGN, Baton, sink

PEOPLE = 60
WISH = {"sender": CAMPAIGN["sender"], "wording": "Praxis may send me offers by e-mail"}
ASK = """
import sys
from shared.agents.contacts import opt_in
from shared.domain.opt_in import OptInRequest
from shared.domain.scope import Scope
from shared.wiring import ports
opt_in.ask(ports(), Scope("local", "main"), sys.argv[1], "ann", OptInRequest.model_validate_json(sys.argv[2]))
"""
LINK = re.compile(rb'href="[^"]+(/api/d/[^"]+)"')


def waiting(baton: Baton, people: int) -> list[str]:
    """Imports that many people who are to confirm; their ids."""
    rows = "email,consent\n" + "".join(f"p{n}@people.example,pending\n" for n in range(people))
    made = baton.ask("POST", "contacts/imports", content=rows, headers={"Content-Type": "text/csv"})
    baton.imported(str(made["id"]))
    return [str(each["id"]) for each in baton.ask("GET", "contacts?consent=pending&limit=100")["items"]]


def states(baton: Baton) -> list[str]:
    return [each["state"] for each in baton.ask("GET", "contacts/opt-ins?limit=100")["items"]]


def test_a_mail_leaves_by_itself_without_any_timer_and_its_button_confirms(tmp_path: Path) -> None:
    with sink(tmp_path / "mails") as url:
        baton = Baton(tmp_path, "--clock", "real", BATON_SMTP_URL=url).start()
        (person,) = waiting(baton, 1)
        baton.ask("POST", f"contacts/{person}/opt-in", WISH)
        # On the real clock: the sweep, five minutes apart, cannot have done it.
        wait_for(lambda: states(baton) == ["sent"] or None, 90)
        (mail,) = kept(tmp_path / "mails")
        found = LINK.search(quopri.decodestring(mail.message))
        assert found
        assert baton.host
        path = found[1].decode()
        assert "may send me offers" in baton.host.http.get(path).text
        assert baton.ask("GET", f"contacts/{person}")["consent"]["email"]["status"] == "pending"
        assert "Confirmed" in baton.host.http.post(path).text
        assert baton.ask("GET", f"contacts/{person}")["consent"]["email"]["status"] == "granted"
        baton.kill()


def test_killed_while_they_leave_everybody_is_asked_once_and_what_is_unknown_is_listed(tmp_path: Path) -> None:
    with sink(tmp_path / "mails") as url:
        baton = Baton(tmp_path, BATON_SMTP_URL=url).start()
        waiting(baton, PEOPLE)
        baton.ask("POST", "contacts/opt-ins", WISH)
        for share in (0.2, 0.6):
            wait_for(lambda: count(tmp_path / "mails").total() >= share * PEOPLE or None, 90)  # noqa: B023
            baton.kill()
            baton.start()
        ended: list[str] = wait_for(lambda: _ended(baton), 90)
        mails = count(tmp_path / "mails")
        assert set(ended) <= {"sent", "unknown"}
        assert max(mails.values()) == 1, "nobody is asked twice"
        assert ended.count("sent") <= mails.total() <= PEOPLE
        assert ended.count("unknown") <= 2, "one for each kill"
        listed = baton.ask("GET", "contacts/opt-ins?state=unknown")["items"]
        assert [each["reason"] for each in listed] == ["lease-ended"] * ended.count("unknown")
        baton.kill()


def test_killed_before_its_flow_has_started_the_sweep_starts_it(tmp_path: Path) -> None:
    with sink(tmp_path / "mails") as url:
        baton = Baton(tmp_path, "--clock", "virtual=2027-03-02T09:01:00Z", BATON_SMTP_URL=url).start()
        (person,) = waiting(baton, 1)
        baton.kill()
        _stored_only(baton, person)
        baton.start()
        assert states(baton) == ["asked"]
        assert baton.host
        baton.host.set_clock(mode="run", until="2027-03-02T09:06:00+00:00")
        wait_for(lambda: states(baton) == ["sent"] or None, 90)
        assert count(tmp_path / "mails").total() == 1
        baton.kill()


def _ended(baton: Baton) -> list[str] | None:
    found = states(baton)
    return found if len(found) == PEOPLE and "asked" not in found else None


def _stored_only(baton: Baton, person: str) -> None:
    """As a host leaves it that is killed between the document and the start of the flow."""
    env = {"BATON_HOME": str(baton.home), "HOST_CLOCK": str(baton.home.parent / "state" / "clock"), "PATH": ""}
    subprocess.run([sys.executable, "-c", ASK, person, json.dumps(WISH)], cwd=ROOT, env=env, check=True, timeout=60)
