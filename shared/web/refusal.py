"""What a person sees instead of a page: what was wrong, what differs, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.web.pages import page
from shared.web.plain import plain_page

_SIGN_IN = "Open the sign-in link that baton serve printed; it works once. Start it again for a new one."
_OR_ELSE = """<form method="post" action="/signin"><label class="ask" for="token">Or, if you were invited, your
token</label>
<input id="token" name="token" type="password" required autocomplete="current-password"
 style="width:100%;box-sizing:border-box;height:auto;font:inherit;padding:.6rem .8rem;border-radius:10px;
 border:1px solid;background:transparent;color:inherit">
<button>Sign in</button></form>
"""


def refusal_page(path: str, status: int, title: str, detail: str, difference: Mapping[str, Sequence[object]]) -> str:
    """The page for a request to `path` that was refused; `difference` is part -> [what was sent, what holds].

    Whoever is not signed in, or came by a link, gets the smallest page: it needs nothing that they may not load."""
    if status == 401:
        return plain_page("Please sign in", _SIGN_IN, content=_OR_ELSE)
    if path.startswith("/api/"):
        return plain_page(title, detail)
    above = path.rpartition("/")[0] if path.startswith("/campaigns/") and status != 404 else ""
    heading = "There is no such page" if status == 404 else title
    differences = sorted(difference.items())
    return page("error", "UTC", here="", title=heading, sentence=detail, differences=differences, back=above or "/")
