from __future__ import annotations

import socket
from pathlib import Path

import httpx2
import pytest

from tests.e2e.cli.command import Served, baton, child, served


def test_the_sign_in_link_works_in_a_browser_once(home: Served) -> None:
    with httpx2.Client() as browser:
        assert browser.get(home.url, headers={"Accept": "text/html"}).status_code == 401
        assert browser.get(home.welcome["sign_in"]).status_code == 200
        assert browser.get(home.url).status_code == 200
        assert browser.get(home.welcome["sign_in"]).status_code == 401


def test_public_links_lead_to_the_port_that_was_taken(home: Served) -> None:
    assert home.welcome["url"] == f"http://127.0.0.1:{(home.home / 'host' / 'port').read_text()}"


def test_the_log_is_kept_in_the_home(home: Served) -> None:
    lines = (home.home / "host" / "host.log").read_text().splitlines()
    assert any("GET /api/v1/ready" in line for line in lines)
    assert home.welcome["sign_in"].rpartition("=")[2] not in "\n".join(lines)


def test_a_second_host_of_the_same_home_is_refused(home: Served) -> None:
    ran = home("serve", "--port", "0")
    assert (ran.code, ran.out) == (1, "")
    assert f"another host already runs for this home, on {home.url}" in ran.err


def test_a_taken_port_is_said_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = baton("serve", "--port", str(port), "--home", str(tmp_path))
    assert ran.code == 1
    assert ran.err.startswith(f"port {port} cannot be opened: Address already in use")


def test_ctrl_c_ends_the_host_and_says_no_more(tmp_path: Path) -> None:
    with served(tmp_path / "home") as running:
        assert running.interrupt() == 0
        after = running("campaign", "list")
        assert (after.code, after.out) == (1, "")
        assert after.err.startswith("no host runs for ")


def test_commands_reach_any_host_by_url_and_token(home: Served, tmp_path: Path) -> None:
    token = (home.home / "owner.token").read_text().strip()
    there = ("campaign", "list", "--home", str(tmp_path), "--url", home.url, "--json")
    assert baton(*there, "--token", token).code == 0
    assert child(*there, BATON_TOKEN=token).json["cursor"] is None
    refused = baton(*there, "--token", "wrong")
    assert (refused.code, refused.err) == (2, "Authorization: does not hold a token that is known here\n")
    lost = baton(*there, "--url", "http://127.0.0.1:9", "--token", token)
    assert lost.code == 1
    assert lost.err.startswith("nothing answers at http://127.0.0.1:9")


def test_without_a_host_every_command_says_how_to_start_one(tmp_path: Path) -> None:
    ran = child("campaign", "list", "--home", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "no host runs for" in ran.err
    assert "serve" in ran.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BATON_DNS_SERVER", "not-a-server", "must be the address of a name server"),
        ("BATON_SMTP_URL", "smtp:secret", "must be a URL such as smtp://"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path, name: str, value: str, said: str) -> None:
    ran = child("serve", "--port", "0", "--home", str(tmp_path), **{name: value})
    last = ran.err.splitlines()[-1]
    assert (ran.code, name in last, said in last, "secret" in ran.err) == (1, True, True, False)
