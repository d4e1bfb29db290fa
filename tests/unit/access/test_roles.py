"""Who may do what, and where."""

from __future__ import annotations

import pytest

from shared.access.principal import Principal, permit
from shared.access.problem import Refusal
from shared.access.roles import ROLES, grants_of
from shared.access.scope import scope_of
from shared.domain.faults import Rejected


def principal(*roles: str) -> Principal:
    return Principal("entra:1", "agency", grants_of(roles))


def test_each_role_may_what_the_table_says() -> None:
    def may(role: str) -> set[str]:
        return set(principal(role).permissions("praxis"))

    assert may("owner") == {"guest", "reader", "operator", "approver", "manager", "inviter", "owner"}
    assert may("manager:praxis") == {"guest", "reader", "operator", "approver", "manager", "inviter"}
    assert may("operator:praxis") == {"guest", "reader", "operator"}
    assert may("client:praxis") == {"guest", "approver"}
    assert may("viewer:praxis") == {"guest", "reader"}
    assert all("public" not in permissions for permissions in ROLES.values())


def test_a_role_holds_everywhere_or_in_the_workspace_that_it_names() -> None:
    assert principal("operator").permissions("any") == ROLES["operator"]
    mixed = principal("viewer", "operator:praxis", "client:cafe")
    assert mixed.permissions("praxis") == {"guest", "reader", "operator"}
    assert mixed.permissions("cafe") == {"guest", "reader", "approver"}
    assert mixed.permissions("other") == {"guest", "reader"}


@pytest.mark.parametrize("role", ["client", "client:", "admin", "Owner", "owner ", "", ":praxis", "owner:praxis"])
def test_what_is_no_role_grants_nothing(role: str) -> None:
    assert principal(role).permissions("praxis") == frozenset()


def test_a_client_sees_its_own_workspace_only() -> None:
    client = principal("client:praxis")
    assert scope_of(client, {}) == scope_of(client, {"baton-workspace": "praxis"}) == ("agency", "praxis")
    for other in ("main", "cafe"):
        with pytest.raises(Refusal) as refused:
            scope_of(client, {"baton-workspace": other})
        assert (refused.value.problem.status, refused.value.problem.errors[0].field) == (403, "Baton-Workspace")
    with pytest.raises(Rejected):
        scope_of(client, {"baton-workspace": "_"})
    with pytest.raises(Refusal, match="not operator"):
        permit(client, "praxis", "operator")


def test_who_sees_several_workspaces_works_in_main_unless_another_is_named() -> None:
    assert scope_of(principal("operator"), {}) == ("agency", "main")
    several = principal("client:praxis", "client:cafe")
    assert scope_of(several, {"baton-workspace": "cafe"}) == ("agency", "cafe")
    with pytest.raises(Refusal, match="no role in 'main'"):
        scope_of(several, {"authorization": "Bearer …"})


def test_a_browser_shows_what_was_chosen_in_it_if_its_reader_may_see_that() -> None:
    several = principal("client:praxis", "client:cafe")
    assert scope_of(several, {}).workspace == "cafe"  # the first: the page says where one is
    assert scope_of(several, {"cookie": "a=b; baton_workspace=praxis"}).workspace == "praxis"
    assert scope_of(several, {"cookie": "baton_workspace=praxis", "baton-workspace": "cafe"}).workspace == "cafe"
    for nothing in ("baton_workspace=_", "baton_workspace=No Such", "baton_workspace=", 'baton_workspace="'):
        assert scope_of(several, {"cookie": nothing}).workspace == "cafe"
    with pytest.raises(Refusal, match="no role in 'main'") as refused:
        scope_of(several, {"cookie": "baton_workspace=main"})
    assert refused.value.problem.headers["Set-Cookie"].startswith("baton_workspace=; Max-Age=0")
