"""The secrets of a home: made once, for the owner alone, the same for everyone who asks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared import home

ROOT = Path(__file__).parents[3]


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "new" / "home"
    keys, token = home.keys(place), home.owner_token(place)
    assert (home.keys(place), home.owner_token(place)) == (keys, token)
    assert len({keys.address, *keys.link.values(), *keys.field.values()}) == 3
    assert all(len(key) == 32 for key in (keys.address, *keys.link.values(), *keys.field.values()))
    assert len(token) >= 40
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in place.iterdir()} == {
        "keys.json": "0o600",
        "owner.token": "0o600",
    }
    assert oct(place.stat().st_mode & 0o777) == "0o700"


def test_two_homes_have_nothing_in_common(tmp_path: Path) -> None:
    assert home.owner_token(tmp_path / "a") != home.owner_token(tmp_path / "b")
    assert home.keys(tmp_path / "a").address != home.keys(tmp_path / "b").address


def test_keys_of_a_ring_keep_their_order_so_the_newest_is_last(tmp_path: Path) -> None:
    home.keys(tmp_path)
    path = tmp_path / "keys.json"
    kept = json.loads(path.read_text())
    kept["link"] = {"2": kept["link"]["1"], "1": "b2xk", "3": "bmV3"}
    path.write_text(json.dumps(kept))
    assert list(home.keys(tmp_path).link) == ["2", "1", "3"]
    assert home.keys(tmp_path).link["3"] == b"new"


def test_a_key_that_is_added_to_a_ring_is_taken_up(tmp_path: Path) -> None:
    kept, file = home.keys(tmp_path), home.KeyFile(tmp_path)
    following, before = file.following(), file.keys()
    assert [file.rotate("field"), file.rotate("link"), file.rotate("field")] == ["2", "2", "3"]
    assert (list(following.field), list(following.link)) == (["1", "2", "3"], ["1", "2"])
    assert dict(following.field) | kept.field == dict(following.field)
    assert before == kept, "what was asked for once does not change under whoever works with it"
    assert home.keys(tmp_path) == file.keys() == home.KeyFile(tmp_path).keys()
    assert home.keys(tmp_path).address == kept.address
    assert len({*file.keys().field.values(), *file.keys().link.values()}) == 5
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}["keys.json"] == 0o600


def test_a_key_is_removed_unless_what_is_new_needs_it(tmp_path: Path) -> None:
    file = home.KeyFile(tmp_path)
    file.rotate("link")
    file.remove("link", "1")
    assert list(home.keys(tmp_path).link) == ["2"]
    with pytest.raises(ValueError, match="newest of the ring link"):
        file.remove("link", "2")
    with pytest.raises(ValueError, match="no key '9' in the ring field"):
        file.remove("field", "9")
    assert file.rotate("link") == "3", "an id is not used twice while anything may remember it"


def test_values_in_plain_are_believed_in_a_home_from_before_until_it_refuses_them(tmp_path: Path) -> None:
    assert not home.keys(tmp_path / "new").plain
    made = json.loads((tmp_path / "new" / "keys.json").read_text())
    del made["plain"]
    (tmp_path / "keys.json").write_text(json.dumps(made))
    file = home.KeyFile(tmp_path)
    assert file.keys().plain
    file.refuse_plain()
    assert not file.keys().plain
    assert file.keys() == home.keys(tmp_path / "new")


def test_of_two_who_rotate_at_once_neither_is_lost(tmp_path: Path) -> None:
    home.keys(tmp_path)
    code = f"from pathlib import Path; from shared import home; f = home.KeyFile(Path({str(tmp_path)!r}))\n"
    code += "for _ in range(20): f.rotate('field')"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
    assert [process.wait(30) for process in started] == [0, 0]
    assert list(home.keys(tmp_path).field) == [str(n) for n in range(1, 42)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"address": "YQ==", "link": {}, "field": {}}',
        '{"address": 1, "link": {}, "field": {}}',
        '{"address": "YQ==", "link": []}',
    ],
)
def test_a_key_file_that_is_damaged_is_named_and_never_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(ValueError, match=r"keys\.json"):
        home.keys(tmp_path)
    assert (tmp_path / "keys.json").read_text() == text


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from shared import home; print(home.owner_token(Path({str(tmp_path)!r})))"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    tokens = {process.communicate(timeout=30)[0] for process in started}
    assert len(tokens) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["owner.token"]


def test_keys_that_come_by_a_setting_are_those_of_the_home_they_were_made_in(tmp_path: Path) -> None:
    made = home.keys(tmp_path)
    assert home.read_keys((tmp_path / "keys.json").read_text(), "BATON_KEYS") == made


def test_a_setting_that_holds_no_keys_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match=r"^BATON_KEYS must hold the keys address, link and field") as refused:
        home.read_keys('{"address": "c2VjcmV0"', "BATON_KEYS")
    assert "c2VjcmV0" not in str(refused.value)
