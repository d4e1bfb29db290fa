"""What HTML mails show: block by block, in one pass whatever is in them."""

from __future__ import annotations

import pytest

from shared.agents.feedback.readable import shown


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two &lt;b&gt; &amp;&nbsp;three</p>", "One\ntwo <b> & three"),
        ("<head><title>T</title></head><body>seen<style>p{}</style><script>if(a<b)'</p>'</script>.", "seen."),
        ("<blockquote>theirs<blockquote>older</blockquote></blockquote>mine", "> theirs\n> > older\nmine"),
        ("a<!-- b <p>c</p> -- > -->d<!---->e<!-- open <b>f</b>", "ade"),
        ('<a title="x > y" href=z>link</a>', "link"),
        ("under < 5000 EUR <3", "under < 5000 EUR <3"),
        ("<!doctype html><?xml x?><![if !mso]>a<![endif]>", "a"),
        ("<head><meta x><body>b", "b"),
        ("&#" + "9" * 5000 + ";a&#xd800;", "a\ufffd"),
        ("<b title='open>a", "a"),
    ],
)
def test_what_is_shown(markup: str, text: str) -> None:
    assert shown(markup) == text


def test_every_stretch_is_looked_at_once_and_no_more_than_a_mail_may_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """`<!--` without an end cost the standard parser the square of its length."""
    from shared.agents.feedback import readable

    seen: list[int] = []
    take = readable._Page.take
    monkeypatch.setattr(readable._Page, "take", lambda page, piece: (seen.append(len(piece)), take(page, piece))[1])
    for each in ("<!--", "<a b='"):
        seen.clear()
        shown(each * (4_000_000 // len(each)))
        assert sum(seen) <= 200_000
