"""Is a stored score the one that follows from what is stored? Compared field by field, to the last digit."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from shared.domain.lead import LeadScore


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Difference(_Strict):
    """A lead whose stored score is not the one that follows, and in what it differs."""

    id: str
    name: str
    stored: float
    computed: float | None
    """None: it cannot be computed, because of what `fields` says."""
    fields: list[str]


class Verified(_Strict):
    """A page of leads whose scores were computed again. `scored` of the `leads` have one; `cursor` is null on the last
    page."""

    leads: int
    scored: int
    differing: list[Difference]
    cursor: str | None


def differing(stored: LeadScore, computed: LeadScore) -> list[str]:
    """The fields in which they are not the same; none: they are."""
    return [name for name in LeadScore.model_fields if getattr(stored, name) != getattr(computed, name)]
