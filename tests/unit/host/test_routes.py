"""Route templates: which path goes where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.routes import Route, Router


def router(*templates: str) -> Router[str]:
    made: Router[str] = Router()
    for template in templates:
        made.add(Route(template, None, template))
    return made


def first(made: Router[str], path: str) -> tuple[str, dict[str, str]] | None:
    return next(((route.endpoint, values) for route, values in made.matches(path)), None)


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("contacts", "/contacts", {}),
        ("contacts", "/Contacts/", {}),
        ("contacts/{id}", "/contacts/a b", {"id": "a b"}),
        ("contacts/{id:int}", "/contacts/-7", {"id": "-7"}),
        ("contacts/{id?}", "/contacts", {}),
        ("contacts/{id?}", "/contacts/7", {"id": "7"}),
        ("files/{*rest}", "/files", {}),
        ("files/{*rest}", "/files/a/b.txt", {"rest": "a/b.txt"}),
        ("{*rest}", "/", {"rest": ""}),
        ("reports/{name}.{kind}", "/reports/march.2026.pdf", {"name": "march", "kind": "2026.pdf"}),
        ("v{version:int}/{on:bool}/{who:alpha}", "/v2/true/Ann", {"version": "2", "on": "true", "who": "Ann"}),
        ("clients/{client-id}/2nd/{2nd}", "/clients/a/2nd/b", {"client-id": "a", "2nd": "b"}),
        ("", "/", {}),
        ("page/{number:int:min(1)}", "/page/7", {"number": "7"}),
        ("page/{number:range(1,9)?}", "/page", {}),
        ("page/{number=1}", "/page", {"number": "1"}),
        ("page/{number:int=1}", "/page/2", {"number": "2"}),
        ("code/{code:length(2,4)}", "/code/abc", {"code": "abc"}),
        (r"code/{code:regex(^(a|b)\d{{2}}$)}", "/code/B12", {"code": "B12"}),
        ("on/{day:datetime}", "/on/2026-03-13", {"day": "2026-03-13"}),
        ("price/{price:decimal}", "/price/-1.50", {"price": "-1.50"}),
        ("file/{name:maxlength(9)}.{kind:alpha}", "/file/a.b.txt", {"name": "a.b", "kind": "txt"}),
    ],
)
def test_a_template_matches_and_names_the_values(template: str, path: str, values: dict[str, str]) -> None:
    assert first(router(template), path) == (template, values)


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("contacts", "/contacts/7"),
        ("contacts/{id}", "/contacts"),
        ("contacts/{id}", "/contacts/7/notes"),
        ("contacts/{id:int}", "/contacts/seven"),
        ("contacts/{id:guid}", "/contacts/7"),
        ("a.b", "/axb"),
        ("page/{number:int:min(1)}", "/page/0"),
        ("page/{number:min(1)}", "/page/one"),
        ("page/{number:range(1,9)}", "/page/10"),
        ("code/{code:length(2)}", "/code/abc"),
        ("code/{code:minlength(2)}", "/code/a"),
        (r"code/{code:regex(^(a|b)\d{{2}}$)}", "/code/B123"),
        ("on/{day:datetime}", "/on/friday"),
        ("price/{price:float}", "/price/dear"),
    ],
)
def test_a_template_matches_nothing_else(template: str, path: str) -> None:
    assert first(router(template), path) is None


def test_the_more_specific_template_wins_in_any_order() -> None:
    made = router("{*rest}", "contacts/{id}", "contacts/{id:int}", "contacts/imports")
    assert [first(made, f"/contacts/{end}")[0] for end in ("imports", "7", "ann")] == [  # type: ignore[index]
        "contacts/imports",
        "contacts/{id:int}",
        "contacts/{id}",
    ]
    assert first(made, "/other") == ("{*rest}", {"rest": "other"})


@pytest.mark.parametrize(
    "template",
    [
        "a/{b",
        "a/{b:date}",
        "a//b",
        "{a}}",
        "{a}/{a}",
        "{a:min(x)}",
        "{a:min}",
        "{a:length(1,2,3)}",
        "{a:int(3)}",
        "{a:regex([)}",
    ],
)
def test_what_is_no_template_is_refused_by_name(template: str) -> None:
    with pytest.raises(ValueError, match="route"):
        router(template)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="/", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1),
        min_size=1,
    )
)
def test_parameters_give_back_the_segments_of_any_path(segments: list[str]) -> None:
    template = "/".join(f"{{p{number}}}" for number in range(len(segments)))
    found = first(router(template), "/" + "/".join(segments))
    assert found == (template, {f"p{number}": segment for number, segment in enumerate(segments)})
