"""The smallest page: a title, a sentence, perhaps one button. For people who came by a link and for errors."""

from __future__ import annotations

from html import escape

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
{head}<title>{title}</title>
<style>
  :root {{ --accent: #0b6e5f; --on-accent: #fff }}
  @media (prefers-color-scheme: dark) {{ :root {{ --accent: #4fc3ad; --on-accent: #08231f }} }}
  body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem }}
  h1 {{ font: 500 1.6rem/1.3 Palatino, Georgia, serif; margin: 0 0 .5rem }}
  button {{ font: inherit; margin-top: 1rem; padding: .6rem 1.4rem; border: 0; border-radius: 10px; cursor: pointer;
    background: var(--accent); color: var(--on-accent) }}
</style>
<main>
<h1>{title}</h1>
<p>{sentence}</p>
{body}</main>
</html>
"""


def plain_page(title: str, sentence: str, button: str | None = None, forward: str | None = None) -> str:
    """`button` posts to the page's own address; `forward` is a path to go to at once."""
    form = f'<form method="post"><button>{escape(button)}</button></form>\n' if button else ""
    head = f'<meta http-equiv="refresh" content="0;url={escape(forward)}">\n' if forward else ""
    return _PAGE.format(head=head, title=escape(title), sentence=escape(sentence), body=form)
