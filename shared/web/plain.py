"""The smallest page: a title, a sentence, perhaps one button. For people who came by a link and for errors."""

from __future__ import annotations

from html import escape

_PAGE = """<!doctype html>
<html lang="{language}">
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
  body.long {{ margin-top: 6vh; padding-bottom: 3rem }}
  form + form {{ margin-top: 2rem; padding-top: .5rem;
    border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent) }}
  fieldset {{ border: 0; margin: 1.4rem 0 0; padding: 0 }}
  legend, h2, .ask {{ font: 600 1rem/1.6 system-ui, sans-serif; padding: 0; margin: 1.4rem 0 .2rem; display: block }}
  .box {{ display: flex; gap: .7rem; align-items: flex-start; padding: .55rem 0; overflow-wrap: anywhere }}
  .box > * {{ min-width: 0 }}
  input {{ accent-color: var(--accent); width: 1.25rem; height: 1.25rem; margin: .2rem 0 0; flex: none }}
  select {{ font: inherit; max-width: 100%; padding: .55rem .7rem; border-radius: 10px;
    border: 1px solid color-mix(in srgb, currentColor 35%, transparent); background: transparent; color: inherit }}
  option {{ color: #1c1b19; background: #fff }}
  [role=status] {{ padding: .6rem .9rem; border-left: 4px solid var(--accent) }}
  .words {{ white-space: pre-line; padding: .2rem 0 .2rem .9rem; border-left: 4px solid var(--accent) }}
  :focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px }}
  button.quiet {{ background: transparent; color: inherit; border: 1px solid currentColor }}
  button {{ font: inherit; margin-top: 1rem; padding: .6rem 1.4rem; border: 0; border-radius: 10px; cursor: pointer;
    background: var(--accent); color: var(--on-accent) }}
</style>
<body{wide}>
<main>
<h1>{title}</h1>
<p>{sentence}</p>
{body}</main>
</html>
"""


def plain_page(
    title: str,
    sentence: str,
    button: str | None = None,
    forward: str | None = None,
    language: str = "en",
    content: str = "",
) -> str:
    """`button` posts to the page's own address; `forward` is a path to go to at once; `content` is markup."""
    form = f'<form method="post"><button>{escape(button)}</button></form>\n' if button else ""
    head = f'<meta http-equiv="refresh" content="0;url={escape(forward)}">\n' if forward else ""
    wide = ' class="long"' if content else ""
    body = content + form
    return _PAGE.format(
        head=head, title=escape(title), sentence=escape(sentence), body=body, language=escape(language), wide=wide
    )
