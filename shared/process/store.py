"""Processes as they are kept: a document each with its versions; every version's text and plan in Files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from difflib import unified_diff

from shared.agents.scopes import register
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.process import Process, ProcessVersion, TriggerKind
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.catalog import catalog
from shared.process.declared import Plan
from shared.process.load import load

RESERVED = ("schema", "validate")
"""Words that stand in the place of a name in paths of the API."""
_MOST_VERSIONS = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def read(ports: Ports, scope: Scope, name: str) -> tuple[Process, str | None]:
    """The process and its revision; one of the catalogue has none. Raises Missing."""
    document = ports.documents.get(scope, Kind.PROCESS, name) if _NAME.fullmatch(name) else None
    if document is not None:
        return Process.model_validate(document.body), document.rev
    if name in catalog():
        return catalog()[name].process, None
    raise Missing("process", name)


def put(ports: Ports, scope: Scope, by: str, name: str, text: bytes, file: str, rev: str | None) -> tuple[Process, str]:
    """Take the text as the newest version, if what is there is still at that revision (None: nothing is). The same
    text again changes nothing. Raises Invalid with all that is wrong with the plan, Rejected, Stale, and Missing
    for what can be no name."""
    if not _NAME.fullmatch(name):
        raise Missing("process", name)
    plan = load(text, file)
    if plan.process != name or name in RESERVED:
        reason = "is a word of the API; choose another" if name in RESERVED else f"is {plan.process!r} in the text"
        raise Rejected(FieldError("process", reason))
    made = ProcessVersion(digest=digest_of(text), at=ports.clock.now(), by=by)
    found = ports.documents.get(scope, Kind.PROCESS, name)
    before = Process.model_validate(found.body).versions if found else []
    if found and before[0].digest == made.digest:
        return Process.model_validate(found.body), found.rev
    _keep(ports, scope, plan, text, made.digest)
    older = [each for each in before if each.digest != made.digest]
    kinds: list[TriggerKind] = [each.kind for each in plan.triggers]
    process = Process(name=name, title=plan.title, versions=[made, *older][:_MOST_VERSIONS], triggers=kinds)
    register(ports, scope)
    kept = ports.documents.put(scope, Kind.PROCESS, name, process.model_dump(mode="json"), rev)
    ports.journal.append(scope, f"process/{name}", made.at, by, "version", {"digest": made.digest})  # type: ignore[arg-type]
    return process, kept.rev


def ready(ports: Ports, scope: Scope, name: str, digest: str = "") -> str:
    """The digest of the version to run, the newest if none is named. Its plan lies in Files from then on, also if it
    is one of the catalogue, which the next Baton may have otherwise. Raises Missing."""
    process, _ = read(ports, scope, name)
    wanted = digest or process.digest
    if process.origin == "catalog" and wanted == process.digest:
        text = catalog()[name].text
        _keep(ports, scope, load(text, f"{name}.yaml"), text, wanted)
    elif not _is_kept(ports, scope, name, wanted):
        raise Missing("version of the process", f"{name} {wanted[:12]}")
    return wanted


def plan_of(ports: Ports, scope: Scope, process: Process) -> Plan:
    """The newest plan of the process."""
    if process.origin == "catalog":
        return load(catalog()[process.name].text, f"{process.name}.yaml")
    return Plan.model_validate_json(ports.files.get(scope, _file(process.name, process.digest, "json")))


def text_of(ports: Ports, scope: Scope, name: str, digest: str = "") -> bytes:
    """A version as it was written; the newest if none is named. Raises Missing."""
    process, _ = read(ports, scope, name)
    wanted = digest or process.digest
    if process.origin == "catalog" and wanted == process.digest:
        return catalog()[name].text
    if not _is_kept(ports, scope, name, wanted):
        raise Missing("version of the process", f"{name} {wanted[:12]}")
    return ports.files.get(scope, _file(name, wanted, "txt"))


def difference(ports: Ports, scope: Scope, name: str, old: str, new: str) -> list[str]:
    """What changed from one version to the other, as lines of a unified diff; where they are not named, from the last
    but one to the newest. Raises Missing."""
    versions = [each.digest for each in read(ports, scope, name)[0].versions]
    digests = (old or versions[min(1, len(versions) - 1)], new or versions[0])
    before, after = (text_of(ports, scope, name, each).decode().splitlines() for each in digests)
    return list(unified_diff(before, after, digests[0][:12], digests[1][:12], lineterm=""))


def listing(ports: Ports, scope: Scope, limit: int, cursor: str | None) -> tuple[list[Process], str | None]:
    """The workspace's own by name; on the last page those of the catalogue, too. Raises Rejected for a wrong cursor."""
    try:
        page = ports.documents.find(scope, Kind.PROCESS, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    found = [Process.model_validate(document.body) for document in page.documents]
    return [*found, *([] if page.cursor else _offered(ports, scope))], page.cursor


def digest_of(text: bytes) -> str:
    """What a version is known by."""
    return hashlib.sha256(text).hexdigest()


def _offered(ports: Ports, scope: Scope) -> Iterator[Process]:
    for name, each in sorted(catalog().items()):
        if ports.documents.get(scope, Kind.PROCESS, name) is None:
            yield each.process


def _keep(ports: Ports, scope: Scope, plan: Plan, text: bytes, digest: str) -> None:
    ports.files.put(scope, _file(plan.process, digest, "txt"), text, only_new=True)
    stored = plan.model_dump_json(by_alias=True).encode()
    ports.files.put(scope, _file(plan.process, digest, "json"), stored, only_new=True)


def _is_kept(ports: Ports, scope: Scope, name: str, digest: str) -> bool:
    known = _DIGEST.fullmatch(digest) and _NAME.fullmatch(name)
    return bool(known) and ports.files.size(scope, _file(name, digest, "json")) is not None


def _file(name: str, digest: str, ending: str) -> str:
    return f"processes/{name}/{digest}.{ending}"
