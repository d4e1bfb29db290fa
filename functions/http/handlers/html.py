"""What every page is answered with."""

from __future__ import annotations

from typing import Any

from shared.access.call import Answer, Call
from shared.web.pages import POLICY, page

HTML = "text/html; charset=utf-8"


def html(call: Call, template: str, **values: Any) -> Answer[str]:
    """A page of a template, times in the home's zone."""
    content = page(template, call.ports.timezone, **values)
    return Answer(content, content_type=HTML, headers={"Content-Security-Policy": POLICY})


def see(path: str, **more: Any) -> Answer[str]:
    """After a form: on to the page that shows what it did (303)."""
    return Answer("", status=303, content_type=HTML, headers={"Location": path}, **more)
