"""The policy of models as the fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from shared.domain.routing import HomeName, ModelPolicy


def of_form(form: Mapping[str, str], before: ModelPolicy) -> ModelPolicy:
    """What was filled in; what the form has no field for stays as it was. Raises ValidationError."""
    personal = [name for name in get_args(HomeName) if f"personal_{name}" in form]
    given = {
        "prefer": form.get("prefer", before.prefer),
        "cloud": "cloud" in form,
        "personal": personal,
        "patience_minutes": form.get("patience_minutes", "").strip() or before.patience_minutes,
    }
    return ModelPolicy.model_validate({**before.model_dump(), **given})
