"""`baton brand` on a host: what is set, what is refused, the logo in the mail that leaves."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.command import Served

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20"><rect width="60" height="20"/><script/></svg>'


def test_a_brand_is_set_refused_and_shown_in_drafts(home: Served, tmp_path: Path, campaign_file: Path) -> None:
    assert home("brand", "show").out.startswith("No brand yet")
    logo = tmp_path / "logo.svg"
    logo.write_bytes(SVG)
    assert "name the brand first" in home("brand", "logo", str(logo)).err
    made = home("brand", "set", "name=Nordlicht Studio", "colours.primary=#1d4e89", "fonts.heading=New Computer Modern")
    assert "on_primary #ffffff on primary #1d4e89 (8.4 : 1)" in made.text
    refused = home("brand", "set", "colours.text=#eeeeee")
    assert (refused.code, refused.err.split(":")[0]) == (2, "colours.text")
    assert home("brand", "set", "colour=red").code == 2
    assert "taken out of the file: script" in home("brand", "logo", str(logo)).text
    huge = tmp_path / "huge.png"
    huge.write_bytes(bytes(50_000_000))
    assert "at most 500,000 are taken" in home("brand", "logo", str(huge)).err
    assert home("brand", "logo").code == 2
    assert home("brand", "show", "--json").json["logo"]["removed"] == ["script"]

    id = home("campaign", "create", str(campaign_file), "--json").json["id"]
    html = _draft(home, id)["html"]
    assert "/api/b/" in html
    assert 'alt="Nordlicht Studio"' in html
    assert 'bgcolor="#1d4e89"' in html
    assert "none" in home("brand", "logo", "--remove").out.splitlines()[-1]


def _draft(home: Served, id: str) -> dict[str, str]:
    """The campaign's first draft, once it is written."""
    from tests.e2e.host.process import wait_for

    def written() -> dict[str, str] | None:
        found = home("campaign", "show", id, "--json").json
        return found if found["status"] == "awaiting_approval" else None

    wait_for(written)
    import httpx2

    token = (home.home / "owner.token").read_text()
    answer = httpx2.get(f"{home.url}/api/v1/campaigns/{id}/drafts", headers={"Authorization": f"Bearer {token}"})
    drafts: list[dict[str, str]] = answer.json()["items"]
    return drafts[0]


def test_a_card_is_drawn_written_and_put_at_a_post(home: Served, tmp_path: Path) -> None:
    said = ("quote", "quote=They found our voice.", "by=Maja Holm", "--alt", "Maja Holm praises us")
    made = home("card", "make", *said, "--size", "square", "--out", str(tmp_path / "out"))
    assert made.code == 0, made.err
    assert "1080 x 1080" in made.out
    assert (tmp_path / "out" / "quote-square.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "out" / "quote-square.svg").read_bytes().startswith(b"<svg")
    id = home("card", "list", "--json").json["items"][0]["id"]
    assert "Maja Holm" in home("card", "show", id).out
    refused = home("card", "make", "quote", "quote=Great 🎉", "--alt", "a")
    assert (refused.code, refused.err.split(":")[0]) == (2, "words.quote")
    assert home("card", "make", "quote", "Great", "--alt", "a").code == 2
    brief = Path(__file__).parents[3] / "samples" / "campaign.yaml"
    piece = home("write", str(brief), "--format", "linkedin", "--json").json["id"]
    assert "has 1 card.\n" in home("card", "attach", piece, "linkedin-1-A", id).out
    assert "has 0 cards." in home("card", "attach", piece, "linkedin-1-A").out


def test_a_document_is_made_from_data_and_a_gap_is_refused(home: Served, tmp_path: Path) -> None:
    assert "Samples, not legal advice" in home("document", "templates").out
    data = tmp_path / "offer.yaml"
    data.write_text(home("document", "example", "offer").out)
    out = tmp_path / "offer.pdf"
    made = home("document", "new", "offer", "--data", str(data), "--out", str(out))
    assert made.code == 0, made.err
    assert out.read_bytes().startswith(b"%PDF-")
    id = home("document", "list", "--json").json["items"][0]["id"]
    assert id in made.out
    again = tmp_path / "again.pdf"
    assert home("document", "new", "offer", "--data", str(data), "--out", str(again)).code == 0
    assert again.read_bytes() == out.read_bytes()
    text = tmp_path / "offer.md"
    assert home("document", "show", id, "--out", str(text)).code == 0
    assert "# Offer: Spring campaign" in text.read_text()
    data.write_text("number: 7\ndate: 2027-03-01\nitems:\n- {unit_price: 1.5}\n")
    refused = home("document", "new", "offer", "--data", str(data))
    assert refused.code == 2
    assert "data.items[0].description: is required" in refused.err
    assert "data.terms: is required" in refused.err
    data.write_text("a: [")
    assert "neither YAML nor JSON" in home("document", "new", "offer", "--data", str(data)).err
    assert home("document", "new", "offer", "--data", str(data), "--out", "x.docx").code == 2
    assert home("document", "example", "will").code == 2
