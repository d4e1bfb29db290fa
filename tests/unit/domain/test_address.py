from __future__ import annotations

import pytest

from shared.domain.address import effect_key, person_of
from shared.domain.names import instance_id
from shared.domain.scope import Scope, parse_scope


def test_two_spellings_of_a_mailbox_are_one_person() -> None:
    assert person_of(" Anna.Gross@Example.org ", b"k") == person_of("anna.gross@example.org", b"k")
    assert person_of("a@example.org", b"k") != person_of("a@example.org", b"other key")


def test_an_effect_has_one_name_and_every_part_counts() -> None:
    names = {
        effect_key(("t", "w"), "c", "1", "email", "p"),
        effect_key(("t", "x"), "c", "1", "email", "p"),
        effect_key(("t", "w"), "d", "1", "email", "p"),
        effect_key(("t", "w"), "c", "2", "email", "p"),
        effect_key(("t", "w"), "c", "1", "sms", "p"),
        effect_key(("t", "w"), "c", "1", "email", "q"),
    }
    assert len(names) == 6
    assert effect_key(("t", "w"), "c", "1", "email", "p") in names


@pytest.mark.parametrize(("tenant", "workspace"), [("", "main"), ("Local", "main"), ("a~b", "main"), ("_", "x")])
def test_a_scope_has_only_safe_parts(tenant: str, workspace: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_scope(tenant, workspace)


def test_the_agency_is_the_shared_workspace() -> None:
    assert parse_scope("local", "main").agency == Scope("local", "_") == parse_scope("local", "_")


def test_instance_ids_fit_every_backend() -> None:
    longest = instance_id(("a" * 24, "b" * 24), "distribution", "c" * 32 + "-99")
    assert len(longest) <= 100
    with pytest.raises(ValueError, match="100 ASCII"):
        instance_id(("t", "w"), "campaign", "x" * 100)
