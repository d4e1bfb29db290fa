"""Where the DKIM keys of sender domains are kept: in the home, or in a setting that a Key Vault secret fills."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.adapters.dkim.folder import FolderDkimKeys
from shared.adapters.dkim.setting import SettingDkimKeys
from shared.domain.dkim import DkimKey
from shared.domain.faults import Conflict
from shared.domain.scope import Scope
from shared.ports import DkimKeys

AGENCY, OTHER = Scope("local", "main"), Scope("local", "bakery")
OLD = DkimKey("studio.example", "b1", "PEM one")
NEW = DkimKey("studio.example", "b2", "PEM two")
ELSEWHERE = DkimKey("bakery.example", "b1", "PEM three")

Held = list[tuple[Scope, DkimKey]]
HELD: Held = [(AGENCY, NEW), (OTHER, ELSEWHERE), (AGENCY, OLD)]


def in_a_folder(folder: Path, held: Held) -> DkimKeys:
    kept = FolderDkimKeys(folder / "dkim")
    for scope, domain in {(scope, key.domain) for scope, key in held}:
        kept.put(scope, domain, [key for place, key in held if (place, key.domain) == (scope, domain)])
    return FolderDkimKeys(folder / "dkim")


def in_a_setting(folder: Path, held: Held) -> DkimKeys:
    listed = [
        {**scope._asdict(), "domain": key.domain, "selector": key.selector, "private_key": key.private_key}
        for scope, key in held
    ]
    return SettingDkimKeys("BATON_DKIM_KEYS", json.dumps(listed))


@pytest.mark.parametrize("home", [in_a_folder, in_a_setting])
def test_the_keys_of_a_domain_keep_their_order_and_are_its_workspaces_own(
    tmp_path: Path, home: Callable[[Path, Held], DkimKeys]
) -> None:
    kept = home(tmp_path, HELD)
    assert list(kept.of(AGENCY, "studio.example")) == [NEW, OLD]
    assert list(kept.of(OTHER, "bakery.example")) == [ELSEWHERE]
    for scope, domain in ((OTHER, "studio.example"), (AGENCY, "bakery.example"), (AGENCY, "mail.studio.example")):
        assert not kept.of(scope, domain)


@pytest.mark.parametrize("home", [in_a_folder, in_a_setting])
@pytest.mark.parametrize("domain", ["", "..", "../local~main/studio.example", "STUDIO.example", "x" * 300, "a\0b"])
def test_what_is_no_domain_has_no_keys(tmp_path: Path, home: Callable[[Path, Held], DkimKeys], domain: str) -> None:
    assert not home(tmp_path, HELD).of(AGENCY, domain)


def test_a_private_key_is_for_the_owners_eyes_only(tmp_path: Path) -> None:
    in_a_folder(tmp_path, HELD)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "dkim").rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert (tmp_path / "dkim").stat().st_mode & 0o777 == 0o700
    assert "PEM" not in repr(OLD) + str(OLD)


def test_keys_are_put_again_reordered_and_forgotten(tmp_path: Path) -> None:
    kept = in_a_folder(tmp_path, HELD)
    kept.put(AGENCY, "studio.example", [OLD, NEW])
    assert list(kept.of(AGENCY, "studio.example")) == [OLD, NEW]
    kept.put(AGENCY, "studio.example", [])
    assert not kept.of(AGENCY, "studio.example")
    kept.put(AGENCY, "studio.example", [])


@pytest.mark.parametrize("wrong", [[ELSEWHERE], [OLD, OLD], [OLD, ELSEWHERE]])
def test_keys_of_another_domain_or_twice_are_refused_and_change_nothing(tmp_path: Path, wrong: list[DkimKey]) -> None:
    kept = in_a_folder(tmp_path, HELD)
    with pytest.raises(ValueError, match="its own"):
        kept.put(AGENCY, "studio.example", wrong)
    with pytest.raises(ValueError, match="its own"):
        kept.put(AGENCY, "../x", [])
    assert list(kept.of(AGENCY, "studio.example")) == [NEW, OLD]


@pytest.mark.parametrize("text", ["", "[1]", '[{"selector": "a"}]', '[{"selector": 1, "private_key": "x"}]', "\\x00"])
def test_a_damaged_file_is_named_and_its_content_is_not(tmp_path: Path, text: str) -> None:
    kept = in_a_folder(tmp_path, HELD)
    (tmp_path / "dkim" / "local~main" / "studio.example.json").write_text(text)
    with pytest.raises(ValueError, match=r"studio\.example\.json must hold"):
        kept.of(AGENCY, "studio.example")


def test_keys_in_a_setting_are_changed_there() -> None:
    kept = in_a_setting(Path(), HELD)
    with pytest.raises(Conflict, match="BATON_DKIM_KEYS"):
        kept.put(AGENCY, "studio.example", [OLD])


@pytest.mark.parametrize(
    "text",
    [
        "PRIVATE", "PRIVATE{}", '{"domain": "PRIVATE"}', '["PRIVATE"]', '[{"private_key": "PRIVATE"}]',
        '[{"tenant": "a", "workspace": "B", "domain": "a.b", "selector": "s", "private_key": "PRIVATE"}]',
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_explained_without_its_content(text: str) -> None:
    with pytest.raises(ValueError, match="must be a JSON list") as refused:
        SettingDkimKeys("BATON_DKIM_KEYS", text)
    assert "PRIVATE" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("domain", "selector"),
    [("example", "b1"), ("Studio.example", "b1"), ("stüdio.example", "b1"), ("studio.example", ""), ("a.b", "b 1"),
     ("studio.example.", "b1"), ("-a.example", "b1"), ("a.example", "b1;"), ("a.example\r\n", "b1")],
)  # fmt: skip
def test_a_key_has_names_that_dns_and_a_header_can_hold(domain: str, selector: str) -> None:
    with pytest.raises(ValueError, match="must"):
        DkimKey(domain, selector, "PEM")
