"""What contracts are written from: the templates that come along, and a workspace's own, version by version."""

from __future__ import annotations

from shared.domain.contract_builtin import BUILT_IN
from shared.domain.contract_template import ContractTemplate, TemplateVersion
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.offer import Language
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

MOST = 200
"""Versions of one template."""


def newest(ports: Ports, scope: Scope, id: str) -> TemplateVersion:
    """The newest version, or the one that is built in. Raises Missing."""
    asked = [Filter("template", "eq", id)]
    page = ports.documents.find(scope, Kind.CONTRACT_TEMPLATE, asked, Order("version", descending=True), limit=1)
    if page.documents:
        return TemplateVersion.model_validate(page.documents[0].body)
    if id not in BUILT_IN:
        raise Missing("contract-template", id)
    return BUILT_IN[id]


def for_language(ports: Ports, scope: Scope, language: Language) -> TemplateVersion:
    """The one to begin with: as the workspace has it, if it wrote one under the name of the one that is built in."""
    [id] = [id for id, each in BUILT_IN.items() if each.language == language]
    return newest(ports, scope, id)


def listing(ports: Ports, scope: Scope) -> list[TemplateVersion]:
    """The newest version of each, by name; those that come along among them."""
    found = dict(BUILT_IN)
    cursor: str | None = None
    while True:
        page = ports.documents.find(scope, Kind.CONTRACT_TEMPLATE, order=Order("version"), limit=100, cursor=cursor)
        found |= {each.body["template"]: TemplateVersion.model_validate(each.body) for each in page.documents}
        if (cursor := page.cursor) is None:
            return [found[id] for id in sorted(found)]


def put(ports: Ports, scope: Scope, by: str, id: str, said: ContractTemplate) -> TemplateVersion:
    """Keep this as the newest version; contracts that are written already stay as they are. Raises Rejected for a
    name that is none, Conflict when somebody else was quicker or there are too many."""
    try:
        before = newest(ports, scope, id).version
    except Missing:
        before = 0
    if before >= MOST:
        raise Conflict("versions", f"a template has at most {MOST} versions; begin another")
    try:
        made = TemplateVersion(**said.model_dump(), template=id, version=before + 1, at=ports.clock.now(), by=by)
    except ValueError:
        raise Rejected(FieldError("id", "must be small letters, digits and hyphens, at most 40")) from None
    try:
        ports.documents.put(
            scope, Kind.CONTRACT_TEMPLATE, f"{id}~{made.version:04}", made.model_dump(mode="json")
        )  # fmt: skip
    except Stale:
        raise Conflict("version", "it was changed meanwhile; look at it again") from None
    ports.journal.append(
        scope, "policy", ports.clock.now(), by, "contract-template", {"template": id, "version": made.version}
    )
    return made
