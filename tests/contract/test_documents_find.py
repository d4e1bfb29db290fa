"""`find` means exactly what `segment.matches` means, whatever the bodies, the filters, the order and the page size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.scope import Scope
from shared.domain.segment import OPS, Filter, matches
from shared.ports import Document, Documents, Order, Write

_TEXT = st.text(alphabet=st.sampled_from("abA.@ é\ud7ff\U0010ffff'\"\\%_\n"), max_size=4)
_NUMBER = st.one_of(st.integers(-3, 3), st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False))
_SCALAR = st.one_of(_TEXT, _NUMBER, st.booleans(), st.none())
_VALUE = st.one_of(_SCALAR, st.lists(_SCALAR, max_size=3), st.dictionaries(_TEXT, _SCALAR, max_size=2))
_FIELDS = ("id", "email", "tags", "consent.email.status", "attributes.plan", "created_at")
_BODY = st.fixed_dictionaries(
    {},
    optional={
        "email": _VALUE,
        "tags": _VALUE,
        "created_at": _VALUE,
        "consent": st.one_of(_SCALAR, st.fixed_dictionaries({"email": st.fixed_dictionaries({"status": _VALUE})})),
        "attributes": st.fixed_dictionaries({}, optional={"plan": _VALUE}),
    },
)
_BODIES = st.dictionaries(st.text("abcé0~", min_size=1, max_size=2), _BODY, max_size=12)


@st.composite
def _filters(draw: st.DrawFn, bodies: dict[str, Any]) -> list[Filter]:
    """Half of the values are taken from the documents, so that something is found."""
    filters = []
    for field in draw(st.lists(st.sampled_from(_FIELDS), max_size=2)):
        present = [value for id, body in bodies.items() for value in _values(id, body, field)]
        one = st.one_of(st.sampled_from(present), _SCALAR) if present else _SCALAR
        op = draw(st.sampled_from(OPS))
        filters.append(Filter(field, op, draw(st.lists(one, max_size=3)) if op == "in" else draw(_fit(op, one))))
    return filters


def _fit(op: str, one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return one.map(lambda value: value[:1] if isinstance(value, str) else "a") if op == "prefix" else one


def _values(id: str, body: dict[str, Any], field: str) -> list[Any]:
    found: Any = {**body, "id": id}
    for part in field.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, list) else [] if isinstance(found, dict) else [found]


def _sort_key(document: Document, field: str) -> tuple[int, Any]:
    """The oracle of `ports.Order`."""
    found: Any = {**document.body, "id": document.id}
    for part in field.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, int | float) and not isinstance(found, bool):
        return 1, found
    return (2, found) if isinstance(found, str) else (0, 0)


def _every_page(documents: Documents, scope: Scope, filters: list[Filter], order: Order, limit: int) -> list[Document]:
    found, cursor = [], None
    while True:
        page = documents.find(scope, "contact", filters, order, limit, cursor)
        assert len(page.documents) <= limit
        found += page.documents
        cursor = page.cursor
        if cursor is None:
            return found
        assert len(page.documents) == limit


@settings(
    deadline=None, max_examples=3 * settings().max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), bodies=_BODIES, limit=st.integers(1, 5), descending=st.booleans())
def test_find_is_segment_matches_over_all_documents_page_by_page(
    documents: Documents,
    fresh_scope: Callable[[], Scope],
    data: st.DataObject,
    bodies: dict[str, Any],
    limit: int,
    descending: bool,
) -> None:
    scope = fresh_scope()
    written = documents.batch(scope, "contact", [Write(id, body) for id, body in bodies.items()])
    filters = data.draw(_filters(bodies))
    order = Order(data.draw(st.sampled_from(_FIELDS)), descending)

    found = _every_page(documents, scope, filters, order, limit)

    expected = [each for each in written if each and matches(each.id, each.body, filters)]
    expected.sort(key=lambda each: each.id)
    expected.sort(key=lambda each: _sort_key(each, order.field), reverse=descending)
    assert [each.id for each in found] == [each.id for each in expected]
    assert found == expected
