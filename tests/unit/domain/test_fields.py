from __future__ import annotations

import pytest

from shared.domain.fields import FIELDS, check_query
from shared.domain.segment import Filter


@pytest.mark.parametrize("field", ["id", "email", "consent.email.status", "attributes.plan", "attributes.Größe in cm"])
def test_declared_fields_of_a_contact_pass(field: str) -> None:
    check_query("contact", [Filter(field, "eq", "x")], field)


@pytest.mark.parametrize(
    "field", ["", "attributes", "attributes.", "attributes.a.b", 'attributes.a"b', "consent", "ID"]
)
def test_an_undeclared_field_is_named_with_what_there_is(field: str) -> None:
    with pytest.raises(ValueError, match=r"contact has no field '.*'.*it has id, city"):
        check_query("contact", [Filter(field, "eq", "x")], None)
    with pytest.raises(ValueError, match="contact has no field"):
        check_query("contact", [], field)


def test_every_kind_can_be_looked_through_by_id() -> None:
    for kind in [*FIELDS, "tape", "campaign-name"]:
        check_query(kind, [Filter("id", "prefix", "x")], "id")
    with pytest.raises(ValueError, match="tape has no field 'email'"):
        check_query("tape", [Filter("email", "eq", "x")], None)
