"""What contracts are written from: the templates that come along, and a workspace's own, version by version."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from shared.domain.contract_builtin import BUILT_IN
from shared.domain.contract_template import ContractTemplate, NewTemplate, TemplateVersion
from shared.domain.faults import Conflict, Missing
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


def of_version(ports: Ports, scope: Scope, id: str, version: int) -> ContractTemplate:
    """One version of it, as it was then. Raises Missing."""
    found = ports.documents.get(scope, Kind.CONTRACT_TEMPLATE, f"{id}~{version:04}")
    if found is None and (version or id not in BUILT_IN):
        raise Missing("contract-template", id)
    return TemplateVersion.model_validate(found.body) if found else BUILT_IN[id]


def for_language(ports: Ports, scope: Scope, language: Language) -> TemplateVersion:
    """The one to begin with: as the workspace has it, if it wrote one under the name of the one that is built in."""
    [id] = [id for id, each in BUILT_IN.items() if each.language == language]
    return newest(ports, scope, id)


def fields_of(ports: Ports, scope: Scope, id: str, said: Mapping[str, str]) -> dict[str, str]:
    """All that the newest version asks for, as a contract says it; what is not asked for any more is left out."""
    there = newest(ports, scope, id).fields
    return {name: said.get(name, text) for name, text in there.items()}


def listing(ports: Ports, scope: Scope) -> list[TemplateVersion]:
    """The newest version of each, by name; those that come along among them."""
    found = dict(BUILT_IN)
    cursor: str | None = None
    while True:
        page = ports.documents.find(scope, Kind.CONTRACT_TEMPLATE, order=Order("version"), limit=100, cursor=cursor)
        found |= {each.body["template"]: TemplateVersion.model_validate(each.body) for each in page.documents}
        if (cursor := page.cursor) is None:
            return [found[id] for id in sorted(found)]


def begin(ports: Ports, scope: Scope, by: str, said: NewTemplate) -> TemplateVersion:
    """A template of one's own. Raises Conflict if there is one of this id."""
    with suppress(Missing):
        newest(ports, scope, said.id)
        raise Conflict("id", f"there is a template {said.id!r} already; change that one")
    return _keep(ports, scope, by, said.id, 1, said)


def put(ports: Ports, scope: Scope, by: str, id: str, said: ContractTemplate) -> TemplateVersion:
    """Keep this as the newest version; contracts that are written already stay as they are. Raises Missing, and
    Conflict when somebody else was quicker or there are too many versions."""
    before = newest(ports, scope, id).version
    if before >= MOST:
        raise Conflict("versions", f"a template has at most {MOST} versions; begin another")
    return _keep(ports, scope, by, id, before + 1, said)


def _keep(ports: Ports, scope: Scope, by: str, id: str, version: int, said: ContractTemplate) -> TemplateVersion:
    texts = said.model_dump(include=set(ContractTemplate.model_fields))
    made = TemplateVersion(**texts, template=id, version=version, at=ports.clock.now(), by=by)
    try:
        ports.documents.put(scope, Kind.CONTRACT_TEMPLATE, f"{id}~{version:04}", made.model_dump(mode="json"))
    except Stale:
        raise Conflict("version", "it was changed meanwhile; look at it again") from None
    told = {"template": id, "version": version}
    ports.journal.append(scope, "policy", made.at or ports.clock.now(), by, "contract-template", told)
    return made
