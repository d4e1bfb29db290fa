"""Settings: what the environment says, what the sample shows, what is refused."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from shared.domain.faults import Misconfigured
from shared.settings import Settings, read

ROOT = Path(__file__).parents[3]
OF_THE_RUNTIME = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsDisableHomepage"}


def sample() -> dict[str, str]:
    values: dict[str, str] = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    return values


def test_the_sample_names_every_setting_and_nothing_else() -> None:
    ours = {f"BATON_{field.name.upper()}" for field in fields(Settings) if field.name != "host_clock"}
    assert set(sample()) - OF_THE_RUNTIME == ours


def test_the_sample_says_what_holds_without_it() -> None:
    assert read(sample()) == read({}) == Settings()


def test_each_variable_sets_its_field() -> None:
    given = read(
        {
            "BATON_HOME": "/srv/baton",
            "BATON_PUBLIC_URL": "https://baton.example/",
            "BATON_SMTP_URL": "smtp://user:pass@mail.example:587",
            "BATON_MODEL_URL": "https://models.example/v1",
            "BATON_MODEL_KEY": "secret",
            "BATON_MODEL_NAME": "small",
            "BATON_TIMEZONE": "Europe/Berlin",
            "HOST_CLOCK": "/run/clock",
        }
    )
    assert given == Settings(
        home=Path("/srv/baton"),
        public_url="https://baton.example",
        smtp_url="smtp://user:pass@mail.example:587",
        model_url="https://models.example/v1",
        model_key="secret",
        model_name="small",
        timezone="Europe/Berlin",
        host_clock=Path("/run/clock"),
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BATON_PUBLIC_URL", "baton.example"),
        ("BATON_SMTP_URL", "http://user:hunter2@mail.example"),
        ("BATON_SMTP_URL", "smtp://"),
        ("BATON_MODEL_URL", "ftp://models.example"),
        ("BATON_TIMEZONE", "Mars/Olympus"),
        ("BATON_TIMEZONE", "../etc/passwd"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_no_password_repeated(variable: str, value: str) -> None:
    with pytest.raises(Misconfigured) as wrong:
        read({variable: value})
    assert wrong.value.error.field == variable
    assert "hunter2" not in str(wrong.value)


def test_a_model_needs_its_name() -> None:
    with pytest.raises(Misconfigured, match="BATON_MODEL_NAME"):
        read({"BATON_MODEL_URL": "https://models.example/v1"})
