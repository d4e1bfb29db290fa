"""A page offers what its reader may do: forms and links whose row would refuse them are taken out of it.

The row decides, not the template: what a form posts to is looked up in the route table, so no template says who may
what, and none can forget it. It looks at templates' own markup only, for whatever they show is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

Lacking = Callable[[str, str], str | None]
"""(method, path) -> the roles that may call it, as words, if the reader may not; else None."""

_FORM = re.compile(r'<form method="post" action="(?P<path>[^"]+)"[^>]*>(?P<within>.*?)</form>', re.DOTALL)
_FORM_PATH = re.compile(r'(<form method="post" action="|formaction=")(/(?!workspace")[^"?]*)"')
_LINK = re.compile(
    r'<a\b(?P<head>[^>]*?)href="(?P<path>[^"]*)"(?:[^>]*?data-posts="(?P<posts>[^"]+)")?(?P<tail>[^>]*)>'
    r"(?P<within>.*?)</a>",
    re.DOTALL,
)
_ALONE = re.compile(r'class="(?:button|room)\b')
"""A link that is no word of a sentence."""
_SEARCH = re.compile(r'<form action="(?P<path>/[^"]*)"[^>]*>.*?</form>', re.DOTALL)
_FILLED_IN = re.compile(r'<(?:textarea|select|input(?![^>]*type="hidden"))')
_GONE = "<!--refused-->"
_TAKEN_OUT = rf'(?:\s*(?:{_GONE}|<p class="refused">[^<]*</p>))+\s*'
_NOTHING_LEFT = re.compile(
    rf"<details[^>]*>\s*<summary>[^<]*</summary>{_TAKEN_OUT}</details>"
    rf'|<div class="buttons">{_TAKEN_OUT}</div>'
)  # fmt: skip
_EMPTY_CARD = re.compile(
    rf'<section class="card[^"]*"[^>]*>\s*<h2>[^<]*</h2>\s*(?:<p>[^<]*</p>\s*)?{_TAKEN_OUT}</section>'
)


def only_offered(content: str, lacking: Lacking) -> str:
    """The page without what would be refused. A form with something to fill in leaves a sentence that says whose it is,
    unless nothing else was in its card: then the card is gone, like a lone button."""
    content = _FORM.sub(lambda form: _form(form, lacking), content)
    content = _SEARCH.sub(lambda form: form[0] if lacking("GET", _path(form["path"])) is None else _GONE, content)
    content = _LINK.sub(lambda link: _link(link, lacking), content)
    if _GONE not in content and 'class="refused"' not in content:
        return content
    return _EMPTY_CARD.sub("", _NOTHING_LEFT.sub(_GONE, content)).replace(_GONE, "")


def of_workspace(content: str, workspace: str) -> str:
    """The page whose forms say of which workspace it is, so that none changes another one."""
    return _FORM_PATH.sub(rf'\1\2?workspace={workspace}"', content)


def _form(form: re.Match[str], lacking: Lacking) -> str:
    roles = lacking("POST", _path(form["path"]))
    if roles is None:
        return form[0]
    is_more_than_a_button = _FILLED_IN.search(form["within"]) or form["within"].count("<button") > 1
    return f'<p class="refused">Only {escape(roles)} may do this.</p>' if is_more_than_a_button else _GONE


def _link(link: re.Match[str], lacking: Lacking) -> str:
    method, path = ("POST", link["posts"]) if link["posts"] else ("GET", link["path"])
    if not path.startswith("/") or lacking(method, _path(path)) is None:
        return link[0]
    return _GONE if _ALONE.search(link["head"] + link["tail"]) else link["within"]


def _path(address: str) -> str:
    return unescape(address).partition("?")[0].partition("#")[0]
