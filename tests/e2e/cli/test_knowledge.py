from __future__ import annotations

from pathlib import Path

from tests.e2e.cli.command import Served


def test_a_document_comes_is_found_is_renewed_and_goes(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "prices.md"
    file.write_text("# Prices\n\nA polishing costs 90 euros.\n")
    made = home("knowledge", "add", str(file), "--title", "Prices", "--source", "our own", "--json").json
    assert (made["title"], made["source"], made["versions"][0]["format"]) == ("Prices", "our own", "markdown")
    found = home("knowledge", "search", "what does polishing cost")
    assert found.out.splitlines()[0] == "1. Prices (version 1, Prices)"
    assert "90 euros" in found.out
    assert f"cite {made['id']} 1 " in found.out
    file.write_text("# Prices\n\nA polishing costs 95 euros.\n")
    renewed = home("knowledge", "add", str(file), "--replaces", made["id"])
    assert renewed.out == f"Prices: version 2, 1 passages. Its id is {made['id']}.\n"
    assert made["id"] in home("knowledge", "list").out
    shown = home("knowledge", "show", made["id"])
    assert "95 euros" in shown.out
    assert "our own" in shown.out
    assert home("knowledge", "delete", made["id"]).out == "Deleted.\n"
    assert home("knowledge", "search", "polishing").out == "No passage answers that.\n"
    assert home("knowledge", "show", made["id"]).code == 2


def test_what_is_wrong_is_refused_in_the_apis_words(home: Served, tmp_path: Path) -> None:
    image = tmp_path / "image.png"
    image.write_bytes(b"\x89PNG")
    ran = home("knowledge", "add", str(image))
    assert (ran.code, ran.err.partition(":")[0]) == (2, "file")
    assert home("knowledge", "add", str(tmp_path / "none.md")).code == 2


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(home: Served, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    ran = home("knowledge", "add", str(large))
    assert (ran.code, ran.err) == (2, f"{large}: has 200,000,000 bytes; at most 50,000,000 are taken\n")
