"""The owner is whoever has the token of the machine that the home lies on; on Azure there is no such machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.access.principal import OWNER, Credentials, Request, authenticate
from shared.access.problem import Refusal
from shared.settings import Settings
from shared.wiring.callers import owner_token

NOW = datetime(2027, 3, 2, tzinfo=UTC)


def asked(token: str, owners: str | None) -> object:
    request = Request("GET", "http://127.0.0.1:7071/api/v1/campaigns", {"authorization": f"Bearer {token}"})
    return authenticate(request, Credentials(owners, {"1": b"k" * 32}, None), NOW)  # type: ignore[arg-type]


def test_on_azure_no_token_is_the_owners_and_none_is_made(tmp_path: Path) -> None:
    on_azure = Settings(home=tmp_path / "disk", site="func-baton")
    assert owner_token(on_azure) is None
    assert not on_azure.home.exists()
    for guess in ("", "None", "owner", "x" * 43):
        with pytest.raises(Refusal) as refused:
            asked(guess, None)
        assert refused.value.problem.status == 401


def test_on_one_machine_it_is_made_with_the_home_or_given(tmp_path: Path) -> None:
    made = owner_token(Settings(home=tmp_path))
    assert made
    assert asked(made, made) == OWNER
    assert owner_token(Settings(home=tmp_path / "other", owner_token=" given\n")) == "given"
