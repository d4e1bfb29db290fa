"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import pytest

from shared.domain.robots import parsed, robots_of


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("user-agent: *\ndisallow: /a # here", "/ab", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?a", True),
        ("User-agent: *\nDisallow: /a*b*c", "/axbxc", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: BATON\nDisallow: /b", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: BATON\nDisallow: /b", "/b", False),
        ("User-agent: one\nUser-agent: baton\nDisallow: /", "/", False),
        ("User-agent: baton\nDisallow: /a\n\nUser-agent: baton\nDisallow: /b", "/b", False),
        ("User-agent: other\nDisallow: /", "/", True),
        ("User-agent: *\nDisallow: /%7Eme", "/~me/x", False),
        ("\ufeffUser-agent: *\r\nDisallow: /x\rAllow: /x/y\n", "/x/z", False),
        ("Disallow: /\n<html>", "/", True),
    ],
)
def test_the_longest_rule_for_this_reader_holds(text: str, path: str, allowed: bool) -> None:
    assert parsed(text).allows(path) is allowed


def test_a_server_that_fails_forbids_all_and_one_without_rules_nothing() -> None:
    assert not robots_of(None, b"").allows("/")
    assert not robots_of(502, b"").allows("/")
    assert robots_of(404, b"Disallow: /").allows("/")
    assert not robots_of(200, b"User-agent: *\nDisallow: /\xff\xfe").allows("/\ufffd\ufffd")


def test_a_hostile_pattern_takes_no_time() -> None:
    rules = "User-agent: *\n" + "Disallow: /" + "*a" * 5_000 + "$\n"
    assert parsed(rules * 50).allows("/" + "a" * 4_000 + "b")
